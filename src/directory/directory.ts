import { type CompiledPolicies, compile } from '../engine/compile.ts';
import type { NamedPolicy, PolicySet } from '../engine/policy-set.ts';
import type { Diagnostic } from '../lib/errors.ts';
import type { AccessKeyId, AccountId, Arn } from '../lib/identifiers.ts';
import { memoizeFor } from '../lib/memoize.ts';

export type Tags = Readonly<Record<string, string>>;

interface Identity {
  readonly name: string;
  /** Starts and ends with `/`. */
  readonly path: string;
  readonly arn: Arn;
  /** `AIDA…`, `AGPA…` or `AROA…`, 21 characters; the same for the same account and name at every start. */
  readonly id: string;
  /** Attached managed policies: AWS managed policies and files in the policies folder. */
  readonly managedPolicies: readonly NamedPolicy[];
  readonly inlinePolicies: readonly NamedPolicy[];
}

export interface User extends Identity {
  readonly kind: 'user';
  readonly groups: readonly Group[];
  readonly accessKeys: readonly AccessKey[];
  readonly permissionsBoundary?: NamedPolicy;
  readonly tags: Tags;
  /** The virtual MFA device; absent if the user has none. */
  readonly mfa?: { readonly serialNumber: string; readonly secret: string };
  /** The endpoint that the user's calls come through; absent if they come from the internet. */
  readonly vpcEndpoint?: VpcEndpoint;
}

/** An interface endpoint of Personalize in a VPC. @see https://docs.aws.amazon.com/personalize/latest/dg/personalize-vpc-endpoint.html */
export interface VpcEndpoint {
  /** `vpce-…` */
  readonly id: string;
  /** `vpc-…` */
  readonly vpc: string;
  readonly account: AccountId;
}

export interface Group extends Identity {
  readonly kind: 'group';
}

export interface Role extends Identity {
  readonly kind: 'role';
  readonly trustPolicy: NamedPolicy;
  /** In seconds. */
  readonly maxSessionDuration: number;
  readonly permissionsBoundary?: NamedPolicy;
  readonly tags: Tags;
  /** The endpoint that its sessions' calls come through; absent if they come from the internet. */
  readonly vpcEndpoint?: VpcEndpoint;
}

export interface AccessKey {
  readonly id: AccessKeyId;
  readonly secret: string;
  /** Calls with an inactive key are rejected with a different error than calls with an unknown key, as on AWS. */
  readonly status: 'Active' | 'Inactive';
}

export interface OidcProvider {
  readonly arn: string;
  readonly url: string;
  readonly clientIds: readonly string[];
  /**
   * The provider's JSON Web Key Set, read from its file, or the URL from which it is fetched when a token is
   * verified.
   */
  readonly jwks: { readonly keys: readonly Readonly<Record<string, unknown>>[] } | { readonly url: string };
}

export interface Organization {
  /** `o-…` */
  readonly id: string;
  /** The account's place in it: `o-…/r-…/ou-…/`. */
  readonly path?: string;
  /** Root first; absent if there are no service control policies. */
  readonly serviceControlPolicies?: readonly (readonly NamedPolicy[])[];
  readonly resourceControlPolicies?: readonly (readonly NamedPolicy[])[];
}

/** How a policy is attached. */
export type PolicyUse =
  | 'managed'
  | 'inline'
  | 'permissionsBoundary'
  | 'trustPolicy'
  | 'serviceControl'
  | 'resourceControl'
  | 'bucketPolicy';

export interface Attachment {
  readonly use: PolicyUse;
  /** The ARN of a user, group, role or bucket, or the ID of the organization. */
  readonly to: string;
}

export interface DirectoryPolicy {
  readonly policy: NamedPolicy;
  /** Who manages the policy: AWS, or the customer (in the policies folder). */
  readonly owner: 'aws' | 'customer';
  /** Empty for an unused file. Found for all policies when it is first read, which no decision does. */
  readonly attachments: readonly Attachment[];
}

