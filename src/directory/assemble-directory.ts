import type { NamedPolicy } from '../engine/policy-set.ts';
import { formatArn } from '../lib/arn.ts';
import { type AccountId, type Arn, accessKeyId, accountId } from '../lib/identifiers.ts';
import { withAttachments } from './attachments.ts';
import { bucketOf, bucketPolicyNames } from './bucket-policies.ts';
import type {
  DirectoryContent,
  Group,
  OidcProvider,
  Organization,
  PolicyUse,
  Role,
  User,
} from './directory.ts';
import { type IdentityKind, uniqueId } from './fingerprint.ts';
import { FULL_AWS_ACCESS } from './organization-defaults.ts';
import type { PolicyLibrary } from './policy-library.ts';
import type { EntryPolicies, References } from './policy-references.ts';
import type { GroupEntry, Principals, RoleEntry, UserEntry } from './principals-schema.ts';

export interface Account {
  readonly account: AccountId;
  readonly partition: string;
}

type Assembled = Pick<
  DirectoryContent,
  'account' | 'partition' | 'users' | 'groups' | 'roles' | 'organization' | 'bucketPolicies' | 'policies'
>;

/** The policies, and those that each entry names. */
interface Resolved {
  readonly library: PolicyLibrary;
  readonly policies: References['policies'];
}

/** Builds principals from entries whose form and references are already validated: every name here resolves. */
export function assemble(
  principals: Principals,
  resolved: Resolved,
  owner: Account,
  shared: SharedIdentities,
): Assembled {
  const builder = new IdentityBuilder(resolved, owner, shared);
  const groups = mapEntries(principals.groups, (name, entry) => builder.group(name, entry));
  const users = mapEntries(principals.users, (name, entry) => builder.user(name, entry, groups));
  const roles = mapEntries(principals.roles, (name, entry) => builder.role(name, entry));
  const { organization: entry } = principals;
  const organization = entry && builder.organization(entry);
  const content = {
    ...owner,
    users,
    groups,
    roles,
    ...(organization && { organization }),
    bucketPolicies: builder.buckets(),
  };
  return { ...content, policies: withAttachments(resolved.library, content) };
}

