import type { Directory } from '../directory/directory.ts';
import type { DecisionRecord } from '../records/decision-record.ts';

/**
 * The principal whose permissions a recorded call had, e.g. `role/recommender`: calls of a role's sessions count as
 * calls of the role.
 */
export function holderOf(
  { principal, session }: DecisionRecord,
  { roles }: Pick<Directory, 'roles'>,
): string {
  if (session) return session.holder;
  if (principal?.userName !== undefined) return `user/${principal.userName}`;
  const role = [...roles.values()].find(({ arn }) => arn === principal?.roleArn);
  return role ? `role/${role.name}` : (principal?.arn ?? '');
}
