import type { Directory, DirectoryPolicy, PolicyUse } from '../../directory/directory.ts';
import { uniqueId } from '../../directory/fingerprint.ts';
import { type AwsManagedPolicyHead, awsManagedPolicies } from '../../directory/managed-policies.ts';
import type { Output } from './call.ts';
import type { Entity } from './entities.ts';
import { CREATED, documentText, encodeDocument } from './views.ts';

/** A managed policy: AWS's own, or a file of the folder. */
export interface ManagedPolicy {
  readonly arn: string;
  readonly name: string;
  /** Begins and ends with `/`. */
  readonly path: string;
  readonly id: string;
  /** A file has one version, `v1`; of AWS's own only the default one is known. */
  readonly versionId: string;
  readonly created: Date;
  readonly updated: Date;
  /** JSON. */
  readonly text: () => string;
}

/** Those of the account, or AWS's own in the account's partition; all 1,485 of them, their documents left unread. */
export const localPolicies = ({ account, policies }: Directory): readonly ManagedPolicy[] =>
  policies.filter(isManaged).map((each) => ofFile(each, account));

export const awsPolicies = (directory: Directory): readonly ManagedPolicy[] =>
  awsManagedPolicies.list().map((head) => ofAws(head, directory));

export function findPolicy(directory: Directory, arn: string): ManagedPolicy | undefined {
  const local = directory.policyByArn(arn);
  if (local && isManaged(local)) return ofFile(local, directory.account);
  const head = awsManagedPolicies.find(arn);
  const known = head && ofAws(head, directory);
  return known?.arn === arn ? known : undefined;
}

/** What only a role, an identity or an organization uses is a part of that, and a trust policy no managed one. */
function isManaged({ policy, owner, attachments }: DirectoryPolicy): boolean {
  if (owner === 'aws' || policy.policy.statements.some(({ principal }) => principal)) return false;
  return (
    attachments.length === 0 ||
    attachments.some(({ use }) => use === 'managed' || use === 'permissionsBoundary')
  );
}

function ofFile({ policy }: DirectoryPolicy, account: string): ManagedPolicy {
  const { arn = '' } = policy;
  const path = arn.slice(arn.indexOf(':policy/') + ':policy'.length, arn.lastIndexOf('/') + 1);
  return {
    arn,
    name: arn.slice(arn.lastIndexOf('/') + 1),
    path,
    id: uniqueId(account, 'policy', policy.name),
    versionId: 'v1',
    created: CREATED,
    updated: CREATED,
    text: () => documentText(policy),
  };
}

function ofAws(head: AwsManagedPolicyHead, { partition }: Directory): ManagedPolicy {
  return {
    arn: head.arn.replace(/^arn:aws:/, `arn:${partition}:`),
    name: head.name,
    path: head.path,
    id: uniqueId('aws', 'policy', head.name),
    versionId: head.defaultVersionId,
    created: new Date(head.createDate),
    updated: new Date(head.updateDate),
    text: () => JSON.stringify(awsManagedPolicies.find(head.arn)?.document, undefined, 2),
  };
}

export const entitiesOf = ({ users, groups, roles }: Directory): readonly Entity[] => [
  ...groups.values(),
  ...users.values(),
  ...roles.values(),
];

export const isAttached = (entity: Entity, { arn }: Pick<ManagedPolicy, 'arn'>): boolean =>
  entity.managedPolicies.some((policy) => policy.arn === arn);

export const isBoundary = (entity: Entity, { arn }: Pick<ManagedPolicy, 'arn'>): boolean =>
  'permissionsBoundary' in entity && entity.permissionsBoundary?.arn === arn;

/** How often a policy is attached, and how often it is a boundary. */
export function usage(directory: Directory, { arn }: Pick<ManagedPolicy, 'arn'>) {
  const { attachments = [] } = directory.policyByArn(arn) ?? {};
  // An entity can name one policy by its name and by its ARN.
  const countOf = (wanted: PolicyUse): number =>
    new Set(attachments.filter(({ use }) => use === wanted).map(({ to }) => to)).size;
  return {
    AttachmentCount: countOf('managed'),
    PermissionsBoundaryUsageCount: countOf('permissionsBoundary'),
  };
}

export const policyView = (directory: Directory, policy: ManagedPolicy): Output => ({
  PolicyName: policy.name,
  PolicyId: policy.id,
  Arn: policy.arn,
  Path: policy.path,
  DefaultVersionId: policy.versionId,
  ...usage(directory, policy),
  IsAttachable: true,
  CreateDate: policy.created,
  UpdateDate: policy.updated,
});

/** The one version, with its document. */
export const versionView = (policy: ManagedPolicy): Output => ({
  Document: encodeDocument(policy.text()),
  VersionId: policy.versionId,
  IsDefaultVersion: true,
  CreateDate: policy.updated,
});
