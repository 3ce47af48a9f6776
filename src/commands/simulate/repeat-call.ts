import type { Question } from '../../calls/service.ts';
import { tagLookup } from '../../context-keys/resource-tags.ts';
import type { Caller } from '../../directory/caller.ts';
import type { Directory } from '../../directory/directory.ts';
import { findCaller } from '../../directory/find-caller.ts';
import { policiesFor } from '../../directory/policies-for.ts';
import type { ContextValue, RequestContext } from '../../engine/request.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { connectionKeys, recordedCall } from '../../recorded-calls/recorded-call.ts';
import { holderOf } from '../../recorded-calls/recorded-principal.ts';
import { type RecordedQuestion, recordedQuestions } from '../../recorded-calls/recorded-request.ts';
import type { CheckRecord, DecisionRecord } from '../../records/decision-record.ts';
import { contextOf, keysToRecord, TOLD_BY_RECORD } from '../../records/recorded-context.ts';
import { callQuestions } from './call-checks.ts';

type Context = Readonly<Record<string, ContextValue>>;

export interface RepeatCallOptions {
  readonly directory: Directory;
  readonly region: string;
  readonly undocumentedChecks: 'report' | 'enforce';
  /** Who makes the call; the recorded caller unless given. */
  readonly as?: string;
  /** Context keys in any case; they count before those that are recorded. */
  readonly context?: Context;
  /** Whether context keys that no call of the operation has are accepted. */
  readonly allowUnknown?: boolean;
}

/** A recorded call as authorization requests to the current policies. */
export interface RepeatedCall {
  readonly requests: readonly RecordedQuestion[];
  /** Why the decision may differ from that on the call as it was sent; empty where it is the same call. */
  readonly caveats: readonly string[];
}

interface Resolved {
  readonly questions: readonly Question[];
  readonly caveats: readonly string[];
}

/**
 * Resolves the checks of a recorded call again from its input. A check that was recorded keeps its context; where the
 * record does not have the input, the recorded checks themselves are asked.
 * @returns why the call cannot be asked about
 */
export function repeatCall(record: DecisionRecord, options: RepeatCallOptions): Result<RepeatedCall, string> {
  if (record.checks.length === 0)
    return err(
      record.outcome === 'rejected'
        ? `decision ${record.id} was rejected before any policy was evaluated`
        : `the call of decision ${record.id} needs no permission`,
    );
  const { directory, as, context = {} } = options;
  const caller = findCaller(directory, as ?? holderOf(record, directory));
  const resolved = caller.ok ? resolveAgain(record, caller.value, options) : caller;
  if (as !== undefined)
    return caller.ok && resolved.ok
      ? ok(byAnother(resolved.value, record, caller.value, options))
      : err(resolved.ok ? '' : resolved.error);
  const { checks, caveats } = resolved.ok
    ? {
        checks: resolved.value.questions.map((each) => checkOf(each, record)),
        caveats: resolved.value.caveats,
      }
    : {
        checks: binding(record, options),
        caveats: [`${resolved.error}; the recorded checks were evaluated again`],
      };
  const ask = recordedQuestions(directory);
  const requests: RecordedQuestion[] = [];
  for (const check of checks) {
    const asked = ask(record, check);
    if (!asked.ok) return asked;
    const { request, policies } = asked.value;
    requests.push({ request: { ...request, context: overlaid(request.context, context) }, policies });
  }
  return ok({ requests, caveats });
}

/** The checks of the call for a caller, as the proxy resolves them. */
function resolveAgain(
  record: DecisionRecord,
  caller: Caller,
  { directory, region, context = {}, allowUnknown = false, ...options }: RepeatCallOptions,
): Result<Resolved, string> {
  const call = recordedCall(record);
  if (call === undefined) return err('the record does not have the input of the call');
  const { operation, input, incomplete } = call;
  const secure = contextOf(record, record.checks[0] ?? NO_CHECK)['aws:SecureTransport'] === 'true';
  const questions = callQuestions({
    ...{ directory, caller, operation, input, context, allowUnknown },
    region: record.request.region ?? region,
    now: Date.parse(record.time),
    // Tags of resources are in the recorded context.
    tags: tagLookup({ where: 'here', read: () => undefined }),
    network: { remoteAddress: record.request.sourceIp, secure },
  });
  if (!questions.ok) return questions;
  const caveats =
    incomplete.length === 0
      ? []
      : [`the record has these parameters shortened or hidden: ${incomplete.join(', ')}`];
  return ok({ questions: binding(questions.value, options), caveats });
}

const NO_CHECK = { resource: '*' } as const;

/** What decides a call: undocumented checks only where they are enforced. */
const binding = <Check>(
  { checks, undocumented }: { readonly checks: readonly Check[]; readonly undocumented: readonly Check[] },
  { undocumentedChecks }: Pick<RepeatCallOptions, 'undocumentedChecks'>,
): readonly Check[] => (undocumentedChecks === 'enforce' ? [...checks, ...undocumented] : checks);

const recordedAs = (
  { action, resource }: Pick<Question, 'action' | 'resource'>,
  { checks, undocumented }: DecisionRecord,
): CheckRecord | undefined =>
  [...checks, ...undocumented].find((each) => each.action === action && each.resource === resource);

/** The check as it was recorded, or as it would have been. */
function checkOf(question: Question, record: DecisionRecord): CheckRecord {
  const { action, resource, context } = question;
  return (
    recordedAs(question, record) ?? {
      ...{ action, resource, decision: 'implicitDeny', layer: 'identity', determining: [] },
      context: { ...keysToRecord(context.known(TOLD_BY_RECORD), record, resource), ...keysOfCaller(record) },
    }
  );
}

/** Context keys that all checks of the call have alike, and that do not come from a resource. */
function keysOfCaller({ checks: [first, ...others] }: DecisionRecord): Context {
  const isShared = (key: string, value: ContextValue): boolean =>
    others.every(({ context }) => String(context?.[key]) === String(value));
  return Object.fromEntries(
    Object.entries(first?.context ?? {}).filter(
      ([key, value]) => !key.startsWith('aws:Resource') && isShared(key, value),
    ),
  );
}

/** The same call by another principal: over the same connection, to resources with the same tags. */
function byAnother(
  { questions, caveats }: Resolved,
  record: DecisionRecord,
  caller: Caller,
  { directory, context = {} }: RepeatCallOptions,
): RepeatedCall {
  const requests = questions.map((question) => {
    const kept = connectionKeys(record, recordedAs(question, record));
    const request = { ...question, context: overlaid(overlaid(question.context, kept), context) };
    return { request, policies: policiesFor(question, caller, directory) };
  });
  return { requests, caveats };
}

/** @param given keys in any case */
function overlaid(known: RequestContext, given: Context): RequestContext {
  const values = new Map(Object.entries(given).map(([key, value]) => [key.toLowerCase(), value]));
  return { get: (key) => values.get(key) ?? known.get(key) };
}
