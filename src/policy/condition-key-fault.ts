import { didYouMean } from '../lib/nearest.ts';
import type { ActionReference } from './action-reference.ts';
import { isListedOnly, isOneOf } from './condition-key.ts';

/** What is wrong with a condition key. */
export interface ConditionKeyDiagnostic {
  readonly rule: 'unused-condition-key' | 'unknown-condition-key';
  readonly message: string;
}

/**
 * Why a condition key has no effect: AWS has no such key, or the actions in question do not support it.
 * @param own the keys that the actions list; `undefined` if one of the actions is not fully known
 * @param never start of the message about an unsupported key: `personalize:ListSchemas does not support`
 */
export function conditionKeyDiagnostic(
  key: string,
  own: ReadonlySet<string> | undefined,
  reference: Pick<ActionReference, 'globalConditionKeys' | 'services'>,
  never: string,
): ConditionKeyDiagnostic | undefined {
  const globals = reference.globalConditionKeys;
  // The identity provider defines its keys (`token.actions.githubusercontent.com:sub`).
  if ((own && isOneOf(key, own)) || key.slice(0, key.indexOf(':')).includes('.')) return undefined;
  if (isOneOf(key, globals)) {
    const isUnused = own !== undefined && isListedOnly(key);
    return isUnused ? { rule: 'unused-condition-key', message: `${never} the key "${key}"` } : undefined;
  }
  const service = key.slice(0, Math.max(key.indexOf(':'), 0)).toLowerCase();
  if (service !== 'aws' && reference.services.has(service)) {
    if (own === undefined) return undefined;
    const message = `${never} the key "${key}"${didYouMean(key, own)}`;
    return { rule: 'unused-condition-key', message };
  }
  const hint = didYouMean(key, [...(own ?? []), ...globals]);
  return { rule: 'unknown-condition-key', message: `AWS has no condition key "${key}"${hint}` };
}
