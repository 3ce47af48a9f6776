import { ok } from '../../lib/result.ts';
import type { Operations } from './call.ts';
import { attachedPolicies, below, inlinePolicy, inlinePolicyNames, ofRole } from './entities.ts';
import { paged } from './page.ts';
import { particulars, roleView, tagViews } from './views.ts';

/** What IAM tells of roles. */
export const ROLE_OPERATIONS: Operations = {
  GetRole: ofRole((role) => ok({ Role: { ...roleView(role), ...particulars(role) } })),
  ListRoles: (call) => paged(call, 'Roles', below(call, call.directory.roles), roleView),
  ListRolePolicies: ofRole(inlinePolicyNames),
  GetRolePolicy: ofRole(inlinePolicy),
  ListAttachedRolePolicies: ofRole(attachedPolicies),
  // The folder has no instance profiles.
  ListInstanceProfiles: (call) => paged(call, 'InstanceProfiles', [], () => undefined),
  ListInstanceProfilesForRole: ofRole((_, call) => paged(call, 'InstanceProfiles', [], () => undefined)),
  ListRoleTags: ofRole(({ tags }, call) => paged(call, 'Tags', tagViews(tags), (tag) => tag)),
};
