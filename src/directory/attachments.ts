import type { NamedPolicy } from '../engine/policy-set.ts';
import { memoizeFor } from '../lib/memoize.ts';
import type { Policy } from '../policy/ast.ts';
import type {
  Attachment,
  DirectoryContent,
  DirectoryPolicy,
  Group,
  PolicyUse,
  Role,
  User,
} from './directory.ts';

/** What policies are attached to. */
type Holders = Pick<
  DirectoryContent,
  'partition' | 'groups' | 'users' | 'roles' | 'organization' | 'bucketPolicies'
>;

/** The policies in the folder and the AWS managed policies in use, and what they are attached to. */
export function withAttachments(
  { customer, aws }: Readonly<Record<DirectoryPolicy['owner'], readonly NamedPolicy[]>>,
  holders: Holders,
): readonly DirectoryPolicy[] {
  return [
    ...customer.map((policy) => new ListedPolicy(policy, 'customer', holders)),
    ...aws.map((policy) => new ListedPolicy(policy, 'aws', holders)),
  ];
}

const NONE: readonly Attachment[] = [];

/** A reload makes one for each policy, and an account can have 30,000: the attachments are found when first asked for. */
class ListedPolicy implements DirectoryPolicy {
  readonly policy: NamedPolicy;
  readonly owner: DirectoryPolicy['owner'];
  readonly #holders: Holders;

  constructor(policy: NamedPolicy, owner: DirectoryPolicy['owner'], holders: Holders) {
    this.policy = policy;
    this.owner = owner;
    this.#holders = holders;
  }

  get attachments(): readonly Attachment[] {
    return attachmentsOf(this.#holders).get(this.policy.policy) ?? NONE;
  }
}

/**
 * By the parsed policy, which a managed policy and its inline copies share. The order is that of groups, users, roles,
 * the organization and buckets.
 */
const attachmentsOf = memoizeFor((holders: Holders): ReadonlyMap<Policy, readonly Attachment[]> => {
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
  const { groups, users, roles, organization, bucketPolicies, partition } = holders;
  for (const identities of [groups, users, roles]) for (const each of identities.values()) attachTo(each);
  if (organization) {
    attach(organization.serviceControlPolicies?.flat() ?? [], 'serviceControl', organization.id);
    attach(organization.resourceControlPolicies?.flat() ?? [], 'resourceControl', organization.id);
  }
  for (const [bucket, policy] of bucketPolicies)
    attach([policy], 'bucketPolicy', `arn:${partition}:s3:::${bucket}`);
  return found;
});
