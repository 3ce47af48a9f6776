import {
  createDirectory,
  type Directory,
  type Group,
  type Organization,
  type Role,
  type User,
} from '../../directory/directory.ts';
import type { NamedPolicy } from '../../engine/policy-set.ts';
import type { Policy } from '../../policy/ast.ts';

/** The directory as it would be if a file of the policies folder held another policy, wherever it is attached. */
export function withPolicyReplaced(directory: Directory, file: string, policy: Policy): Directory {
  const one = (named: NamedPolicy): NamedPolicy => (named.file === file ? { ...named, policy } : named);
  const boundary = ({ permissionsBoundary: limit }: User | Role) =>
    limit === undefined ? {} : { permissionsBoundary: one(limit) };
  const attached = <Holder extends User | Group | Role>(holder: Holder): Holder => ({
    ...holder,
    managedPolicies: holder.managedPolicies.map(one),
    inlinePolicies: holder.inlinePolicies.map(one),
  });
  const groups = mapValues(directory.groups, attached);
  const { organization } = directory;
  return createDirectory({
    ...directory,
    groups,
    users: mapValues(directory.users, (user) => ({
      ...attached(user),
      ...boundary(user),
      groups: user.groups.map((group) => groups.get(group.name) ?? group),
    })),
    roles: mapValues(directory.roles, (role) => ({ ...attached(role), ...boundary(role) })),
    ...(organization && { organization: withLevels(organization, one) }),
  });
}

function withLevels(organization: Organization, one: (policy: NamedPolicy) => NamedPolicy): Organization {
  const { serviceControlPolicies: services, resourceControlPolicies: resources } = organization;
  return {
    ...organization,
    ...(services && { serviceControlPolicies: services.map((level) => level.map(one)) }),
    ...(resources && { resourceControlPolicies: resources.map((level) => level.map(one)) }),
  };
}

const mapValues = <Value>(
  map: ReadonlyMap<string, Value>,
  change: (value: Value) => Value,
): ReadonlyMap<string, Value> => new Map([...map].map(([key, value]) => [key, change(value)]));
