import { didYouMean } from '../lib/nearest.ts';
import type { ActionReference } from './action-reference.ts';
import { adviseAbsence } from './advise-absent-keys.ts';
import type { Condition, Statement } from './ast.ts';
import { isListedOnly, isOneOf } from './condition-key.ts';
import { describeAll } from './named-actions.ts';
import type { Report } from './report.ts';

/** Condition keys that do not exist, and keys that no action of the statement ever gets. */
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
  const globals = reference.globalConditionKeys;
  // The keys of an identity provider (`token.actions.githubusercontent.com:sub`) are the provider's own.
  if ((own && isOneOf(key, own)) || key.slice(0, key.indexOf(':')).includes('.')) return;
  if (isOneOf(key, globals)) {
    if (own && isListedOnly(key))
      report.warning(
        'unused-condition-key',
        `no action of the statement ever gets the key "${key}"`,
        position,
      );
    return;
  }
  const service = key.slice(0, Math.max(key.indexOf(':'), 0)).toLowerCase();
  if (service !== 'aws' && reference.services.has(service)) {
    if (own === undefined) return;
    const message = `no action of the statement ever gets the key "${key}"${didYouMean(key, own)}`;
    report.warning('unused-condition-key', message, position);
    return;
  }
  const hint = didYouMean(key, [...(own ?? []), ...globals]);
  report.warning('unknown-condition-key', `AWS has no condition key "${key}"${hint}`, position);
}
