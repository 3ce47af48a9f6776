import type { CheckContext } from '../../context-keys/request-context.ts';
import type { Caller } from '../../directory/caller.ts';
import type { KnownKeys } from '../../proof/key-facts.ts';

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
