import type { CheckContext } from '../../context-keys/request-context.ts';
import type { Caller } from '../../directory/directory.ts';
import type { Principal } from '../../engine/principal.ts';
import type { ContextValue } from '../../engine/request.ts';
import { iamActions } from '../../model/iam-actions.ts';
import { type FactsOf, type FixedKeys, keyFacts } from '../../proof/key-facts.ts';

/** The facts of keys that every proof uses, and what is known of a principal. */
export const factsWith = (fixed: FixedKeys): FactsOf => keyFacts(iamActions().conditionKeyTypes, fixed);

/** Keys that are the principal's own and the same in all of its sessions. */
const OWN_KEYS: ReadonlySet<string> = new Set([
  'aws:principalarn',
  'aws:principalaccount',
  'aws:principalorgid',
  'aws:principalorgpaths',
  'aws:principaltype',
  'aws:username',
]);
const TAG = 'aws:principaltag/';

/**
 * What is known of a user's or role's requests. A role's sessions may bring tags of their own, and have each another
 * `aws:userid`: that is left open.
 * @param known the context of a request that says nothing but who calls
 */
export function callersKeys({ principal, vpcEndpoint }: Caller, known: CheckContext): FixedKeys {
  return (key) => {
    const value = known.get(key);
    if (OWN_KEYS.has(key) || key === 'aws:resourceaccount') return value ?? null;
    if (key === 'aws:userid') return principal.type === 'User' ? (value ?? null) : undefined;
    if (key.startsWith(TAG)) return value ?? (principal.type === 'User' ? null : undefined);
    return vpcEndpoint && key.startsWith('aws:sourcevpc') ? value : undefined;
  };
}

/** What a resource-based policy's principals bring with them. */
export function principalsKeys(principal: Principal): FixedKeys {
  const own: Readonly<Record<string, ContextValue | null>> =
    'accountId' in principal
      ? {
          'aws:principalarn': principal.type === 'AssumedRole' ? principal.roleArn : principal.arn,
          'aws:principalaccount': principal.accountId,
          'aws:username': principal.type === 'User' ? principal.userName : null,
        }
      : { 'aws:principalarn': null, 'aws:principalaccount': null, 'aws:username': null };
  return (key) => (Object.hasOwn(own, key) ? own[key] : undefined);
}
