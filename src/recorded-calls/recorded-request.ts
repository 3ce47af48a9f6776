import type { Directory, Role, User } from '../directory/directory.ts';
import { policiesFor } from '../directory/policies-for.ts';
import { type CompiledPolicies, compile } from '../engine/compile.ts';
import type { PolicySet } from '../engine/policy-set.ts';
import type { Principal } from '../engine/principal.ts';
import type { AuthorizationRequest } from '../engine/request.ts';
import { arnOf } from '../lib/identifiers.ts';
import { err, ok, type Result } from '../lib/result.ts';
import type { CheckRecord, DecisionRecord, PrincipalRecord } from '../records/decision-record.ts';
import { isAnonymous, requestContextOf } from '../records/recorded-context.ts';
import { sessionPolicies } from '../sessions/session-policies.ts';

/** A recorded check, ready to be evaluated again: `decide(question.request, question.policies)`. */
export interface RecordedQuestion {
  /** Principal, action, resource and context as recorded. */
  readonly request: AuthorizationRequest;
  /** The policies of the principal in the directory. */
  readonly policies: CompiledPolicies;
}

/**
 * Turns recorded checks into authorization requests for the policies of a directory: the original one, or an edited
 * one. Principals are found by name; their tags, and all other context, stay as recorded.
 * @returns an error if the user or role is not in the directory, or the record does not identify its caller
 */
export function recordedQuestions(
  directory: Directory,
): (record: DecisionRecord, check: CheckRecord) => Result<RecordedQuestion, string> {
  const setOf = rememberByText((record) => policySetOf(record, directory));
  const compiledOf = new WeakMap<PolicySet, CompiledPolicies>();
  return (record, check) => {
    const principal = principalOf(record, check);
    if (principal === undefined) return err(`decision ${record.id} does not identify its caller`);
    const set = setOf(record);
    if (!set.ok) return set;
    const policies = compiledOf.get(set.value) ?? compile(set.value);
    compiledOf.set(set.value, policies);
    const request: AuthorizationRequest = {
      principal,
      action: check.action,
      resource: check.resource,
      context: requestContextOf(record, check),
    };
    return ok({ request, policies: policiesFor(request, { policies, policySet: set.value }, directory) });
  };
}

/** Records have no principal for services, web identities and anonymous callers: the context identifies them. */
function principalOf(record: DecisionRecord, check: CheckRecord): Principal | undefined {
  const { principal } = record;
  const { context } = check;
  if (isAnonymous(record, check)) return { type: 'Anonymous' };
  const service = context?.['aws:PrincipalServiceName'];
  if (typeof service === 'string') return { type: 'Service', service };
  const provider = context?.['aws:FederatedProvider'];
  if (principal) return recordedPrincipal(principal);
  return typeof provider === 'string' ? { type: 'WebIdentity', provider } : undefined;
}

function recordedPrincipal(record: PrincipalRecord): Principal {
  const { type, arn, accountId, userName = '', roleArn = arnOf(''), sessionName = '' } = record;
  if (type === 'User') return { type, arn, accountId, userName };
  return type === 'AssumedRole' ? { type, arn, accountId, roleArn, sessionName } : { type, arn, accountId };
}

function policySetOf(record: DecisionRecord, directory: Directory): Result<PolicySet, string> {
  const { principal, session } = record;
  const { organization } = directory;
  const { serviceControlPolicies: serviceControl, resourceControlPolicies: resourceControl } =
    organization ?? {};
  if (principal === undefined) return ok({ identity: [], ...(resourceControl && { resourceControl }) });
  if (principal.type === 'Root')
    return ok({
      identity: [],
      ...(serviceControl && { serviceControl }),
      ...(resourceControl && { resourceControl }),
    });
  const holder = holderOf(record, directory);
  if (!holder.ok) return holder;
  const own = directory.policySetOf(holder.value);
  const passed = session?.policies;
  return ok(passed ? { ...own, session: sessionPolicies(directory, passed) } : own);
}

/** The user or role whose permissions a call had. */
function holderOf(
  { principal, session }: DecisionRecord,
  { users, roles }: Directory,
): Result<User | Role, string> {
  const [kind, name = ''] = session?.holder.split('/') ?? [];
  const roleArn = principal?.roleArn;
  const found =
    kind === undefined
      ? (users.get(principal?.userName ?? '') ?? [...roles.values()].find(({ arn }) => arn === roleArn))
      : (kind === 'role' ? roles : users).get(name);
  return found ? ok(found) : err(`there is no ${session?.holder ?? roleArn ?? principal?.arn}`);
}

/** Cached by caller and session policies: the policies are combined once. */
function rememberByText<Value>(work: (record: DecisionRecord) => Value): (record: DecisionRecord) => Value {
  const known = new Map<string, Value>();
  return (record) => {
    const { principal, session } = record;
    const holder = session?.holder ?? principal?.roleArn ?? principal?.arn ?? '';
    const key = JSON.stringify([principal?.type, holder, session?.policies]);
    const found = known.get(key) ?? work(record);
    known.set(key, found);
    return found;
  };
}
