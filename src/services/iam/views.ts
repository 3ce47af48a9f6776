import type { Group, Role, Tags, User } from '../../directory/directory.ts';
import type { NamedPolicy } from '../../engine/policy-set.ts';
import type { Output } from './call.ts';
import { documentText, encodeDocument } from './document.ts';

/** The folder knows no dates: everything in it has always been there, the same at every start and on every replica. */
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

/** What Get answers beyond List: the boundary, and the tags where there are any. */
export const particulars = ({ permissionsBoundary, tags }: User | Role): Output => ({
  ...(permissionsBoundary?.arn !== undefined && {
    // IAM answers `Policy`, whatever its model says.
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
