import { tagLookup } from '../../context-keys/resource-tags.ts';
import { findCaller } from '../../directory/find-caller.ts';
import { recordedCall } from '../../recorded-calls/recorded-call.ts';
import type { CheckRecord, DecisionRecord } from '../../records/decision-record.ts';
import { contextOf } from '../../records/recorded-context.ts';
import { answerCall } from '../simulate/call-authorization.ts';
import { callQuestions } from '../simulate/call-checks.ts';
import { type Context, type NeededContext, neededContext, type RowOptions } from './needed-context.ts';

/** A recorded call as a row of a policy test of its operation, in the words of the file. */
export interface CallRow extends NeededContext {
  readonly input?: Readonly<Record<string, unknown>>;
  readonly expect: CheckRecord['decision'];
  readonly layer?: CheckRecord['layer'];
  /** The action whose check is refused, where the call has several. */
  readonly refused?: string;
}

/**
 * The row of a call of which the record has all of the input, and which the policies decide as they did; nothing otherwise.
 * Calls with the same `key` come out alike.
 */
export function callRow(
  record: DecisionRecord,
  principal: string,
  { directory, region }: RowOptions,
): { readonly operation: string; readonly key: string; readonly row: CallRow } | undefined {
  const call = recordedCall(record);
  const caller = findCaller(directory, principal);
  // Policy tests have no session policies.
  if (call === undefined || call.incomplete.length > 0 || !caller.ok || record.session?.policies)
    return undefined;
  const { operation, input } = call;
  const decisive = record.checks.find(({ decision }) => decision !== 'allowed') ?? record.checks.at(-1);
  if (decisive === undefined) return undefined;
  const { decision, layer, action } = decisive;
  const tags = tagLookup({ where: 'here', read: () => undefined });
  const needed = neededContext(sharedContext(record), record.time, (context, now) => {
    const asked = { directory, caller: caller.value, operation, input, region, now, tags, context };
    const questions = callQuestions(asked);
    if (!questions.ok || !isAsRecorded(questions.value.checks, record)) return false;
    const answer = answerCall(questions.value, caller.value, directory, 'report');
    return (
      answer.decision === decision &&
      answer.layer === layer &&
      (decision === 'allowed' || answer.check.action === action)
    );
  });
  if (needed === undefined) return undefined;
  const rest: Omit<CallRow, 'input'> = {
    ...needed,
    expect: decision,
    ...(decision !== 'allowed' && { layer }),
    ...(decision !== 'allowed' && record.checks.length > 1 && { refused: action }),
  };
  const checks = record.checks.map((each) => [each.action, each.resource]);
  return {
    operation: operation.name,
    key: JSON.stringify([checks, rest]),
    row: { ...(Object.keys(input).length > 0 && { input }), ...rest },
  };
}

const isAsRecorded = (
  asked: readonly Pick<CheckRecord, 'action' | 'resource'>[],
  { checks }: DecisionRecord,
): boolean =>
  asked.length === checks.length &&
  checks.every(
    ({ action, resource }, index) => asked[index]?.action === action && asked[index].resource === resource,
  );

/** Of a call that has one context for all of its checks: the keys that no two of them have otherwise. */
function sharedContext(record: DecisionRecord): Context {
  const shared = new Map<string, Context[string]>();
  const different = new Set<string>();
  for (const check of record.checks)
    for (const [key, value] of Object.entries(contextOf(record, check))) {
      if (String(shared.get(key) ?? value) !== String(value)) different.add(key);
      shared.set(key, value);
    }
  return Object.fromEntries([...shared].filter(([key]) => !different.has(key)));
}
