import type { Group, Role, Tags, User } from '../../directory/directory.ts';
import { awsManagedPolicies } from '../../directory/managed-policies.ts';
import type { NamedPolicy } from '../../engine/policy-set.ts';
import { printPolicy } from '../../policy/print.ts';
import type { Output } from './call.ts';

/** The folder has no dates: every entity has the same, at every start and on every replica. */
export const CREATED = new Date('2026-01-01T00:00:00Z');

export const userView = (user: User): Output => ({
  Path: user.path,
  UserName: user.name,
  UserId: user.id,
  Arn: user.arn,
  CreateDate: CREATED,
});

export const groupView = (group: Group): Output => ({
  Path: group.path,
  GroupName: group.name,
  GroupId: group.id,
  Arn: group.arn,
  CreateDate: CREATED,
});

export const roleView = (role: Role): Output => ({
  Path: role.path,
  RoleName: role.name,
  RoleId: role.id,
  Arn: role.arn,
  CreateDate: CREATED,
  AssumeRolePolicyDocument: encodeDocument(documentText(role.trustPolicy)),
  MaxSessionDuration: role.maxSessionDuration,
});

/** What Get returns beyond List: the boundary, and the tags if there are any. */
export const overrides = ({ permissionsBoundary, tags }: User | Role): Output => ({
  ...(permissionsBoundary?.arn !== undefined && {
    // IAM returns `Policy`, which its model does not list.
    PermissionsBoundary: {
      PermissionsBoundaryType: 'Policy',
      PermissionsBoundaryArn: permissionsBoundary.arn,
    },
  }),
  ...(Object.keys(tags).length > 0 && { Tags: tagViews(tags) }),
});

export const tagViews = (tags: Tags): readonly Output[] =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

/** Of the attached policies of a user, group or role. */
export const attachedView = ({ name, arn = '' }: NamedPolicy): Output => ({
  PolicyName: arn.slice(arn.lastIndexOf('/') + 1) || name,
  PolicyArn: arn,
});

/** IAM allows no slash in the name of an inline policy; a file in a folder has one. */
export const inlineName = ({ name }: NamedPolicy): string => name.replaceAll('/', '.');

/**
 * A policy as JSON text, the one that positions of statements count in: AWS's own as AWS publishes it, a document of the
 * folder as it was written (YAML as the equivalent JSON).
 */
export function documentText(named: NamedPolicy): string {
  const ofAws = named.arn === undefined ? undefined : awsManagedPolicies.find(named.arn);
  if (ofAws) return JSON.stringify(ofAws.document, undefined, 2);
  return named.written?.() ?? printPolicy(named.policy);
}

/** As IAM returns documents: percent-encoded by RFC 3986. boto3 and the AWS CLI decode them, other SDKs do not. */
export const encodeDocument = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
