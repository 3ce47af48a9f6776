import type { Directory } from '../directory/directory.ts';
import type { ContextValue } from '../engine/request.ts';
import { connectionKeys, recordedCall } from '../recorded-calls/recorded-call.ts';
import { holderOf } from '../recorded-calls/recorded-principal.ts';
import type { DecisionRecord } from '../records/decision-record.ts';

/** A recorded call as a form takes it: a case of `POST simulate`. */
export interface RecordedCallView {
  /** `user/alice`, `role/recommender`, or an ARN. */
  readonly principal: string;
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** Where the call came from, and whether its caller used MFA. */
  readonly context: Readonly<Record<string, ContextValue>>;
  /** Paths of the input that are not as they were sent. */
  readonly incomplete: readonly string[];
}

/** Keys of a caller that a new session of it would not have. */
const OF_SESSION = /^aws:(?:MultiFactorAuthPresent|MultiFactorAuthAge|SourceIdentity)$/;
/** The time is that of the simulation, and plain HTTP is the default. */
const UNNEEDED: Readonly<Record<string, RegExp>> = {
  'aws:CurrentTime': /./,
  'aws:EpochTime': /./,
  'aws:SecureTransport': /^false$/,
};

export function recordedCallView(record: DecisionRecord, directory: Directory): RecordedCallView | undefined {
  const call = recordedCall(record);
  if (call === undefined) return undefined;
  const { operation, input, incomplete } = call;
  const own = Object.entries(record.checks[0]?.context ?? {}).filter(([key]) => OF_SESSION.test(key));
  const context = Object.entries({ ...connectionKeys(record), ...Object.fromEntries(own) }).filter(
    ([key, value]) => !UNNEEDED[key]?.test(String(value)),
  );
  return {
    principal: holderOf(record, directory),
    operation: operation.name,
    input,
    context: Object.fromEntries(context),
    incomplete,
  };
}
