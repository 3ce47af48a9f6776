import type { Directory, Role, User } from '../../directory/directory.ts';
import { findCaller } from '../../directory/find-caller.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { filterInSteps, type Steps } from '../../lib/steps.ts';
import { holderOf } from '../../recorded-calls/recorded-principal.ts';
import type { CheckRecord, DecisionRecord } from '../../records/decision-record.ts';

/** A check and the decision that it is of. */
export interface RecordedCheck {
  readonly record: DecisionRecord;
  readonly check: CheckRecord;
}

/** What a log has of one user or role. */
export interface RecordedCalls {
  readonly identity: User | Role;
  /** Calls that went through. */
  readonly passed: readonly DecisionRecord[];
  /** Calls that the policies denied, and that went through all the same in `mode: audit`. */
  readonly audited: readonly DecisionRecord[];
  readonly denied: readonly DecisionRecord[];
}

/** The user or role that a name means. */
export function identityOf(directory: Directory, name: string): Result<User | Role, string> {
  const caller = findCaller(directory, name);
  if (!caller.ok) return caller;
  const { principal } = caller.value;
  const found =
    principal.type === 'User'
      ? directory.users.get(principal.userName)
      : principal.type === 'AssumedRole' && directory.roleByArn(principal.roleArn);
  return found ? ok(found) : err(`${name} is neither a user nor a role`);
}

/** The users and roles whose permissions were evaluated for recorded calls: `role/recommender`. */
export function callersIn(directory: Directory, records: readonly DecisionRecord[]): readonly string[] {
  const decided = records.filter(({ outcome }) => outcome !== 'rejected');
  const names = new Set(decided.map((record) => holderOf(record, directory)));
  return [...directory.users.values(), ...directory.roles.values()]
    .map(({ kind, name }) => `${kind}/${name}`)
    .filter((name) => names.has(name));
}

/** The calls that were made with the permissions of a user or role, through sessions too. */
export function* callsOf(
  directory: Directory,
  identity: User | Role,
  records: readonly DecisionRecord[],
): Steps<RecordedCalls> {
  const name = `${identity.kind}/${identity.name}`;
  const own = yield* filterInSteps(records, (record) => holderOf(record, directory) === name);
  const ended = (...outcomes: readonly DecisionRecord['outcome'][]) =>
    own.filter(({ outcome }) => outcomes.includes(outcome));
  return {
    identity,
    passed: ended('forwarded', 'answered'),
    audited: ended('audited'),
    denied: ended('denied'),
  };
}

export const documentedChecks = (records: readonly DecisionRecord[]): readonly RecordedCheck[] =>
  records.flatMap((record) => record.checks.map((check) => ({ record, check })));

export const undocumentedChecks = (records: readonly DecisionRecord[]): readonly RecordedCheck[] =>
  records.flatMap((record) => record.undocumented.map((check) => ({ record, check })));
