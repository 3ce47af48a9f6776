import { type DocumentNode, toValue } from '../../../lib/document.ts';
import type { AccountBuilder, Inline, Kind } from '../account.ts';
import type { Fields } from '../fields.ts';
import { holdsPolicy } from '../policy-search.ts';
import type { PlanValues } from './plan-values.ts';
import { documentOf } from './policy-documents.ts';
import type { TerraformResource } from './resources.ts';

type Read = (resource: TerraformResource, builder: AccountBuilder, known: PlanValues) => void;

const identity =
  (kind: Kind): Read =>
  (resource, builder, known) => {
    const { values } = resource;
    known.requireKnown(resource, ['path', 'max_session_duration']);
    if (values.list('inline_policy').length === 0) known.requireKnown(resource, ['inline_policy']);
    if (known.sets(resource, 'tags') && known.isUnknown(resource, 'tags'))
      builder.leaveOut(`${resource.address}.tags`, 'Tags that are known after apply only are not imported.');
    const name = known.nameOf(resource);
    const boundary = known.optionalReference(resource, 'permissions_boundary');
    const trust =
      kind === 'role'
        ? documentOf(
            resource,
            { fields: values, key: 'assume_role_policy', kind: 'trust' },
            { known, builder },
          )
        : undefined;
    const maxSessionDuration = kind === 'role' ? values.number('max_session_duration') : undefined;
    if (name === undefined || builder.omits(`${kind}/${name.text}`, resource.address)) return;
    builder.add({
      kind,
      name,
      path: values.optionalText('path')?.text ?? '/',
      managed: known.references(resource, 'managed_policy_arns'),
      inline: values
        .objects('inline_policy')
        .flatMap((each) => inlineOf(resource, each, { known, builder }) ?? []),
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
  const policy = documentOf(resource, { fields: values, key: 'policy', kind: 'managed' }, { known, builder });
  const path = values.optionalText('path')?.text ?? '/';
  if (name && arn && policy) builder.addPolicy({ arn: arn.text, name, path, policy });
};

const inlinePolicy =
  (kind: Kind): Read =>
  (resource, builder, known) => {
    const holder = known.reference(resource, kind);
    const inline = inlineOf(resource, resource.values, { known, builder });
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
  const arn = known.reference(resource, 'policy_arn');
  if (arn === undefined) return;
  for (const kind of ['user', 'group', 'role'] as const)
    for (const holder of known.references(resource, `${kind}s`)) builder.attach(kind, holder, arn);
};

const groupMembers: Read = (resource, builder, known) => {
  const group = known.reference(resource, 'group');
  if (group) for (const user of known.references(resource, 'users')) builder.join(user, group);
};

const groupsOfUser: Read = (resource, builder, known) => {
  const user = known.reference(resource, 'user');
  if (user) for (const group of known.references(resource, 'groups')) builder.join(user, group);
};

const bucketPolicy: Read = (resource, builder, known) => {
  const bucket = known.reference(resource, 'bucket');
  const fields = resource.values;
  const policy = documentOf(resource, { fields, key: 'policy', kind: 'resource' }, { known, builder });
  if (bucket && policy) builder.addBucketPolicy({ bucket, policy });
};

/** Apply removes what such a list does not name. */
const exclusive =
  (kind: Kind, part: 'managed' | 'inline'): Read =>
  (resource, builder, known) => {
    const holder = known.reference(resource, `${kind}_name`);
    const kept = known.references(resource, part === 'managed' ? 'policy_arns' : 'policy_names');
    if (holder)
      builder.keepOnly(
        kind,
        holder,
        part,
        kept.map(({ text }) => text),
      );
  };

/** What defines principals and policies. */
export const DEFINITIONS: Readonly<Record<string, Read>> = {
  aws_iam_user: identity('user'),
  aws_iam_group: identity('group'),
  aws_iam_role: identity('role'),
  aws_iam_policy: managedPolicy,
  aws_s3_bucket_policy: bucketPolicy,
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

/** What removes others. */
export const LAST: Readonly<Record<string, Read>> = Object.fromEntries(
  (['user', 'group', 'role'] as const).flatMap((kind) => [
    [`aws_iam_${kind}_policies_exclusive`, exclusive(kind, 'inline')],
    [`aws_iam_${kind}_policy_attachments_exclusive`, exclusive(kind, 'managed')],
  ]),
);

/** What has no place in the folder, and what to do. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  aws_iam_access_key: 'Access keys are made by apply: none was imported.',
  aws_iam_openid_connect_provider:
    'Identity providers are not imported: add them to oidcProviders of principals.yaml, with their key set.',
  aws_iam_saml_provider: 'SAML providers are not supported.',
  aws_iam_instance_profile: 'Instance profiles are not needed: take the role with run --as role/NAME.',
  aws_iam_service_linked_role: 'Service-linked roles are not imported: AWS defines their policies.',
  aws_cloudformation_stack: 'Stacks are not followed: import their templates too.',
  aws_cloudformation_stack_set: 'Stack sets are not followed: import their templates too.',
};

const IAM_TYPE = /^awscc_iam_|^aws_(?:iam|ssoadmin|organizations_(?:resource_)?policy)/;
/** Policies of resources, also where nothing of them is known. */
const POLICY_TYPE = /^aws(?:cc)?_\w*(?:_policy|_permission)$/;
const OTHER_POLICIES = /scaling|lifecycle|_l?b_|cookie|ssl|cloudfront|waf|dlm|firewall/;

/** Why a resource that concerns IAM is not imported; `undefined` of one that is, or that does not concern IAM. */
export function reasonToLeaveOut(type: string, values: DocumentNode): string | undefined {
  if ([DEFINITIONS, PARTS, LAST].some((table) => Object.hasOwn(table, type))) return undefined;
  const known = Object.hasOwn(LEFT_OUT, type) ? LEFT_OUT[type] : undefined;
  if (known !== undefined) return known;
  if (IAM_TYPE.test(type)) return `${type} is not imported.`;
  // A state has it there too where an aws_s3_bucket_policy defines it.
  if (type === 'aws_s3_bucket' && holdsPolicy(values))
    return 'The policy of a bucket is read from aws_s3_bucket_policy, not from the bucket.';
  const isPolicy = POLICY_TYPE.test(type) && !OTHER_POLICIES.test(type);
  return isPolicy || holdsPolicy(values) ? `The policy of ${type} is not evaluated here.` : undefined;
}

/** An empty block is written for "no inline policies, and none but these". */
function inlineOf(
  resource: TerraformResource,
  fields: Fields,
  context: { readonly known: PlanValues; readonly builder: AccountBuilder },
): Inline | undefined {
  if (fields.optionalText('policy')?.text === '') return undefined;
  const policy = documentOf(resource, { fields, key: 'policy', kind: 'inline' }, context);
  const { modules, name, key } = resource;
  const otherwise = [...modules, name, ...(key === undefined ? [] : [key])].join('-');
  const given = fields.optionalText('name')?.text;
  return policy && { name: given ?? otherwise.replaceAll(/[^\w+=,.@-]/g, '-'), policy };
}

const tagsOf = (node: DocumentNode | undefined): Readonly<Record<string, string>> =>
  node?.kind === 'object'
    ? Object.fromEntries(node.entries.map(({ key, value }) => [key, String(toValue(value) ?? '')]))
    : {};
