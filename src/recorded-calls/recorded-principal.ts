import type { Directory } from '../directory/directory.ts';
import type { DecisionRecord } from '../records/decision-record.ts';

/** Whose permissions a recorded call had, e.g. `role/recommender`: a role's sessions are calls of the role. */
export function holderOf(
  { principal, session }: DecisionRecord,
  { roles }: Pick<Directory, 'roles'>,
): string {
  if (session) return session.holder;
  if (principal?.userName !== undefined) return `user/${principal.userName}`;
  const role = [...roles.values()].find(({ arn }) => arn === principal?.roleArn);
  return role ? `role/${role.name}` : (principal?.arn ?? '');
}
