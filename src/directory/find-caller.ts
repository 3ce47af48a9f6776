import { compile } from '../engine/compile.ts';
import { formatArn } from '../lib/arn.ts';
import { accessKeyId } from '../lib/identifiers.ts';
import { didYouMean } from '../lib/nearest.ts';
import { err, ok, type Result } from '../lib/result.ts';
import { type Caller, type Directory, environmentOf, type Role, type User, userCaller } from './directory.ts';
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
  if (found) return ok(found);
  // A bare name is a user's; a role requires the prefix.
  const hint = names.has(`role/${name}`) ? `; did you mean "role/${name}"?` : didYouMean(name, names.keys());
  return err(`there is no principal ${name}${hint}`);
}

/**
 * The caller with a session that was issued at a given time: a role always calls through a session, so its calls have
 * the context keys `aws:TokenIssueTime` and `aws:MultiFactorAuthPresent`. A user calls with a long-term access key.
 * @param now milliseconds since the epoch
 */
export function withSession(caller: Caller, { account, roles }: Directory, now: number): Caller {
  const { principal } = caller;
  if (principal.type !== 'AssumedRole') return caller;
  const role = [...roles.values()].find(({ arn }) => arn === principal.roleArn);
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
export const entityNamed = <Of extends { readonly name: string }>(
  entities: ReadonlyMap<string, Of>,
  name: string,
): Of | undefined =>
  entities.get(name) ?? [...entities.values()].find((each) => each.name.toLowerCase() === name.toLowerCase());

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