/** The principals and their policies: one immutable snapshot of `principals.yaml` and `policies/`. */
export interface DirectoryContent {
  readonly account: AccountId;
  readonly partition: string;
  readonly users: ReadonlyMap<string, User>;
  readonly groups: ReadonlyMap<string, Group>;
  readonly roles: ReadonlyMap<string, Role>;
  readonly oidcProviders: readonly OidcProvider[];
  readonly organization?: Organization;
  /** By bucket name; a bucket that is not listed has no policy. */
  readonly bucketPolicies: ReadonlyMap<string, NamedPolicy>;
  /** Every file in the policies folder and every AWS managed policy in use, by name. */
  readonly policies: readonly DirectoryPolicy[];
  readonly warnings: readonly Diagnostic[];
  /** Every file that was read, as absolute paths: the files to watch. */
  readonly files: readonly string[];
}

export interface Directory extends DirectoryContent {
  /** The access key and its user; constant time. Also finds inactive keys. */
  findAccessKey(id: AccessKeyId): { readonly key: AccessKey; readonly user: User } | undefined;
  /** The user or role with an ARN, path included. */
  identityByArn(arn: Arn): User | Role | undefined;
  roleByArn(arn: Arn): Role | undefined;
  /** The policy with an ARN: a file that can be attached, or an AWS managed policy in use. */
  policyByArn(arn: string): DirectoryPolicy | undefined;
  /** The policies that apply to a user or role, as parsed. */
  policySetOf(identity: User | Role): PolicySet;
  /** The same, compiled on first use. */
  policiesOf(identity: User | Role): CompiledPolicies;
}

export function createDirectory(content: DirectoryContent): Directory {
  const keys = new Map<string, { readonly key: AccessKey; readonly user: User }>();
  const identities = new Map<string, User | Role>();
  for (const user of content.users.values()) {
    identities.set(user.arn, user);
    for (const key of user.accessKeys) keys.set(key.id, { key, user });
  }
  for (const role of content.roles.values()) identities.set(role.arn, role);
  const policiesOf = (identity: User | Role): EffectivePolicies => effective(identity, content.organization);
  return {
    ...content,
    findAccessKey: (id) => keys.get(id),
    identityByArn: (arn) => identities.get(arn),
    roleByArn: (arn) => {
      const found = identities.get(arn);
      return found?.kind === 'role' ? found : undefined;
    },
    policyByArn: (arn) => policiesByArn(content.policies).get(arn),
    policySetOf: (identity) => policiesOf(identity).set,
    policiesOf: (identity) => {
      const found = policiesOf(identity);
      found.compiled ??= compile(found.set);
      return found.compiled;
    },
  };
}

/** Only IAM, and sessions with policies, ask for a policy by its ARN. */
const policiesByArn = memoizeFor(
  (policies: readonly DirectoryPolicy[]) => new Map(policies.map((each) => [each.policy.arn, each])),
);

interface EffectivePolicies {
  readonly organization: Organization | undefined;
  readonly set: PolicySet;
  compiled?: CompiledPolicies;
}

/** A reload keeps the identities that it does not change, and with them their compiled policies. */
const effectiveOf = new WeakMap<User | Role, EffectivePolicies>();

function effective(identity: User | Role, organization: Organization | undefined): EffectivePolicies {
  const found = effectiveOf.get(identity);
  if (found !== undefined && found.organization === organization) return found;
  const made = { organization, set: policySet(identity, organization) };
  effectiveOf.set(identity, made);
  return made;
}

function policySet(identity: User | Role, organization: Organization | undefined): PolicySet {
  const groups = identity.kind === 'user' ? identity.groups : [];
  const { permissionsBoundary } = identity;
  const { serviceControlPolicies: serviceControl, resourceControlPolicies: resourceControl } =
    organization ?? {};
  return {
    identity: [identity, ...groups].flatMap((holder) => [
      ...holder.managedPolicies,
      ...holder.inlinePolicies,
    ]),
    ...(permissionsBoundary && { permissionsBoundary }),
    ...(serviceControl && { serviceControl }),
    ...(resourceControl && { resourceControl }),
  };
}
