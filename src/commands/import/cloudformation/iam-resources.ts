import type { TextPosition } from '../../../lib/document.ts';
import type { Located } from '../../../policy/ast.ts';
import type { AccountBuilder, Inline, Kind } from '../account.ts';
import type { Fields } from '../fields.ts';
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
    if (name === undefined) return;
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

/** Properties that name to whom a policy goes. */
const HOLDERS: readonly (readonly [Kind, string])[] = [
  ['user', 'Users'],
  ['group', 'Groups'],
  ['role', 'Roles'],
];

const attachments: Read = (resource, builder, evaluator) => {
  const { fields, position } = resource;
  const name = nameOf(resource, evaluator);
  if (name === undefined) return;
  const arn = builder.policyArn(fields.optionalText('Path')?.text ?? '/', name.text);
  for (const [kind, property] of HOLDERS)
    for (const holder of fields.texts(property))
      builder.attach(kind, holder, { text: arn, ...(position && { position }) });
};

const inlinePolicy: Read = ({ fields }, builder) => {
  const inline = inlineOf(fields);
  if (inline === undefined) return;
  for (const [kind, property] of HOLDERS)
    for (const holder of fields.texts(property)) builder.inline(kind, holder, inline);
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
export const LEFT_OUT: Readonly<Record<string, string>> = {
  'AWS::IAM::AccessKey': 'Access keys are made at deployment: none was imported.',
  'AWS::IAM::OIDCProvider':
    'Identity providers were left out: add them to oidcProviders of principals.yaml, with their key set.',
  'AWS::IAM::SAMLProvider': 'SAML providers were left out: the proxy has none.',
  'AWS::CloudFormation::Stack': 'Nested stacks were not followed: import their templates too.',
};

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
