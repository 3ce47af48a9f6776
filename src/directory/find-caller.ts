import { compile } from '../engine/compile.ts';
import { formatArn } from '../lib/arn.ts';
import { accessKeyId, arnOf } from '../lib/identifiers.ts';
import { memoizeFor } from '../lib/memoize.ts';
import { didYouMean } from '../lib/nearest.ts';
import { err, ok, type Result } from '../lib/result.ts';
import { type Caller, environmentOf, userCaller } from './caller.ts';
import type { Directory, Role, User } from './directory.ts';
import type { Session } from './session.ts';

/** Session name of a role without an actual session. */
const SESSION_NAME = 'personalize-authz-proxy';

/**
 * The caller for `alice`, `user/alice`, `role/recommender` or an ARN. A role calls through a session.
 * @returns an error message if there is no such principal
 */
export function findCaller(directory: Directory, name: string): Result<Caller, string> {
  const found = findIdentity(directory, name);
  if (!found.ok) return found;
  return ok(
    found.value.kind === 'user' ? userCaller(directory, found.value) : roleCaller(directory, found.value),
  );
}

/** The user or role with this name. @returns an error message if there is none */
export function findIdentity(directory: Directory, name: string): Result<User | Role, string> {
  const { users, roles } = directory;
  const [kind, bare = ''] = /^(user|role)\/(.*)$/s.exec(name)?.slice(1) ?? [];
  const found =
    users.get(name) ?? (kind === 'role' ? roles : users).get(bare) ?? directory.identityByArn(arnOf(name));
  if (found) return ok(found);
  // A bare name is a user's; a role requires the prefix.
  const hint = roles.has(name) ? `; did you mean "role/${name}"?` : didYouMean(name, namesOf(directory));
  return err(`there is no principal ${name}${hint}`);
}

const namesOf = ({ users, roles }: Directory): readonly string[] => [
  ...[...users.values()].flatMap((user) => [user.name, `user/${user.name}`, user.arn]),
  ...[...roles.values()].flatMap((role) => [`role/${role.name}`, role.arn]),
];

/**
 * The caller with a session that was issued at a given time: a role always calls through a session, so its calls have
 * the context keys `aws:TokenIssueTime` and `aws:MultiFactorAuthPresent`. A user calls with a long-term access key.
 * @param now milliseconds since the epoch
 */
export function withSession(caller: Caller, { account, roleByArn }: Directory, now: number): Caller {
  const { principal } = caller;
  if (principal.type !== 'AssumedRole') return caller;
  const role = roleByArn(principal.roleArn);
  if (role === undefined) return caller;
  const issuedAt = Math.floor(now / 1000) * 1000;
  const session: Session = {
    accessKeyId: accessKeyId(''),
    kind: 'AssumedRole',
    accountId: account,
    holder: { name: role.name, id: role.id },
    sessionName: principal.sessionName,
    issuedAt,
    expiresAt: issuedAt + SESSION_MILLIS,
  };
  return { ...caller, session };
}

/** One hour, the default of AssumeRole. */
const SESSION_MILLIS = 3_600_000;

function roleCaller(directory: Directory, role: Role): Caller {
  const { account, partition } = directory;
  return {
    principal: {
      type: 'AssumedRole',
      arn: formatArn({
        partition,
        service: 'sts',
        region: '',
        account,
        resource: `assumed-role/${role.name}/${SESSION_NAME}`,
      }),
      accountId: account,
      roleArn: role.arn,
      sessionName: SESSION_NAME,
    },
    userId: `${role.id}:${SESSION_NAME}`,
    tags: role.tags,
    ...environmentOf(directory, role),
    policySet: directory.policySetOf(role),
    policies: directory.policiesOf(role),
  };
}

/**
 * Finds a user, group or role by name. IAM names are case-insensitive. Authorization and the response must use the
 * same lookup, or a policy on `user/bob` would not apply to a request for `BOB`.
 */
export const entityNamed = <Of>(entities: ReadonlyMap<string, Of>, name: string): Of | undefined =>
  entities.get(name) ?? entities.get(spellingsOf(entities).get(name.toLowerCase()) ?? '');

/** Names by themselves in lower case: two that differ in case only are an error of the file. */
const spellingsOf = memoizeFor(
  (entities: ReadonlyMap<string, unknown>) =>
    new Map([...entities.keys()].map((name) => [name.toLowerCase(), name])),
);

/**
 * The caller of an unsigned request. It belongs to no account: only the resource's own policy and resource control
 * policies apply to it.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-anonymous
 */
export function anonymousCaller({ organization }: Directory): Caller {
  const { resourceControlPolicies: resourceControl } = organization ?? {};
  const policySet = { identity: [], ...(resourceControl && { resourceControl }) };
  return {
    principal: { type: 'Anonymous' },
    userId: 'anonymous',
    tags: {},
    policySet,
    policies: compile(policySet),
  };
}
