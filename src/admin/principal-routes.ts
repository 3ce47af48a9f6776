import { Router } from 'express';
import type { Directory, Group, Role, User } from '../directory/directory.ts';
import type { NamedPolicy } from '../engine/policy-set.ts';
import { only } from './admin-router.ts';

const named = (policies: readonly NamedPolicy[]): readonly string[] => policies.map(({ name }) => name);

const levels = (layer: readonly (readonly NamedPolicy[])[] | undefined) => layer?.map(named);

/** Without secrets: of an access key its ID and status, of a virtual device only that there is one. */
const describeUser = ({ accessKeys, groups, mfa, ...user }: User) => ({
  ...describe(user),
  ...boundaryOf(user),
  kind: 'user' as const,
  groups: groups.map(({ name }) => name),
  accessKeys: accessKeys.map(({ id, status }) => ({ id, status })),
  mfa: mfa !== undefined,
  tags: user.tags,
});

const describeRole = (role: Role) => ({
  ...describe(role),
  ...boundaryOf(role),
  kind: 'role' as const,
  trustPolicy: role.trustPolicy.name,
  maxSessionDuration: role.maxSessionDuration,
  tags: role.tags,
});

const boundaryOf = ({ permissionsBoundary: boundary }: Pick<User | Role, 'permissionsBoundary'>) =>
  boundary === undefined ? {} : { permissionsBoundary: boundary.name };

const describe = ({
  name,
  arn,
  path,
  managedPolicies,
  inlinePolicies,
}: Pick<Group, 'name' | 'arn' | 'path' | 'managedPolicies' | 'inlinePolicies'>) => ({
  name,
  arn,
  path,
  managedPolicies: named(managedPolicies),
  inlinePolicies: named(inlinePolicies),
});

/** Users, groups, roles and the organization, with the names of the policies that they have. */
function describePrincipals({ account, users, groups, roles, organization }: Directory) {
  return {
    account,
    users: [...users.values()].map(describeUser),
    groups: [...groups.values()].map((group) => ({ ...describe(group), kind: 'group' as const })),
    roles: [...roles.values()].map(describeRole),
    ...(organization && {
      organization: {
        id: organization.id,
        serviceControlPolicies: levels(organization.serviceControlPolicies),
        resourceControlPolicies: levels(organization.resourceControlPolicies),
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
