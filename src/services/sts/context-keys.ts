import type { CheckFacts } from '../../calls/service.ts';
import type { ContextValue } from '../../engine/request.ts';
import type { InputValue } from '../../wire/input-value.ts';

/** Condition keys that are members of the call. */
const MEMBER_KEYS: Readonly<Record<string, string>> = {
  ExternalId: 'sts:externalid',
  RoleSessionName: 'sts:rolesessionname',
  SourceIdentity: 'sts:sourceidentity',
  TransitiveTagKeys: 'sts:transitivetagkeys',
};

/**
 * What a call of STS has beside the global condition keys, by key in lower case. A one-time code in the call counts as
 * the caller's second factor; a web identity has the claims of its token.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-sts
 */
export function stsContextKeys({ input, mfaAt, caller }: CheckFacts): ReadonlyMap<string, ContextValue> {
  const keys = new Map<string, ContextValue>();
  for (const [member, key] of Object.entries(MEMBER_KEYS)) {
    const value = input[member];
    if (typeof value === 'string') keys.set(key, value);
    if (Array.isArray(value)) keys.set(key, value.map(String));
  }
  if (mfaAt !== undefined) {
    keys.set('aws:multifactorauthpresent', 'true');
    keys.set('aws:multifactorauthage', '0');
  }
  const { webIdentity } = caller;
  if (webIdentity === undefined) return keys;
  const { federation, trustKeys } = webIdentity;
  keys.set('aws:federatedprovider', federation.provider);
  for (const [key, value] of Object.entries({ ...federation.keys, ...trustKeys })) keys.set(key, value);
  return keys;
}

/**
 * The input with all tags that the new session will have: those that come along a chain of roles need `sts:TagSession` as
 * those that are passed do.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html#id_session-tags_role-chaining
 */
export function withIncomingTags({ input, caller: { session } }: CheckFacts): InputValue {
  const incoming = session?.transitiveTagKeys ?? [];
  return incoming.length > 0 && input.RoleArn !== undefined ? { ...input, Tags: incoming } : input;
}
