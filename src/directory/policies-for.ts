import { type CompiledPolicies, compile } from '../engine/compile.ts';
import { isRoleAssumption, ownerOf } from '../engine/ownership.ts';
import type { NamedPolicy } from '../engine/policy-set.ts';
import type { AuthorizationRequest } from '../engine/request.ts';
import { arnOf } from '../lib/identifiers.ts';
import { bucketInArn } from './bucket-policies.ts';
import type { Caller } from './caller.ts';
import type { Directory } from './directory.ts';

/**
 * The caller's policies, and the policy of the resource: the trust policy if a role is assumed, the bucket policy if
 * the resource is in S3 and the bucket has one.
 */
export function policiesFor(
  { action, resource }: Pick<AuthorizationRequest, 'action' | 'resource'>,
  { policies, policySet }: Pick<Caller, 'policies' | 'policySet'>,
  directory: Directory,
): CompiledPolicies {
  const bucketPolicy = bucketPolicyFor(resource, directory);
  if (bucketPolicy)
    return compile({ ...policySet, resourcePolicy: { policy: bucketPolicy, account: directory.account } });
  if (!isRoleAssumption(action, resource)) return policies;
  const role = directory.roleByArn(arnOf(resource));
  const account = ownerOf(resource) ?? directory.account;
  return compile({ ...policySet, resourcePolicy: { policy: role?.trustPolicy ?? NO_TRUST, account } });
}

function bucketPolicyFor(resource: string, { bucketPolicies }: Directory): NamedPolicy | undefined {
  if (bucketPolicies.size === 0) return undefined;
  const bucket = bucketInArn(resource);
  return bucket === undefined ? undefined : bucketPolicies.get(bucket);
}

/**
 * A role that does not exist has an empty trust policy: the denial is the same as for a role that does not trust the
 * caller.
 */
export const NO_TRUST: NamedPolicy = {
  name: 'no-trust',
  policy: { version: '2012-10-17', statements: [], size: 0 },
};
