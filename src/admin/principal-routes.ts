import { Router } from 'express';
import type { Directory, Group, Role, User } from '../directory/directory.ts';
import type { NamedPolicy } from '../engine/policy-set.ts';
import { only } from './admin-router.ts';

interface GroupView {
  readonly kind: 'user' | 'group' | 'role';
  readonly name: string;
  readonly arn: string;
  readonly path: string;
  /** Names of policies. */
  readonly managedPolicies: readonly string[];
  readonly inlinePolicies: readonly string[];
}

interface IdentityView extends GroupView {
  readonly permissionsBoundary?: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** Without secrets: of an access key its ID and status, of a virtual device only that there is one. */
interface UserView extends IdentityView {
  readonly groups: readonly string[];
  readonly accessKeys: readonly { readonly id: string; readonly status: 'Active' | 'Inactive' }[];
  readonly mfa: boolean;
}

interface RoleView extends IdentityView {
  readonly trustPolicy: string;
  readonly maxSessionDuration: number;
}

/** Names of policies by level, the root first. */
type Levels = readonly (readonly string[])[];

/** The response to `GET principals`. */
export interface PrincipalsView {
  readonly account: string;
  readonly users: readonly UserView[];
  readonly groups: readonly GroupView[];
  readonly roles: readonly RoleView[];
  readonly organization?: {
    readonly id: string;
    readonly serviceControlPolicies?: Levels;
    readonly resourceControlPolicies?: Levels;
  };
}

const named = (policies: readonly NamedPolicy[]): readonly string[] => policies.map(({ name }) => name);

const describe = (each: User | Group | Role, kind: GroupView['kind']): GroupView => ({
  kind,
  name: each.name,
  arn: each.arn,
  path: each.path,
  managedPolicies: named(each.managedPolicies),
  inlinePolicies: named(each.inlinePolicies),
});

const describeIdentity = (identity: User | Role): IdentityView => ({
  ...describe(identity, identity.kind),
  ...(identity.permissionsBoundary && { permissionsBoundary: identity.permissionsBoundary.name }),
  tags: identity.tags,
});

const describeUser = (user: User): UserView => ({
  ...describeIdentity(user),
  groups: user.groups.map(({ name }) => name),
  accessKeys: user.accessKeys.map(({ id, status }) => ({ id, status })),
  mfa: user.mfa !== undefined,
});

const describeRole = (role: Role): RoleView => ({
  ...describeIdentity(role),
  trustPolicy: role.trustPolicy.name,
  maxSessionDuration: role.maxSessionDuration,
});

/** Users, groups, roles and the organization, with the names of the policies that they have. */
function describePrincipals({ account, users, groups, roles, organization }: Directory): PrincipalsView {
  const { serviceControlPolicies: services, resourceControlPolicies: resources } = organization ?? {};
  return {
    account,
    users: [...users.values()].map(describeUser),
    groups: [...groups.values()].map((group) => describe(group, 'group')),
    roles: [...roles.values()].map(describeRole),
    ...(organization && {
      organization: {
        id: organization.id,
        ...(services && { serviceControlPolicies: services.map(named) }),
        ...(resources && { resourceControlPolicies: resources.map(named) }),
      },
    }),
  };
}

/** `/_authz/principals`: who exists, and which policies they have. */
export function principalRoutes(directory: () => Directory): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router
    .get('/principals', (_, response) => void response.json(describePrincipals(directory())))
    .all('/principals', only('GET'));
  return router;
}
