import { type CompiledPolicies, compile } from '../engine/compile.ts';
import type { NamedPolicy, PolicySet } from '../engine/policy-set.ts';
import type { Principal } from '../engine/principal.ts';
import type { Fault } from '../lib/errors.ts';
import type { Session, WebIdentity } from './session.ts';

export type Tags = Readonly<Record<string, string>>;

interface Identity {
  readonly name: string;
  /** Begins and ends with `/`. */
  readonly path: string;
  readonly arn: string;
  /** `AIDA…`, `AGPA…` or `AROA…`, 21 characters; the same for the same account and name at every start. */
  readonly id: string;
  /** Attached managed policies: AWS's own and files of the policies folder. */
  readonly managedPolicies: readonly NamedPolicy[];
  readonly inlinePolicies: readonly NamedPolicy[];
}

export interface User extends Identity {
  readonly kind: 'user';
  readonly groups: readonly Group[];
  readonly accessKeys: readonly AccessKey[];
  readonly permissionsBoundary?: NamedPolicy;
  readonly tags: Tags;
  /** The virtual device; absent where the user has none. */
  readonly mfa?: { readonly serialNumber: string; readonly secret: string };
  /** Where the user's calls come through; absent where they come from the internet. */
  readonly vpcEndpoint?: VpcEndpoint;
}

/** An interface endpoint of Personalize in a VPC. @see https://docs.aws.amazon.com/personalize/latest/dg/personalize-vpc-endpoint.html */
export interface VpcEndpoint {
  /** `vpce-…` */
  readonly id: string;
  /** `vpc-…` */
  readonly vpc: string;
  readonly account: string;
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
  /** Where its sessions' calls come through; absent where they come from the internet. */
  readonly vpcEndpoint?: VpcEndpoint;
}

export interface AccessKey {
  readonly id: string;
  readonly secret: string;
  /** An inactive key is known and refused: AWS answers it otherwise than a key that it never saw. */
  readonly status: 'Active' | 'Inactive';
}

export interface OidcProvider {
  readonly arn: string;
  readonly url: string;
  readonly clientIds: readonly string[];
  /** The provider's JSON Web Key Set, as read from its file, or the address where it is fetched when a token comes. */
  readonly jwks: { readonly keys: readonly Readonly<Record<string, unknown>>[] } | { readonly url: string };
}

export interface Organization {
  /** `o-…` */
  readonly id: string;
  /** The account's place in it: `o-…/r-…/ou-…/`. */
  readonly path?: string;
  /** Root first; absent where service control policies do not restrict. */
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

export interface DirectoryPolicy {
  readonly policy: NamedPolicy;
  /** Whose it is: AWS's own, or from the policies folder. */
  readonly owner: 'aws' | 'customer';
  /** To whom it is attached: the ARN of a user, group, role or bucket, or the id of the organization. Empty for an unused file. */
  readonly attachments: readonly { readonly use: PolicyUse; readonly to: string }[];
}

/** Who exists and what they may do: one immutable snapshot of `principals.yaml` and `policies/`. */
export interface DirectoryContent {
  readonly account: string;
  readonly partition: string;
  readonly users: ReadonlyMap<string, User>;
  readonly groups: ReadonlyMap<string, Group>;
  readonly roles: ReadonlyMap<string, Role>;
  readonly oidcProviders: readonly OidcProvider[];
  readonly organization?: Organization;
  /** By the name of the bucket; a bucket that is not here has no policy. */
  readonly bucketPolicies: ReadonlyMap<string, NamedPolicy>;
  /** Every file of the policies folder and every AWS managed policy that is named, by name. */
  readonly policies: readonly DirectoryPolicy[];
  readonly warnings: readonly Fault[];
  /** Every file that was read, absolute: what to watch. */
  readonly files: readonly string[];
  /** Changes when anything that was read changes. */
  readonly digest: string;
}

export interface Directory extends DirectoryContent {
  /** The key and whose it is; in constant time. Inactive keys are found too. */
  findAccessKey(id: string): { readonly key: AccessKey; readonly user: User } | undefined;
  /** The user or role with an ARN, path included. */
  identityByArn(arn: string): User | Role | undefined;
  roleByArn(arn: string): Role | undefined;
  /** The policies that bear on a user or role, as read. */
  policySetOf(identity: User | Role): PolicySet;
  /** The same, compiled when first asked for. */
  policiesOf(identity: User | Role): CompiledPolicies;
}

/** Who signed a request: what policies, records and context keys need of them. */
export interface Caller {
  readonly principal: Principal;
  /** `aws:userid` */
  readonly userId: string;
  /** `aws:PrincipalTag/*` */
  readonly tags: Tags;
  /** Absent outside of an organization. */
  readonly organization?: Pick<Organization, 'id' | 'path'>;
  readonly vpcEndpoint?: VpcEndpoint;
  readonly policySet: PolicySet;
  readonly policies: CompiledPolicies;
  /** Of temporary credentials. */
  readonly session?: Session;
  /** Of a caller without credentials that asks for a role with an identity token. */
  readonly webIdentity?: WebIdentity;
}

export function createDirectory(content: DirectoryContent): Directory {
  const keys = new Map(
    [...content.users.values()].flatMap((user) => user.accessKeys.map((key) => [key.id, { key, user }])),
  );
  const identities = new Map<string, User | Role>(
    [...content.users.values(), ...content.roles.values()].map((identity) => [identity.arn, identity]),
  );
  const policySetOf = remember((identity: User | Role) => policySet(identity, content.organization));
  return {
    ...content,
    findAccessKey: (id) => keys.get(id),
    identityByArn: (arn) => identities.get(arn),
    roleByArn: (arn) => {
      const found = identities.get(arn);
      return found?.kind === 'role' ? found : undefined;
    },
    policySetOf,
    policiesOf: remember((identity) => compile(policySetOf(identity))),
  };
}

/** A user of the directory, calling with a long-term access key. */
export function userCaller(directory: Directory, user: User): Caller {
  return {
    principal: { type: 'User', arn: user.arn, accountId: directory.account, userName: user.name },
    userId: user.id,
    tags: user.tags,
    ...surroundingsOf(directory, user),
    policySet: directory.policySetOf(user),
    policies: directory.policiesOf(user),
  };
}

/** What surrounds a user's or role's calls, whatever they are. */
export const surroundingsOf = (
  { organization }: Directory,
  { vpcEndpoint }: User | Role,
): Pick<Caller, 'organization' | 'vpcEndpoint'> => ({
  ...(organization && { organization }),
  ...(vpcEndpoint && { vpcEndpoint }),
});

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

function remember<Key extends object, Value>(work: (key: Key) => Value): (key: Key) => Value {
  const known = new WeakMap<Key, Value>();
  return (key) => {
    const found = known.get(key);
    if (found !== undefined) return found;
    const value = work(key);
    known.set(key, value);
    return value;
  };
}
