import { ok } from '../../lib/result.ts';
import type { Answered, IamCall, IamHandlers } from './call.ts';
import { type Entity, NAME_MEMBERS } from './entities.ts';
import type { IamInputs } from './generated/iam.ts';
import {
  awsPolicies,
  entitiesOf,
  findPolicy,
  isAttached,
  isBoundary,
  localPolicies,
  type ManagedPolicy,
  policyView,
  usage,
  versionView,
} from './managed-policy.ts';
import { paged, pageOf } from './page.ts';
import { noSuchPolicy, noSuchPolicyVersion } from './refusals.ts';

const ofPolicy =
  <Input extends { readonly PolicyArn: string }>(
    handle: (policy: ManagedPolicy, call: IamCall<Input>) => Answered,
  ) =>
  (call: IamCall<Input>): Answered => {
    const { PolicyArn: arn } = call.input;
    const policy = findPolicy(call.directory, arn);
    return policy ? handle(policy, call) : noSuchPolicy(arn);
  };

/** What IAM has of managed policies, the files of the folder and AWS's own. */
export const POLICY_OPERATIONS = {
  GetPolicy: ofPolicy((policy, { directory }) => ok({ Policy: policyView(directory, policy) })),
  ListPolicies: (call) =>
    paged(call, 'Policies', askedPolicies(call), (policy) => policyView(call.directory, policy)),
  GetPolicyVersion: ofPolicy((policy, call) => {
    const { VersionId: version } = call.input;
    if (version !== policy.versionId) return noSuchPolicyVersion(policy.arn, version);
    return ok({ PolicyVersion: versionView(policy) });
  }),
  ListPolicyVersions: ofPolicy((policy, call) =>
    paged(call, 'Versions', [policy], (each) => {
      const { Document: _, ...version } = versionView(each);
      return version;
    }),
  ),
  ListEntitiesForPolicy: ofPolicy(entitiesForPolicy),
} satisfies IamHandlers;

function askedPolicies({ directory, input }: IamCall<IamInputs['ListPolicies']>): readonly ManagedPolicy[] {
  const { Scope: scope = 'All', PathPrefix: prefix = '/' } = input;
  return [
    ...(scope === 'AWS' ? [] : localPolicies(directory)),
    ...(scope === 'Local' ? [] : awsPolicies(directory)),
  ].filter((policy) => {
    if (!policy.path.startsWith(prefix)) return false;
    const { AttachmentCount: attached, PermissionsBoundaryUsageCount: bounding } = usage(directory, policy);
    if (input.OnlyAttached === true && attached + bounding === 0) return false;
    if (input.PolicyUsageFilter === 'PermissionsPolicy') return attached > 0;
    return input.PolicyUsageFilter !== 'PermissionsBoundary' || bounding > 0;
  });
}

const ENTITY_FILTERS: Readonly<Record<Entity['kind'], string>> = {
  group: 'Group',
  user: 'User',
  role: 'Role',
};

const ENTITY_LISTS: Readonly<Record<Entity['kind'], string>> = {
  group: 'PolicyGroups',
  user: 'PolicyUsers',
  role: 'PolicyRoles',
};

function entitiesForPolicy(
  policy: ManagedPolicy,
  call: IamCall<IamInputs['ListEntitiesForPolicy']>,
): Answered {
  const { PathPrefix: prefix = '/', EntityFilter: filter, PolicyUsageFilter: use } = call.input;
  const using = entitiesOf(call.directory).filter(
    (entity) =>
      entity.path.startsWith(prefix) &&
      (filter === undefined || ENTITY_FILTERS[entity.kind] === filter) &&
      ((use !== 'PermissionsBoundary' && isAttached(entity, policy)) ||
        (use !== 'PermissionsPolicy' && isBoundary(entity, policy))),
  );
  const page = pageOf(call, using);
  if (!page.ok) return page;
  const listed = (kind: Entity['kind']) =>
    page.value.items
      .filter((entity) => entity.kind === kind)
      .map(({ name, id }) => ({ [NAME_MEMBERS[kind]]: name, [`${ENTITY_FILTERS[kind]}Id`]: id }));
  return ok({
    [ENTITY_LISTS.group]: listed('group'),
    [ENTITY_LISTS.user]: listed('user'),
    [ENTITY_LISTS.role]: listed('role'),
    ...page.value.rest,
  });
}
