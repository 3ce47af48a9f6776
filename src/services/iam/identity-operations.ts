import { accessKeyId } from '../../lib/identifiers.ts';
import { ok } from '../../lib/result.ts';
import type { DecisionRecord } from '../../records/decision-record.ts';
import type { IamHandler, IamHandlers, Output } from './call.ts';
import {
  attachedPolicies,
  below,
  inlinePolicy,
  inlinePolicyNames,
  membersOf,
  ofGroup,
  ofRole,
  ofUser,
} from './entities.ts';
import { paged, pageOf } from './page.ts';
import { noSuchEntity } from './refusals.ts';
import { CREATED, groupView, overrides, roleView, tagViews, userView } from './views.ts';

/** IAM's words for a key that was never used. */
const NEVER_USED: Output = { ServiceName: 'N/A', Region: 'N/A' };

/**
 * The last call that a long-term access key signed, from the decisions in memory.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccessKeyLastUsed.html
 */
const accessKeyLastUsed: IamHandler<'GetAccessKeyLastUsed'> = (call) => {
  const id = accessKeyId(call.input.AccessKeyId);
  const found = call.directory.findAccessKey(id);
  if (!found) return noSuchEntity(`The Access Key with id ${id} cannot be found`);
  const last = call.log.list().findLast((record) => isSignedWith(record, id));
  return ok({ UserName: found.user.name, AccessKeyLastUsed: last ? useOf(last) : NEVER_USED });
};

/** A rejected request may claim a key that did not sign it: only a caller who was identified counts. */
const isSignedWith = ({ principal, request }: DecisionRecord, id: string): boolean =>
  principal !== undefined && request.accessKeyId === id;

function useOf({ time, request, checks }: DecisionRecord): Output {
  const [service = request.service ?? 'N/A'] = checks[0]?.action.split(':') ?? [];
  return { LastUsedDate: new Date(time), ServiceName: service, Region: request.region ?? 'N/A' };
}

/** What IAM has of groups. */
export const GROUP_OPERATIONS = {
  GetGroup: ofGroup((group, call) => {
    const page = pageOf(call, membersOf(call.directory, group));
    if (!page.ok) return page;
    return ok({ Group: groupView(group), Users: page.value.items.map(userView), ...page.value.rest });
  }),
  ListGroups: (call) => paged(call, 'Groups', below(call, call.directory.groups), groupView),
  ListGroupPolicies: ofGroup(inlinePolicyNames),
  GetGroupPolicy: ofGroup(inlinePolicy),
  ListAttachedGroupPolicies: ofGroup(attachedPolicies),
} satisfies IamHandlers;

/** What IAM has of roles. */
export const ROLE_OPERATIONS = {
  GetRole: ofRole((role) => ok({ Role: { ...roleView(role), ...overrides(role) } })),
  ListRoles: (call) => paged(call, 'Roles', below(call, call.directory.roles), roleView),
  ListRolePolicies: ofRole(inlinePolicyNames),
  GetRolePolicy: ofRole(inlinePolicy),
  ListAttachedRolePolicies: ofRole(attachedPolicies),
  // The folder has no instance profiles.
  ListInstanceProfiles: (call) => paged(call, 'InstanceProfiles', [], () => undefined),
  ListInstanceProfilesForRole: ofRole((_, call) => paged(call, 'InstanceProfiles', [], () => undefined)),
  ListRoleTags: ofRole(({ tags }, call) => paged(call, 'Tags', tagViews(tags), (tag) => tag)),
} satisfies IamHandlers;

/** What IAM has of users. @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_Operations.html */
export const USER_OPERATIONS = {
  GetUser: ofUser((user) => ok({ User: { ...userView(user), ...overrides(user) } })),
  ListUsers: (call) => paged(call, 'Users', below(call, call.directory.users), userView),
  ListUserPolicies: ofUser(inlinePolicyNames),
  GetUserPolicy: ofUser(inlinePolicy),
  ListAttachedUserPolicies: ofUser(attachedPolicies),
  ListGroupsForUser: ofUser(({ groups }, call) => paged(call, 'Groups', groups, groupView)),
  ListUserTags: ofUser(({ tags }, call) => paged(call, 'Tags', tagViews(tags), (tag) => tag)),
  ListAccessKeys: ofUser(({ name, accessKeys }, call) =>
    paged(call, 'AccessKeyMetadata', accessKeys, ({ id, status }) => ({
      UserName: name,
      AccessKeyId: id,
      Status: status,
      CreateDate: CREATED,
    })),
  ),
  ListMFADevices: ofUser(({ name, mfa }, call) =>
    paged(call, 'MFADevices', mfa ? [mfa] : [], ({ serialNumber }) => ({
      UserName: name,
      SerialNumber: serialNumber,
      EnableDate: CREATED,
    })),
  ),
  // Each device of the folder is assigned to its user.
  ListVirtualMFADevices: (call) => {
    const isListed = call.input.AssignmentStatus !== 'Unassigned';
    const devices = [...call.directory.users.values()].flatMap((user) =>
      isListed && user.mfa ? [{ user, serialNumber: user.mfa.serialNumber }] : [],
    );
    return paged(call, 'VirtualMFADevices', devices, ({ user, serialNumber }) => ({
      SerialNumber: serialNumber,
      User: userView(user),
      EnableDate: CREATED,
    }));
  },
  GetAccessKeyLastUsed: accessKeyLastUsed,
  // No user of the folder has a password.
  GetLoginProfile: ofUser(({ name }) => noSuchEntity(`Login Profile for User ${name} cannot be found.`)),
} satisfies IamHandlers;