/** The provider's ARN contains its URL without the scheme. */
export function oidcProvider(
  { url, clientIds }: Principals['oidcProviders'][number],
  jwks: OidcProvider['jwks'],
  owner: Account,
): OidcProvider {
  const address = url.replace(/^https:\/\//, '').replace(/\/$/, '');
  return { arn: iamArn(owner, `oidc-provider/${address}`), url, clientIds, jwks };
}

/** What an identity was built from, and the identity, by its entry. An identity whose parts are the same is kept. */
export type SharedIdentities = WeakMap<
  object,
  { readonly parts: readonly unknown[]; readonly made: User | Group | Role | Organization }
>;

class IdentityBuilder {
  readonly #library: PolicyLibrary;
  readonly #policies: References['policies'];
  readonly #owner: Account;
  readonly #shared: SharedIdentities;

  constructor({ library, policies }: Resolved, owner: Account, shared: SharedIdentities) {
    this.#library = library;
    this.#policies = policies;
    this.#owner = owner;
    this.#shared = shared;
  }

  user(name: string, entry: UserEntry, groups: ReadonlyMap<string, Group>): User {
    const policies = this.#policiesOf(entry, 'user', name);
    const of = entry.groups.flatMap((group) => groups.get(group) ?? []);
    return this.#share(entry, [policies, ...of], () => ({
      kind: 'user',
      ...this.#base('user', name, entry),
      ...attached(policies),
      groups: of,
      accessKeys: entry.accessKeys.map((key) => ({ ...key, id: accessKeyId(key.id) })),
      ...boundary(policies),
      tags: entry.tags,
      ...(entry.mfa && {
        mfa: { serialNumber: iamArn(this.#owner, `mfa/${name}`), secret: entry.mfa.secret },
      }),
      ...this.#vpcEndpoint(entry),
    }));
  }

  group(name: string, entry: GroupEntry): Group {
    const policies = this.#policiesOf(entry, 'group', name);
    return this.#share(entry, [policies], () => ({
      kind: 'group',
      ...this.#base('group', name, entry),
      ...attached(policies),
    }));
  }

  role(name: string, entry: RoleEntry): Role {
    const policies = this.#policiesOf(entry, 'role', name);
    const [trustPolicy] = policies.trustPolicy;
    if (!trustPolicy)
      throw new Error(`internal error: the trust policy of role ${name} is missing after validation`);
    return this.#share(entry, [policies], () => ({
      kind: 'role',
      ...this.#base('role', name, entry),
      ...attached(policies),
      trustPolicy,
      maxSessionDuration: entry.maxSessionDuration,
      ...boundary(policies),
      tags: entry.tags,
      ...this.#vpcEndpoint(entry),
    }));
  }

  organization(entry: NonNullable<Principals['organization']>): Organization {
    const { id, path, serviceControlPolicies: scps, resourceControlPolicies: rcps } = entry;
    const scpLevels = scps?.map((names) =>
      names === null ? [FULL_AWS_ACCESS] : this.#all(names, 'serviceControl', id),
    );
    const rcpLevels = rcps?.map((names) => this.#all(names ?? [], 'resourceControl', id));
    const parts = [...(scpLevels ?? []), ...(rcpLevels ?? [])].flatMap((level) => [...level, undefined]);
    return this.#share(entry, parts, () => ({
      id,
      ...(path !== undefined && { path }),
      ...(scpLevels && scpLevels.length > 0 && { serviceControlPolicies: scpLevels }),
      ...(rcpLevels && rcpLevels.length > 0 && { resourceControlPolicies: rcpLevels }),
    }));
  }

  buckets(): ReadonlyMap<string, NamedPolicy> {
    const { partition } = this.#owner;
    return new Map(
      bucketPolicyNames(this.#library).flatMap((name) => {
        const bucket = bucketOf(name);
        const policy = this.#one(name, 'bucketPolicy', `arn:${partition}:s3:::${bucket}`);
        return policy ? [[bucket, policy] as const] : [];
      }),
    );
  }

  #vpcEndpoint({ vpcEndpoint }: UserEntry | RoleEntry): Pick<User, 'vpcEndpoint'> {
    if (vpcEndpoint === undefined) return {};
    const { id, vpc, account = this.#owner.account } = vpcEndpoint;
    return { vpcEndpoint: { id, vpc, account: accountId(account) } };
  }

  #base(kind: IdentityKind, name: string, { path }: GroupEntry) {
    const arn = iamArn(this.#owner, `${kind}${path}${name}`);
    return { name, path, arn, id: uniqueId(this.#owner.account, kind, name) };
  }

  /** A restricting policy must not be dropped: if a validated name does not resolve, loading fails. */
  #policiesOf(entry: object, kind: IdentityKind, name: string): EntryPolicies {
    const policies = this.#policies.get(entry);
    if (!policies?.isComplete)
      throw new Error(`internal error: a policy of ${kind} ${name} is missing after validation`);
    return policies;
  }

  /** The identity that was made of the same entry and the same parts, so that what depends on it stays valid. */
  #share<Identity extends User | Group | Role | Organization>(
    entry: object,
    parts: readonly unknown[],
    make: () => Identity,
  ): Identity {
    const known = this.#shared.get(entry);
    if (known?.parts.length === parts.length && parts.every((part, index) => part === known.parts[index]))
      return known.made as Identity;
    const made = make();
    this.#shared.set(entry, { parts, made });
    return made;
  }

  #all(names: readonly string[], use: PolicyUse, to: string): readonly NamedPolicy[] {
    return names.flatMap((name) => this.#one(name, use, to) ?? []);
  }

  /** As `#policiesOf`, for the organization and buckets. */
  #one(name: string, use: PolicyUse, to: string): NamedPolicy | undefined {
    const found = this.#library.resolve(name, use);
    const policy = found.ok ? found.value : undefined;
    if (!policy && use !== 'resourceControl')
      throw new Error(`internal error: the policy ${name} of ${to} is missing after validation`);
    return policy;
  }
}

const attached = ({ managedPolicies, inlinePolicies }: EntryPolicies) => ({
  managedPolicies,
  inlinePolicies,
});

const boundary = ({ permissionsBoundary: [permissionsBoundary] }: EntryPolicies) =>
  permissionsBoundary && { permissionsBoundary };

const iamArn = ({ account, partition }: Account, resource: string): Arn =>
  formatArn({ partition, service: 'iam', region: '', account, resource });

function mapEntries<In, Out>(
  record: Readonly<Record<string, In>>,
  make: (name: string, entry: In) => Out,
): ReadonlyMap<string, Out> {
  const made = new Map<string, Out>();
  for (const [name, entry] of Object.entries(record)) made.set(name, make(name, entry));
  return made;
}
