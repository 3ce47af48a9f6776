import { requestContext } from '../../context-keys/request-context.ts';
import type { Caller } from '../../directory/caller.ts';
import type { Directory } from '../../directory/directory.ts';
import { findCaller } from '../../directory/find-caller.ts';
import { NO_TRUST } from '../../directory/policies-for.ts';
import type { NamedPolicy, PolicySet } from '../../engine/policy-set.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { factsWith } from '../../proof/document-claims.ts';
import type { KnownKeys } from '../../proof/key-facts.ts';
import { type OwnedResource, principalSituations } from '../../proof/principal-situations.ts';
import type { Situation } from '../../proof/prove.ts';
import { callersKeys } from './proof-facts.ts';

/** A resource with a policy of its own in one directory at least. */
interface Owned extends OwnedResource {
  readonly policyIn: (directory: Directory) => NamedPolicy | undefined;
}

/**
 * The situations of one principal under two directories, all levels counted: identity-based policies, boundary, service
 * and resource control policies, trust policies of the roles that it may assume, bucket policies.
 * @returns what is wrong with the principal's name
 */
export function callerSituations(
  as: string,
  next: Directory,
  existing: Directory,
): Result<Iterable<Situation>, string> {
  const caller = findCaller(next, as);
  if (!caller.ok) return caller;
  const { principal } = caller.value;
  if (!('accountId' in principal)) return err(`${as} has no account`);
  const before = findCaller(existing, as);
  const policySetIn =
    (directory: Directory, base: PolicySet) =>
    (owned: OwnedResource | undefined): PolicySet => {
      const policy = (owned as Owned | undefined)?.policyIn(directory);
      return policy ? { ...base, resourcePolicy: { policy, account: directory.account } } : base;
    };
  const keys = keysOf(caller.value, next);
  return ok(
    principalSituations({
      principal,
      universe: 'formats',
      facts: factsWith(keys),
      changed: before.ok ? changeBetween(keysOf(before.value, existing), keys) : () => undefined,
      owned: ownedIn([next, existing]),
      next: policySetIn(next, caller.value.policySet),
      existing: policySetIn(existing, before.ok ? before.value.policySet : NOTHING),
    }),
  );
}

const keysOf = (caller: Caller, directory: Directory): KnownKeys =>
  callersKeys(caller, knownOf(caller, directory));

/** A tag or an organization that changes changes what policies say, and one request cannot have both values. */
const changeBetween =
  (before: KnownKeys, after: KnownKeys) =>
  (key: string): string | undefined => {
    const [old, now] = [before(key), after(key)].map((value) => JSON.stringify(value ?? null));
    return old === now
      ? undefined
      : `policies ask for ${key}, which is ${old} for this principal under the existing policies and ${now} under the new ones`;
  };

const NOTHING: PolicySet = { identity: [] };

/** The keys of any request of a caller, as `simulate` fills them in. */
export const knownOf = (
  { principal, userId, tags, organization, vpcEndpoint }: Caller,
  { account }: Directory,
): ReturnType<typeof requestContext> =>
  requestContext(
    {
      principal,
      userId,
      principalTags: tags,
      receivedAt: 0,
      region: '',
      ...(organization && { organization }),
      ...(vpcEndpoint && { vpcEndpoint }),
    },
    { resourceAccount: account },
  );

/** Buckets with a policy, roles, and roles that are not there: assuming those is denied. */
function ownedIn(directories: readonly Directory[]): readonly Owned[] {
  const buckets = new Set(directories.flatMap(({ bucketPolicies }) => [...bucketPolicies.keys()]));
  const roles = new Set(
    directories.flatMap((directory) => [...directory.roles.values()].map(({ arn }) => arn)),
  );
  const [first] = directories;
  const anyRole = first ? [`arn:${first.partition}:iam::${first.account}:role/*`] : [];
  return [
    ...[...buckets].map(
      (bucket): Owned => ({
        patterns: [`arn:*:s3:::${bucket}`, `arn:*:s3:::${bucket}/*`],
        ownPolicyDecides: false,
        policyIn: ({ bucketPolicies }) => bucketPolicies.get(bucket),
      }),
    ),
    ...[...roles, ...anyRole].map(
      (role): Owned => ({
        patterns: [role],
        service: 'sts:',
        ownPolicyDecides: true,
        policyIn: (directory) =>
          [...directory.roles.values()].find(({ arn }) => arn === role)?.trustPolicy ?? NO_TRUST,
      }),
    ),
  ];
}
