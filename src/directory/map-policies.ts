import type { NamedPolicy } from '../engine/policy-set.ts';
import {
  createDirectory,
  type Directory,
  type Group,
  type Organization,
  type PolicyUse,
  type Role,
  type User,
} from './directory.ts';

/** Returns the replacement of an attached policy; `undefined` detaches it. */
export type PolicyChange = (policy: NamedPolicy, use: PolicyUse) => NamedPolicy | undefined;

/**
 * Returns the directory with policies replaced wherever they are attached. A level of service control policies that
 * loses all its policies allows nothing; a trust or bucket policy cannot be detached, only changed.
 */
export function mapPolicies(directory: Directory, change: PolicyChange): Directory {
  const all = (policies: readonly NamedPolicy[], use: PolicyUse): readonly NamedPolicy[] =>
    policies.flatMap((policy) => change(policy, use) ?? []);
  const attached = <Holder extends User | Group | Role>(holder: Holder): Holder => ({
    ...holder,
    managedPolicies: all(holder.managedPolicies, 'managed'),
    inlinePolicies: all(holder.inlinePolicies, 'inline'),
  });
  const bounded = <Holder extends User | Role>(holder: Holder): Holder => {
    const { permissionsBoundary: limit, ...rest } = attached<User | Role>(holder);
    const boundary = limit && change(limit, 'permissionsBoundary');
    return { ...rest, ...(boundary && { permissionsBoundary: boundary }) } as Holder;
  };
  const groups = mapValues(directory.groups, attached);
  const { organization } = directory;
  return createDirectory({
    ...directory,
    groups,
    users: mapValues(directory.users, (user) => ({
      ...bounded(user),
      groups: user.groups.map((group) => groups.get(group.name) ?? group),
    })),
    roles: mapValues(directory.roles, (role) => ({
      ...bounded(role),
      trustPolicy: change(role.trustPolicy, 'trustPolicy') ?? role.trustPolicy,
    })),
    ...(organization && { organization: withLevels(organization, all) }),
    bucketPolicies: mapValues(directory.bucketPolicies, (policy) => change(policy, 'bucketPolicy') ?? policy),
    policies: directory.policies.map(({ policy, owner, attachments }) => ({
      policy: change(policy, attachments[0]?.use ?? 'managed') ?? policy,
      owner,
      attachments,
    })),
  });
}

function withLevels(
  organization: Organization,
  all: (policies: readonly NamedPolicy[], use: PolicyUse) => readonly NamedPolicy[],
): Organization {
  const { serviceControlPolicies: services, resourceControlPolicies: resources } = organization;
  return {
    ...organization,
    ...(services && { serviceControlPolicies: services.map((level) => all(level, 'serviceControl')) }),
    ...(resources && { resourceControlPolicies: resources.map((level) => all(level, 'resourceControl')) }),
  };
}

const mapValues = <Value>(
  map: ReadonlyMap<string, Value>,
  change: (value: Value) => Value,
): ReadonlyMap<string, Value> => new Map([...map].map(([key, value]) => [key, change(value)]));
