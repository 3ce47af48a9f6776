import type { NamedPolicy } from '../engine/policy-set.ts';
import { formatArn } from '../lib/arn.ts';
import { type AccountId, type Arn, accessKeyId, accountId } from '../lib/identifiers.ts';
import { bucketOf, bucketPolicyNames } from './bucket-policies.ts';
import type {
  DirectoryContent,
  DirectoryPolicy,
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
import type { GroupEntry, Principals, RoleEntry, UserEntry } from './principals-schema.ts';

export interface Account {
  readonly account: AccountId;
  readonly partition: string;
}

type Assembled = Pick<
  DirectoryContent,
  'account' | 'partition' | 'users' | 'groups' | 'roles' | 'organization' | 'bucketPolicies' | 'policies'
>;

/** Builds principals from entries whose form and references are already validated: every name here resolves. */
export function assemble(principals: Principals, library: PolicyLibrary, owner: Account): Assembled {
  const builder = new IdentityBuilder(library, owner);
  const groups = mapEntries(principals.groups, (name, entry) => builder.group(name, entry));
  const users = mapEntries(principals.users, (name, entry) => builder.user(name, entry, groups));
  const roles = mapEntries(principals.roles, (name, entry) => builder.role(name, entry));
  const organization = principals.organization && builder.organization(principals.organization);
  return {
    ...owner,
    users,
    groups,
    roles,
    ...(organization && { organization }),
    bucketPolicies: builder.buckets(),
    policies: builder.policies(),
  };
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

/** Inline policies and trust policies are part of an identity and have no ARN in IAM. */
const USES_WITH_ARN: ReadonlySet<PolicyUse> = new Set(['managed', 'permissionsBoundary']);

const withoutArn = ({ arn: _, ...policy }: NamedPolicy): NamedPolicy => policy;

class IdentityBuilder {
  readonly #library: PolicyLibrary;
  readonly #owner: Account;
  readonly #attachments = new Map<NamedPolicy, { readonly use: PolicyUse; readonly to: string }[]>();

  constructor(library: PolicyLibrary, owner: Account) {
    this.#library = library;
    this.#owner = owner;
  }

  user(name: string, entry: UserEntry, groups: ReadonlyMap<string, Group>): User {
    const base = this.#base('user', name, entry);
    const boundary = this.#one(entry.permissionsBoundary, 'permissionsBoundary', base.arn);
    return {
      kind: 'user',
      ...base,
      groups: entry.groups.flatMap((group) => groups.get(group) ?? []),
      accessKeys: entry.accessKeys.map((key) => ({ ...key, id: accessKeyId(key.id) })),
      ...(boundary && { permissionsBoundary: boundary }),
      tags: entry.tags,
      ...(entry.mfa && {
        mfa: { serialNumber: iamArn(this.#owner, `mfa/${name}`), secret: entry.mfa.secret },
      }),
      ...this.#vpcEndpoint(entry),
    };
  }

  group(name: string, entry: GroupEntry): Group {
    return { kind: 'group', ...this.#base('group', name, entry) };
  }

  role(name: string, entry: RoleEntry): Role {
    const base = this.#base('role', name, entry);
    const boundary = this.#one(entry.permissionsBoundary, 'permissionsBoundary', base.arn);
    const trust = this.#one(entry.trustPolicy, 'trustPolicy', base.arn);
    if (!trust)
      throw new Error(`internal error: the trust policy of role ${name} is missing after validation`);
    return {
      kind: 'role',
      ...base,
      trustPolicy: trust,
      maxSessionDuration: entry.maxSessionDuration,
      ...(boundary && { permissionsBoundary: boundary }),
      tags: entry.tags,
      ...this.#vpcEndpoint(entry),
    };
  }

  organization(entry: NonNullable<Principals['organization']>): Organization {
    const { id, path, serviceControlPolicies: scps, resourceControlPolicies: rcps } = entry;
    const scpLevels = scps?.map((names) =>
      names === null ? [FULL_AWS_ACCESS] : this.#all(names, 'serviceControl', id),
    );
    const rcpLevels = rcps?.map((names) => this.#all(names ?? [], 'resourceControl', id));
    return {
      id,
      ...(path !== undefined && { path }),
      ...(scpLevels && scpLevels.length > 0 && { serviceControlPolicies: scpLevels }),
      ...(rcpLevels && rcpLevels.length > 0 && { resourceControlPolicies: rcpLevels }),
    };
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

  policies(): readonly DirectoryPolicy[] {
    const listed = (policies: readonly NamedPolicy[], owner: DirectoryPolicy['owner']) =>
      policies.map((policy) => ({ policy, owner, attachments: this.#attachments.get(policy) ?? [] }));
    return [...listed(this.#library.customer, 'customer'), ...listed(this.#library.aws, 'aws')];
  }

  #vpcEndpoint({ vpcEndpoint }: UserEntry | RoleEntry): Pick<User, 'vpcEndpoint'> {
    if (vpcEndpoint === undefined) return {};
    const { id, vpc, account = this.#owner.account } = vpcEndpoint;
    return { vpcEndpoint: { id, vpc, account: accountId(account) } };
  }

  #base(kind: IdentityKind, name: string, entry: GroupEntry) {
    const arn = iamArn(this.#owner, `${kind}${entry.path}${name}`);
    return {
      name,
      path: entry.path,
      arn,
      id: uniqueId(this.#owner.account, kind, name),
      managedPolicies: this.#all(entry.managedPolicies, 'managed', arn),
      inlinePolicies: this.#all(entry.inlinePolicies, 'inline', arn),
    };
  }

  #all(names: readonly string[], use: PolicyUse, to: string): readonly NamedPolicy[] {
    return names.flatMap((name) => this.#one(name, use, to) ?? []);
  }

  /** A restricting policy must not be dropped: if a validated name does not resolve, loading fails. */
  #one(name: string | undefined, use: PolicyUse, to: string): NamedPolicy | undefined {
    if (name === undefined) return undefined;
    const found = this.#library.resolve(name, use);
    const policy = found.ok ? found.value : undefined;
    if (policy) this.#attach(policy, use, to);
    else if (use !== 'resourceControl')
      throw new Error(`internal error: the policy ${name} of ${to} is missing after validation`);
    return policy && (USES_WITH_ARN.has(use) ? policy : withoutArn(policy));
  }

  #attach(policy: NamedPolicy, use: PolicyUse, to: string): void {
    const known = this.#attachments.get(policy) ?? [];
    known.push({ use, to });
    this.#attachments.set(policy, known);
  }
}

const iamArn = ({ account, partition }: Account, resource: string): Arn =>
  formatArn({ partition, service: 'iam', region: '', account, resource });

const mapEntries = <In, Out>(
  record: Readonly<Record<string, In>>,
  make: (name: string, entry: In) => Out,
): ReadonlyMap<string, Out> =>
  new Map(Object.entries(record).map(([name, entry]) => [name, make(name, entry)]));
