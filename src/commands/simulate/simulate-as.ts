import { tagLookup } from '../../context-keys/resource-tags.ts';
import type { Caller } from '../../directory/caller.ts';
import type { Directory } from '../../directory/directory.ts';
import { findCaller, withSession } from '../../directory/find-caller.ts';
import { policiesFor } from '../../directory/policies-for.ts';
import type { ContextValue, RequestContext } from '../../engine/request.ts';
import { type Simulation, simulate } from '../../explanation/simulation.ts';
import { parseArn } from '../../lib/arn.ts';
import { arnOf } from '../../lib/identifiers.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { callerFacts, checkContext } from '../../pipeline/check-context.ts';
import { OWNED_BY_ACCOUNT } from '../../services/resource-rules.ts';
import { SERVICES } from '../../services/services.ts';
import { type QuestionDiagnostic, questionDiagnostics } from './question-diagnostics.ts';

/** One question about a principal of the folder. */
export interface SimulateAsOptions {
  readonly directory: Directory;
  /** `alice`, `user/alice`, `role/recommender` or an ARN. */
  readonly as: string;
  readonly action: string;
  readonly resource: string;
  /** Context keys in any case; they win over those that are known of the principal. */
  readonly context: Readonly<Record<string, ContextValue>>;
  readonly region: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Whether actions, resources and context keys that no request has are asked about all the same. */
  readonly allowUnknown?: boolean;
}

const unknownPrincipal = (message: string): QuestionDiagnostic => ({
  part: 'principal',
  rule: 'unknown-principal',
  message,
});

/** No resource of a question exists anywhere but in the folder: others have no tags. */
const NO_TAGS = tagLookup({ where: 'here', read: () => undefined });

/** The context of a call of the action on the resource, as the request path builds it. */
function contextOf(
  { action, resource }: Pick<SimulateAsOptions, 'action' | 'resource'>,
  caller: Caller,
  { directory, region, now }: Pick<SimulateAsOptions, 'directory' | 'region' | 'now'>,
): RequestContext {
  const prefix = action.slice(0, Math.max(action.indexOf(':'), 0)).toLowerCase();
  const service = parseArn(resource)?.service;
  // A role is passed where it is passed to.
  const isPassed = action.toLowerCase() === 'iam:passrole';
  const requested = isPassed ? undefined : SERVICES.find(({ name }) => name === prefix)?.requestedRegion;
  const facts = callerFacts(caller, { receivedAt: now, region: requested ?? region, secure: false });
  const rules = SERVICES.find(({ name }) => name === service)?.resources ?? OWNED_BY_ACCOUNT;
  const extra = new Map(prefix === 's3' ? [['s3:resourceaccount', directory.account] as const] : []);
  return checkContext(facts, { resource, rules, extra }, { directory, tags: NO_TAGS });
}

/**
 * Puts one question to the policies of a principal, where a role is assumed beside the trust policy of the role, and
 * explains the answer. The context has what is known without a
 * request and what is given: the principal's own keys, those of a session of a role made now without a second factor, the
 * time, the region, and plain HTTP; nothing else is made up.
 * @returns what is wrong with the question
 */
export function simulateAs({
  directory,
  as,
  context,
  now,
  region,
  allowUnknown = false,
  ...question
}: SimulateAsOptions): Result<Simulation, readonly QuestionDiagnostic[]> {
  const found = findCaller(directory, as);
  const unknown = found.ok ? [] : [unknownPrincipal(found.error)];
  const diagnostics = [
    ...unknown,
    ...(allowUnknown ? [] : questionDiagnostics({ ...question, context: Object.keys(context) })),
  ];
  if (!found.ok || diagnostics.length > 0) return err(diagnostics);
  const caller = withSession(found.value, directory, now);
  const { principal } = caller;
  const given = new Map(Object.entries(context).map(([key, value]) => [key.toLowerCase(), value]));
  const known = contextOf(question, caller, { directory, region, now });
  const both: RequestContext = { get: (key) => given.get(key) ?? known.get(key) };
  const request = { ...question, resource: arnOf(question.resource) };
  const policies = policiesFor(request, caller, directory);
  return ok(simulate({ ...request, principal, context: both, policies }));
}
