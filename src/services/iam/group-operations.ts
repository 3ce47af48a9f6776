import { ok } from '../../lib/result.ts';
import type { Operations } from './call.ts';
import { attachedPolicies, below, inlinePolicy, inlinePolicyNames, membersOf, ofGroup } from './entities.ts';
import { paged, pageOf } from './page.ts';
import { groupView, userView } from './views.ts';

/** What IAM tells of groups. */
export const GROUP_OPERATIONS: Operations = {
  GetGroup: ofGroup((group, call) => {
    const page = pageOf(call, membersOf(call.directory, group));
    if (!page.ok) return page;
    return ok({ Group: groupView(group), Users: page.value.items.map(userView), ...page.value.rest });
  }),
  ListGroups: (call) => paged(call, 'Groups', below(call, call.directory.groups), groupView),
  ListGroupPolicies: ofGroup(inlinePolicyNames),
  GetGroupPolicy: ofGroup(inlinePolicy),
  ListAttachedGroupPolicies: ofGroup(attachedPolicies),
};
