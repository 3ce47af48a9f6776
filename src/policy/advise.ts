import type { Diagnostic } from '../lib/errors.ts';
import type { ActionReference } from './action-reference.ts';
import { adviseActions } from './advise-actions.ts';
import { adviseArns } from './advise-arns.ts';
import { adviseConditions } from './advise-conditions.ts';
import { adviseOperators } from './advise-operators.ts';
import { adviseResources } from './advise-resources.ts';
import { adviseVariables } from './advise-variables.ts';
import type { Policy } from './ast.ts';
import { Report } from './report.ts';

/**
 * Warnings about a policy that AWS accepts but that does not have the intended effect: names that do not exist in
 * AWS, resources and condition keys that the statement's actions do not support, variables that are not replaced.
 * Names that the reference does not fully describe are not checked.
 */
export function advisePolicy(
  policy: Policy,
  reference: ActionReference,
  { file }: { readonly file?: string } = {},
): readonly Diagnostic[] {
  const report = new Report(file);
  for (const statement of policy.statements) {
    adviseActions(statement, reference, report);
    adviseResources(statement, reference, report);
    adviseArns(statement, reference, report);
    adviseConditions(statement, reference, report);
    adviseOperators(statement, reference, report);
    adviseVariables(statement, policy.version, reference, report);
  }
  return report.all();
}
