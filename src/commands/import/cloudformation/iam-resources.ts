import type { DocumentNode, TextPosition } from '../../../lib/document.ts';
import type { Located } from '../../../policy/ast.ts';
import type { AccountBuilder, Inline, Kind } from '../account.ts';
import type { Fields } from '../fields.ts';
import { holdsPolicy } from '../policy-search.ts';
import { policyIn } from '../policy-text.ts';
import { tagsIn } from '../tags.ts';
import type { Evaluator } from './intrinsics.ts';

export interface TemplateResource {
  /** Logical id. */
  readonly id: string;
  readonly type: string;
  /** Its properties, worked out. */
  readonly fields: Fields;
  /** Of its logical id. */
  readonly position?: TextPosition;
}

type Read = (resource: TemplateResource, builder: AccountBuilder, evaluator: Evaluator) => void;

const identity =
  (kind: Kind): Read =>
  (resource, builder, evaluator) => {
    const { fields } = resource;
    const name = nameOf(resource, evaluator);
    const boundary = fields.optionalText('PermissionsBoundary');
    const trust = kind === 'role' ? policyIn(fields, 'AssumeRolePolicyDocument', 'trust') : undefined;
    const maxSessionDuration = kind === 'role' ? fields.number('MaxSessionDuration') : undefined;
    if (name === undefined || builder.omits(`${kind}/${name.text}`, resource.id)) return;
    builder.add({
      kind,
      name,
      path: fields.optionalText('Path')?.text ?? '/',
      managed: fields.texts('ManagedPolicyArns'),
      inline: fields.objects('Policies').flatMap((each) => inlineOf(each) ?? []),
      ...(boundary && { boundary }),
      tags: tagsIn(fields, 'Tags'),
      groups: kind === 'user' ? fields.texts('Groups') : [],
      ...(trust && { trust }),
      ...(maxSessionDuration !== undefined && { maxSessionDuration }),
    });
  };

const managedPolicy: Read = (resource, builder, evaluator) => {
  const { fields } = resource;
  const name = nameOf(resource, evaluator);
  const policy = policyIn(fields, 'PolicyDocument', 'managed');
  const path = fields.optionalText('Path')?.text ?? '/';
  if (name && policy) builder.addPolicy({ arn: builder.policyArn(path, name.text), name, path, policy });
};

/** Properties that name the principals of a policy. */
const HOLDERS: readonly (readonly [Kind, string])[] = [
  ['user', 'Users'],
  ['group', 'Groups'],
  ['role', 'Roles'],
];

const bucketPolicy: Read = ({ fields }, builder) => {
  const bucket = fields.text('Bucket');
  const policy = policyIn(fields, 'PolicyDocument', 'resource');
  if (bucket && policy) builder.addBucketPolicy({ bucket, policy });
};

const attachments: Read = (resource, builder, evaluator) => {
  const { fields, position } = resource;
  const name = nameOf(resource, evaluator);
  if (name === undefined) return;
  const arn = builder.policyArn(fields.optionalText('Path')?.text ?? '/', name.text);
  for (const [kind, property] of HOLDERS)
    for (const holder of fields.texts(property))
      builder.attach(kind, holder, { text: arn, ...(position && { position }) });
};

const inlinePolicy: Read = ({ id, fields }, builder) => {
  const inline = inlineOf(fields);
  if (inline === undefined) return;
  const holders = HOLDERS.flatMap(([kind, property]) =>
    fields.texts(property).map((holder) => [kind, holder] as const),
  );
  for (const [kind, holder] of holders) builder.inline(kind, holder, inline);
  if (holders.length === 0) builder.leaveOut(id, 'it is attached to no user, group or role');
};

const inlinePolicyOf =
  (kind: Kind, property: string): Read =>
  ({ fields }, builder) => {
    const holder = fields.text(property);
    const inline = inlineOf(fields);
    if (holder && inline) builder.inline(kind, holder, inline);
  };

const membership: Read = ({ fields }, builder) => {
  const group = fields.text('GroupName');
  if (group) for (const user of fields.texts('Users')) builder.join(user, group);
};

/** What defines principals and policies. */
export const DEFINITIONS: Readonly<Record<string, Read>> = {
  'AWS::IAM::User': identity('user'),
  'AWS::IAM::Group': identity('group'),
  'AWS::IAM::Role': identity('role'),
  'AWS::IAM::ManagedPolicy': managedPolicy,
  'AWS::S3::BucketPolicy': bucketPolicy,
};

/** What is added to them afterwards. */
export const PARTS: Readonly<Record<string, Read>> = {
  'AWS::IAM::ManagedPolicy': attachments,
  'AWS::IAM::Policy': inlinePolicy,
  'AWS::IAM::UserPolicy': inlinePolicyOf('user', 'UserName'),
  'AWS::IAM::GroupPolicy': inlinePolicyOf('group', 'GroupName'),
  'AWS::IAM::RolePolicy': inlinePolicyOf('role', 'RoleName'),
  'AWS::IAM::UserToGroupAddition': membership,
};

/** What has no place in the folder, and what to do. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  'AWS::IAM::AccessKey': 'Access keys are made at deployment: none was imported.',
  'AWS::IAM::OIDCProvider':
    'Identity providers are not imported: add them to oidcProviders of principals.yaml, with their key set.',
  'AWS::IAM::SAMLProvider': 'SAML providers are not supported.',
  'AWS::IAM::InstanceProfile': 'Instance profiles are not needed: take the role with run --as role/NAME.',
  'AWS::IAM::ServiceLinkedRole': 'Service-linked roles are not imported: AWS defines their policies.',
  'AWS::CloudFormation::Stack': 'Nested stacks are not followed: import their templates too.',
  'AWS::CloudFormation::StackSet': 'Stack sets are not followed: import their templates too.',
  'AWS::Organizations::Policy':
    'Policies of the organization are not imported: add them to organization of principals.yaml.',
};

const IAM_TYPE = /^AWS::(?:IAM|Organizations|SSO)::|^Custom::\w*(?:OpenIdConnectProvider|IAM)/;

/** Why a resource that concerns IAM is not imported; `undefined` of one that is, or that does not concern IAM. */
export function reasonToLeaveOut(type: string, properties: DocumentNode | undefined): string | undefined {
  if (Object.hasOwn(DEFINITIONS, type) || Object.hasOwn(PARTS, type)) return undefined;
  const known = Object.hasOwn(LEFT_OUT, type) ? LEFT_OUT[type] : undefined;
  if (known !== undefined) return known;
  if (type.endsWith('::MODULE')) return 'Modules are expanded at deployment: import the processed template.';
  if (IAM_TYPE.test(type)) return `${type} is not imported.`;
  return holdsPolicy(properties) ? `The policy of ${type} is not evaluated here.` : undefined;
}

function nameOf({ id, position }: TemplateResource, evaluator: Evaluator): Located | undefined {
  const name = evaluator.references.nameOf(id);
  if (!name.ok) return evaluator.refuse(name.error, position);
  return { text: name.value, ...(position && { position }) };
}

function inlineOf(fields: Fields): Inline | undefined {
  const name = fields.text('PolicyName');
  const policy = policyIn(fields, 'PolicyDocument', 'inline');
  return name && policy && { name: name.text, policy };
}
