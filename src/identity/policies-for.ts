import { type CompiledPolicies, compile } from '../engine/compile.ts';
import { isRoleAssumption } from '../engine/ownership.ts';
import type { NamedPolicy } from '../engine/policy-set.ts';
import type { AuthorizationRequest } from '../engine/request.ts';
import { parseArn } from '../lib/arn.ts';
import type { Caller, Directory } from './directory.ts';

/** The caller's policies; where a role is assumed, the role's trust policy beside them. */
export function policiesFor(
  { action, resource }: Pick<AuthorizationRequest, 'action' | 'resource'>,
  { policies, policySet }: Pick<Caller, 'policies' | 'policySet'>,
  directory: Directory,
): CompiledPolicies {
  if (!isRoleAssumption(action, resource)) return policies;
  const role = [...directory.roles.values()].find(({ arn }) => arn === resource);
  const account = parseArn(resource)?.account ?? directory.account;
  return compile({ ...policySet, resourcePolicy: { policy: role?.trustPolicy ?? NO_TRUST, account } });
}

/** A role that does not exist trusts nobody: it is refused as one that exists and does not trust. */
const NO_TRUST: NamedPolicy = {
  name: 'no-trust',
  policy: { version: '2012-10-17', statements: [], size: 0 },
};
