import { type DocumentNode, toValue } from '../../../lib/document.ts';
import type { Policy } from '../../../policy/ast.ts';
import type { PolicyKind } from '../../../policy/validate.ts';
import type { AccountBuilder, Inline, Kind } from '../account.ts';
import type { Fields } from '../fields.ts';
import { policyIn } from '../policy-text.ts';
import type { PlanValues } from './plan-values.ts';
import type { TerraformResource } from './resources.ts';

type Read = (resource: TerraformResource, builder: AccountBuilder, known: PlanValues) => void;

const identity =
  (kind: Kind): Read =>
  (resource, builder, known) => {
    const { values } = resource;
    known.requireKnown(resource, ['path', 'tags', 'max_session_duration', 'managed_policy_arns']);
    const name = known.nameOf(resource);
    const boundary = known.optionalReference(resource, 'permissions_boundary');
    const trust = kind === 'role' ? documentIn(values, 'assume_role_policy', 'trust') : undefined;
    const maxSessionDuration = kind === 'role' ? values.number('max_session_duration') : undefined;
    if (name === undefined) return;
    builder.add({
      kind,
      name,
      path: values.optionalText('path')?.text ?? '/',
      managed: values.texts('managed_policy_arns'),
      inline: values.objects('inline_policy').flatMap((each) => inlineOf(each, resource.name) ?? []),
      ...(boundary && { boundary }),
      // With the default tags of the provider, where it has some.
      tags: tagsOf(values.get('tags_all') ?? values.get('tags')),
      groups: [],
      ...(trust && { trust }),
      ...(maxSessionDuration !== undefined && { maxSessionDuration }),
    });
  };

const managedPolicy: Read = (resource, builder, known) => {
  const { values } = resource;
  known.requireKnown(resource, ['path']);
  const name = known.nameOf(resource);
  const arn = known.arnOf(resource);
  const policy = documentIn(values, 'policy', 'managed');
  const path = values.optionalText('path')?.text ?? '/';
  if (name && arn && policy) builder.addPolicy({ arn: arn.text, name, path, policy });
};

const inlinePolicy =
  (kind: Kind): Read =>
  (resource, builder, known) => {
    const holder = known.reference(resource, kind);
    const inline = inlineOf(resource.values, resource.name);
    if (holder && inline) builder.inline(kind, holder, inline);
  };

const attachment =
  (kind: Kind): Read =>
  (resource, builder, known) => {
    const holder = known.reference(resource, kind);
    const arn = known.reference(resource, 'policy_arn');
    if (holder && arn) builder.attach(kind, holder, arn);
  };

const attachments: Read = (resource, builder, known) => {
  known.requireKnown(resource, ['users', 'groups', 'roles']);
  const arn = known.reference(resource, 'policy_arn');
  if (arn === undefined) return;
  for (const kind of ['user', 'group', 'role'] as const)
    for (const holder of resource.values.texts(`${kind}s`)) builder.attach(kind, holder, arn);
};

const groupMembers: Read = (resource, builder, known) => {
  known.requireKnown(resource, ['users']);
  const group = known.reference(resource, 'group');
  if (group) for (const user of resource.values.texts('users')) builder.join(user, group);
};

const groupsOfUser: Read = (resource, builder, known) => {
  known.requireKnown(resource, ['groups']);
  const user = known.reference(resource, 'user');
  if (user) for (const group of resource.values.texts('groups')) builder.join(user, group);
};

/** What defines principals and policies. */
export const DEFINITIONS: Readonly<Record<string, Read>> = {
  aws_iam_user: identity('user'),
  aws_iam_group: identity('group'),
  aws_iam_role: identity('role'),
  aws_iam_policy: managedPolicy,
};

/** What is added to them afterwards. */
export const PARTS: Readonly<Record<string, Read>> = {
  aws_iam_user_policy: inlinePolicy('user'),
  aws_iam_group_policy: inlinePolicy('group'),
  aws_iam_role_policy: inlinePolicy('role'),
  aws_iam_user_policy_attachment: attachment('user'),
  aws_iam_group_policy_attachment: attachment('group'),
  aws_iam_role_policy_attachment: attachment('role'),
  aws_iam_policy_attachment: attachments,
  aws_iam_group_membership: groupMembers,
  aws_iam_user_group_membership: groupsOfUser,
};

/** What has no place in the folder, and what to do. */
export const LEFT_OUT: Readonly<Record<string, string>> = {
  aws_iam_access_key: 'Access keys are made by apply: none was imported.',
  aws_iam_openid_connect_provider:
    'Identity providers were left out: add them to oidcProviders of principals.yaml, with their key set.',
  aws_iam_saml_provider: 'SAML providers were left out: the proxy has none.',
};

/** An empty block is written for "no inline policies, and none but these". */
function inlineOf(fields: Fields, otherwise: string): Inline | undefined {
  if (fields.optionalText('policy')?.text === '') return undefined;
  const policy = documentIn(fields, 'policy', 'inline');
  return policy && { name: fields.optionalText('name')?.text ?? otherwise, policy };
}

/** A document that refers to what is made by the same apply is not planned yet: no part of it is known. */
function documentIn(values: Fields, key: string, kind: PolicyKind): Policy | undefined {
  if (values.get(key) !== undefined) return policyIn(values, key, kind);
  const message = `${values.label}: ${key} is known after apply only: apply first, and import the state (terraform show -json)`;
  values.report.error('unresolved', message, values.node.position);
  return undefined;
}

const tagsOf = (node: DocumentNode | undefined): Readonly<Record<string, string>> =>
  node?.kind === 'object'
    ? Object.fromEntries(node.entries.map(({ key, value }) => [key, String(toValue(value) ?? '')]))
    : {};
