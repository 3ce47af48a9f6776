import { memoizeFor } from '../lib/memoize.ts';
import type { ActionDescription, ActionReference } from './action-reference.ts';
import { adviseAbsence } from './advise-absent-keys.ts';
import type { Condition, Statement } from './ast.ts';
import { conditionKeyDiagnostic } from './condition-key-fault.ts';
import { describeAll } from './named-actions.ts';
import type { Report } from './report.ts';

/** Warns of condition keys that do not exist, and of keys that no action of the statement supports. */
export function adviseConditions(statement: Statement, reference: ActionReference, report: Report): void {
  const { action, conditions } = statement;
  if (conditions.length === 0) return;
  const described = action.element === 'Action' ? describeAll(action.patterns, reference) : undefined;
  const keys = described && keysOf(described);
  for (const condition of conditions) {
    adviseKey(condition, keys, reference, report);
    adviseAbsence(statement, condition, reference, report);
  }
}

const keysOf = memoizeFor(
  (described: readonly ActionDescription[]): ReadonlySet<string> =>
    new Set(described.flatMap(({ conditionKeys }) => conditionKeys)),
);

function adviseKey(
  { key: { text: key, position } }: Condition,
  own: ReadonlySet<string> | undefined,
  reference: ActionReference,
  report: Report,
): void {
  const diagnostic = conditionKeyDiagnostic(key, own, reference, 'no action of the statement supports');
  if (diagnostic) report.warning(diagnostic.rule, diagnostic.message, position);
}
