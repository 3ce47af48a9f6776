import type { NamedPolicy } from '../engine/policy-set.ts';
import type { Policy } from '../policy/ast.ts';
import type { Attachment, DirectoryContent, Group, PolicyUse, Role, User } from './directory.ts';

/**
 * How each policy is attached, by the parsed policy, which a managed policy and its inline copies share: to groups, users,
 * roles, the organization and buckets, in this order.
 */
export function attachmentsOf(content: DirectoryContent): ReadonlyMap<Policy, readonly Attachment[]> {
  const found = new Map<Policy, Attachment[]>();
  const attach = (policies: readonly (NamedPolicy | undefined)[], use: PolicyUse, to: string): void => {
    for (const named of policies) {
      if (named === undefined) continue;
      const known = found.get(named.policy);
      if (known === undefined) found.set(named.policy, [{ use, to }]);
      else known.push({ use, to });
    }
  };
  const attachTo = (identity: User | Group | Role): void => {
    attach(identity.managedPolicies, 'managed', identity.arn);
    attach(identity.inlinePolicies, 'inline', identity.arn);
    if (identity.kind === 'group') return;
    attach([identity.permissionsBoundary], 'permissionsBoundary', identity.arn);
    if (identity.kind === 'role') attach([identity.trustPolicy], 'trustPolicy', identity.arn);
  };
  const { groups, users, roles, organization, bucketPolicies, partition } = content;
  for (const identities of [groups, users, roles]) for (const each of identities.values()) attachTo(each);
  if (organization) {
    attach(organization.serviceControlPolicies?.flat() ?? [], 'serviceControl', organization.id);
    attach(organization.resourceControlPolicies?.flat() ?? [], 'resourceControl', organization.id);
  }
  for (const [bucket, policy] of bucketPolicies)
    attach([policy], 'bucketPolicy', `arn:${partition}:s3:::${bucket}`);
  return found;
}
