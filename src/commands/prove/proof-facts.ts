import type { CheckContext } from '../../context-keys/request-context.ts';
import type { Caller } from '../../directory/directory.ts';
import type { Principal } from '../../engine/principal.ts';
import { iamActions } from '../../model/iam-actions.ts';
import { type FactsOf, type KnownKeys, keyFacts } from '../../proof/key-facts.ts';
import { isAnyone, STRANGERS_ACCOUNT } from '../../proof/principals.ts';

/** The facts of keys that every proof uses, and what is known of a principal. */
export const factsWith = (fixed: KnownKeys): FactsOf => keyFacts(iamActions().conditionKeyTypes, fixed);

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
export function callersKeys({ principal, vpcEndpoint }: Caller, known: CheckContext): KnownKeys {
  return (key) => {
    const value = known.get(key);
    if (OWN_KEYS.has(key) || key === 'aws:resourceaccount') return value ?? null;
    if (key === 'aws:userid') return principal.type === 'User' ? (value ?? null) : undefined;
    if (key.startsWith(TAG)) return value ?? (principal.type === 'User' ? null : undefined);
    return vpcEndpoint && key.startsWith('aws:sourcevpc') ? value : undefined;
  };
}

/**
 * What a resource-based policy's principals bring with them. One that stands for everyone of an account may have any ARN
 * of it, and one that stands for everyone any at all.
 */
export function principalsKeys(principal: Principal): KnownKeys {
  const own = new Map<string, ReturnType<KnownKeys>>();
  if (!('accountId' in principal)) {
    for (const key of ['aws:principalarn', 'aws:principalaccount', 'aws:username']) own.set(key, null);
  } else if (principal.accountId !== STRANGERS_ACCOUNT) {
    own.set('aws:principalaccount', principal.accountId);
    const arn = principal.type === 'AssumedRole' ? principal.roleArn : principal.arn;
    own.set('aws:principalarn', isAnyone(principal) ? { like: `arn:*:*::${principal.accountId}:*` } : arn);
    if (principal.type === 'User' && !isAnyone(principal)) own.set('aws:username', principal.userName);
  }
  return (key) => own.get(key);
}
