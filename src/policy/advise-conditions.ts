import type { ActionReference } from './action-reference.ts';
import { adviseAbsence } from './advise-absent-keys.ts';
import type { Condition, Statement } from './ast.ts';
import { conditionKeyDiagnostic } from './condition-key-fault.ts';
import { describeAll } from './named-actions.ts';
import type { Report } from './report.ts';

/** Warns of condition keys that do not exist, and of keys that no action of the statement supports. */
export function adviseConditions(statement: Statement, reference: ActionReference, report: Report): void {
  const { action, conditions } = statement;
  const described =
    action.element === 'Action'
      ? describeAll(
          action.patterns.map(({ text }) => text),
          reference,
        )
      : undefined;
  const keys = described && new Set(described.flatMap(({ conditionKeys }) => conditionKeys));
  for (const condition of conditions) {
    adviseKey(condition, keys, reference, report);
    adviseAbsence(statement, condition, reference, report);
  }
}

function adviseKey(
  { key: { text: key, position } }: Condition,
  own: ReadonlySet<string> | undefined,
  reference: ActionReference,
  report: Report,
): void {
  const diagnostic = conditionKeyDiagnostic(key, own, reference, 'no action of the statement supports');
  if (diagnostic) report.warning(diagnostic.rule, diagnostic.message, position);
}
