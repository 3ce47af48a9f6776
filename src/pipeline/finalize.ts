import { decisionRecord, type Ending } from '../calls/call-record.ts';
import type { Service, Stage } from '../calls/service.ts';
import type { Draft } from '../lib/draft.ts';
import { type AwsError, awsError } from '../lib/errors.ts';
import type { HttpResponse } from '../lib/http-message.ts';
import { type MaybePromise, proceed } from '../lib/maybe-promise.ts';
import { err } from '../lib/result.ts';
import type { DecisionLog } from '../records/decision-log.ts';
import type { DecisionRecord } from '../records/decision-record.ts';
import { encodeError, sentCode } from '../wire/encode-error.ts';
import { recordedParameters, requestParameters } from './request-parameters.ts';
import { type Conclusion, conclude, type Reached, type Respond, targetOf } from './respond.ts';

export interface FinalizeOptions {
  readonly services: readonly Service[];
  readonly settings: () => { readonly mode: DecisionRecord['mode'] };
  readonly log: Pick<DecisionLog, 'append'>;
  readonly onRecord?: (record: DecisionRecord) => void;
  /** The error that an exception becomes. */
  readonly failure: (cause: unknown, effect?: string) => AwsError;
}

/** Responds to a request that came as far as `reached`, and records it; without a promise where nothing is waited for. */
export type Finalize = (reached: Reached, micros: number, respond: Respond) => MaybePromise<HttpResponse>;

/** A response that cannot be recorded is not given, and no exception goes further than here. */
export function createFinalize({ services, settings, log, onRecord, failure }: FinalizeOptions): Finalize {
  const failed = (cause: unknown): AwsError => failure(cause, 'request not answered');
  const caught = (cause: unknown) => err(failed(cause));

  const guarded =
    (respond: Respond): Respond =>
    (authorized) => {
      try {
        const responded = respond(authorized);
        return responded instanceof Promise ? responded.catch(caught) : responded;
      } catch (cause) {
        return caught(cause);
      }
    };

  /** @returns the error to respond with where the record could not be kept */
  const keep = (made: DecisionRecord, stage: Stage): MaybePromise<AwsError | undefined> => {
    const observe = (): undefined => {
      try {
        onRecord?.(made);
      } catch (cause) {
        failure(cause);
      }
    };
    try {
      const written = log.append(made, requestParameters(stage));
      return written === undefined ? observe() : written.then(observe, failed);
    } catch (cause) {
      return failed(cause);
    }
  };

  const parametersOf = (stage: Stage) => {
    try {
      return recordedParameters(stage);
    } catch (cause) {
      failure(cause);
      return undefined;
    }
  };

  const record = (
    reached: Reached,
    { outcome, response, error }: Conclusion,
    { mode, durationMicros }: Pick<DecisionRecord, 'mode' | 'durationMicros'>,
  ): MaybePromise<HttpResponse> => {
    const { stage } = reached;
    const target = targetOf(reached);
    const encode = (reason: AwsError): HttpResponse => encodeError(reason, target, stage.requestId);
    const sent = response ?? encode(error ?? NO_RESPONSE);
    const parameters = parametersOf(stage);
    const ending: Draft<Ending> = { mode, outcome, durationMicros };
    if (parameters) ending.parameters = parameters;
    if (AUTHORIZED.has(outcome)) ending.answer = { status: sent.status };
    if (error)
      ending.error = {
        code: sentCode(error.code, target),
        message: error.reason ?? error.message,
        status: sent.status,
      };
    const made = decisionRecord(stage, ending);
    return proceed(keep(made, stage), (unrecorded) => withIds(unrecorded ? encode(unrecorded) : sent, stage));
  };

  return (reached, durationMicros, respond) => {
    const { mode } = settings();
    const concluded = conclude(reached, mode, { services, respond: guarded(respond) });
    return proceed(concluded, (conclusion) => record(reached, conclusion, { mode, durationMicros }));
  };
}

const withIds = (
  { status, headers, body }: HttpResponse,
  { requestId, decisionId }: Stage,
): HttpResponse => ({
  status,
  headers: { 'x-amzn-requestid': requestId, ...headers, 'x-authz-decision': decisionId },
  body,
});

/** Outcomes of requests that were responded to by a service. */
const AUTHORIZED: ReadonlySet<DecisionRecord['outcome']> = new Set(['forwarded', 'answered', 'audited']);

const NO_RESPONSE = awsError(
  'InternalFailure',
  'Internal error, request not answered: there is no response.',
);
