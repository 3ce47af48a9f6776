import type { Directory, Role } from '../../directory/directory.ts';
import type { NamedPolicy } from '../../engine/policy-set.ts';
import { ok } from '../../lib/result.ts';
import type { IamHandler, Output } from './call.ts';
import type { Entity } from './entities.ts';
import type { IamInputs } from './generated/iam.ts';
import { findPolicy, localPolicies, type ManagedPolicy, policyView, versionView } from './managed-policy.ts';
import { pageOf } from './page.ts';
import {
  attachedView,
  documentText,
  encodeDocument,
  groupView,
  inlineName,
  overrides,
  roleView,
  userView,
} from './views.ts';

/** One thing of the account, under the `Filter` that asks for it and in the list of the response that it belongs to. */
interface Detail {
  readonly filter: NonNullable<IamInputs['GetAccountAuthorizationDetails']['Filter']>[number];
  readonly list: string;
  readonly view: () => Output;
}

/** `UserPolicyList`, `GroupPolicyList`, `RolePolicyList`: the inline policies with their documents. */
const inlineList = ({ inlinePolicies }: Entity): readonly Output[] =>
  inlinePolicies.map((policy: NamedPolicy) => ({
    PolicyName: inlineName(policy),
    PolicyDocument: encodeDocument(documentText(policy)),
  }));

const attachedList = ({ managedPolicies }: Entity): Output => ({
  AttachedManagedPolicies: managedPolicies.map(attachedView),
});

/** Only GetRole returns the maximum session duration. */
function roleDetail(role: Role): Output {
  const { MaxSessionDuration: _, ...detail } = roleView(role);
  return detail;
}

const policyDetail = (directory: Directory, policy: ManagedPolicy): Output => ({
  ...policyView(directory, policy),
  PolicyVersionList: [versionView(policy)],
});

/** Everything, in the order in which pages go through it. Of AWS's policies, those that the account uses. */
function detailsOf(directory: Directory): readonly Detail[] {
  const { users, groups, roles, policies } = directory;
  const ofAws = policies
    .filter(({ owner }) => owner === 'aws')
    .flatMap(({ policy: { arn = '' } }) => findPolicy(directory, arn) ?? []);
  return [
    ...[...users.values()].map(
      (user): Detail => ({
        filter: 'User',
        list: 'UserDetailList',
        view: () => ({
          ...userView(user),
          UserPolicyList: inlineList(user),
          GroupList: user.groups.map(({ name }) => name),
          ...attachedList(user),
          ...overrides(user),
        }),
      }),
    ),
    ...[...groups.values()].map(
      (group): Detail => ({
        filter: 'Group',
        list: 'GroupDetailList',
        view: () => ({ ...groupView(group), GroupPolicyList: inlineList(group), ...attachedList(group) }),
      }),
    ),
    ...[...roles.values()].map(
      (role): Detail => ({
        filter: 'Role',
        list: 'RoleDetailList',
        view: () => ({
          ...roleDetail(role),
          InstanceProfileList: [],
          RolePolicyList: inlineList(role),
          ...attachedList(role),
          ...overrides(role),
        }),
      }),
    ),
    ...localPolicies(directory).map(
      (policy): Detail => ({
        filter: 'LocalManagedPolicy',
        list: 'Policies',
        view: () => policyDetail(directory, policy),
      }),
    ),
    ...ofAws.map(
      (policy): Detail => ({
        filter: 'AWSManagedPolicy',
        list: 'Policies',
        view: () => policyDetail(directory, policy),
      }),
    ),
  ];
}

const LISTS = ['UserDetailList', 'GroupDetailList', 'RoleDetailList', 'Policies'] as const;

/** @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html */
export const authorizationDetails: IamHandler<'GetAccountAuthorizationDetails'> = (call) => {
  const { Filter: filters = [] } = call.input;
  const asked = detailsOf(call.directory).filter(
    ({ filter }) => filters.length === 0 || filters.includes(filter),
  );
  const page = pageOf(call, asked);
  if (!page.ok) return page;
  const { items, rest } = page.value;
  const lists = LISTS.map((name) => [
    name,
    items.filter(({ list }) => list === name).map(({ view }) => view()),
  ]);
  return ok({ ...Object.fromEntries(lists), ...rest });
};
