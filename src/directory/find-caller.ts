import { didYouMean } from '../lib/nearest.ts';
import { err, ok, type Result } from '../lib/result.ts';
import {
  type Caller,
  type Directory,
  type Role,
  surroundingsOf,
  type User,
  userCaller,
} from './directory.ts';

/** How a role's session is called where nobody has assumed it. */
const SESSION_NAME = 'personalize-authz-proxy';

/**
 * The caller that people mean by `alice`, `user/alice`, `role/recommender` or an ARN. A role calls through a session.
 * @returns what is wrong with the name, where nobody has it
 */
export function findCaller(directory: Directory, name: string): Result<Caller, string> {
  const found = findIdentity(directory, name);
  if (!found.ok) return found;
  return ok(
    found.value.kind === 'user' ? userCaller(directory, found.value) : roleCaller(directory, found.value),
  );
}

/** The user or role that a name means. @returns what is wrong with the name, where nobody has it */
export function findIdentity({ users, roles }: Directory, name: string): Result<User | Role, string> {
  const names = new Map<string, User | Role>([
    ...[...users.values()].flatMap((user) =>
      [user.name, `user/${user.name}`, user.arn].map((key) => [key, user] as const),
    ),
    ...[...roles.values()].flatMap((role) =>
      [`role/${role.name}`, role.arn].map((key) => [key, role] as const),
    ),
  ]);
  const found = names.get(name);
  return found ? ok(found) : err(`there is no principal ${name}${didYouMean(name, names.keys())}`);
}

function roleCaller(directory: Directory, role: Role): Caller {
  const { account, partition } = directory;
  return {
    principal: {
      type: 'AssumedRole',
      arn: `arn:${partition}:sts::${account}:assumed-role/${role.name}/${SESSION_NAME}`,
      accountId: account,
      roleArn: role.arn,
      sessionName: SESSION_NAME,
    },
    userId: `${role.id}:${SESSION_NAME}`,
    tags: role.tags,
    ...surroundingsOf(directory, role),
    policySet: directory.policySetOf(role),
    policies: directory.policiesOf(role),
  };
}
