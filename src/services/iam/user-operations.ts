import { ok } from '../../lib/result.ts';
import { accessKeyLastUsed } from './access-key-use.ts';
import { type Operations, textIn } from './call.ts';
import { attachedPolicies, below, inlinePolicy, inlinePolicyNames, ofUser } from './entities.ts';
import { paged } from './page.ts';
import { noSuchEntity } from './refusals.ts';
import { CREATED, groupView, particulars, tagViews, userView } from './views.ts';

/** What IAM tells of users. @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_Operations.html */
export const USER_OPERATIONS: Operations = {
  GetUser: ofUser((user) => ok({ User: { ...userView(user), ...particulars(user) } })),
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
    const isListed = textIn(call, 'AssignmentStatus') !== 'Unassigned';
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
};
