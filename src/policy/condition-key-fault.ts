import { didYouMean } from '../lib/nearest.ts';
import type { ActionReference } from './action-reference.ts';
import { isListedOnly, isOneOf } from './condition-key.ts';

/** What is wrong with the name of a condition key. */
export interface ConditionKeyFault {
  readonly rule: 'unused-condition-key' | 'unknown-condition-key';
  readonly message: string;
}

/**
 * Why a condition key means nothing: AWS has none of this name, or the actions in question never get it.
 * @param own the keys that the actions list; `undefined` where one of them is not known so well
 * @param never how the sentence about such a key begins: `personalize:ListSchemas never gets`
 */
export function conditionKeyFault(
  key: string,
  own: ReadonlySet<string> | undefined,
  reference: Pick<ActionReference, 'globalConditionKeys' | 'services'>,
  never: string,
): ConditionKeyFault | undefined {
  const globals = reference.globalConditionKeys;
  // The keys of an identity provider (`token.actions.githubusercontent.com:sub`) are the provider's own.
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
