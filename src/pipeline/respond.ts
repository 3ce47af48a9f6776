import { accessDenied } from '../calls/access-denied.ts';
import type { Decided, Service, Stage } from '../calls/service.ts';
import { type AwsError, awsError } from '../lib/errors.ts';
import type { HttpResponse } from '../lib/http-message.ts';
import { type MaybePromise, proceed } from '../lib/maybe-promise.ts';
import type { Result } from '../lib/result.ts';
import type { DecisionRecord, Outcome } from '../records/decision-record.ts';
import type { ErrorTarget } from '../wire/encode-error.ts';

/** How far a request came, and what stopped it. */
export interface Reached {
  readonly stage: Stage;
  readonly error?: AwsError;
  /** Of a request that could not be routed. */
  readonly target?: ErrorTarget;
}

/** The outcome of a request: a response, or an error that is still to be encoded; in audit mode both. */
export interface Conclusion {
  readonly outcome: Outcome;
  readonly response?: HttpResponse;
  readonly error?: AwsError;
}

type Responded = Result<HttpResponse, AwsError>;

export type Respond = (authorized: Decided) => MaybePromise<Responded>;

/**
 * Denies or responds. In audit mode a denial is recorded and the request goes on, but no credentials are given out, and
 * nothing that policies do not allow to everyone is done for a caller who is not authenticated.
 */
export function conclude(
  { stage, error }: Reached,
  mode: DecisionRecord['mode'],
  { services, respond }: { readonly services: readonly Service[]; readonly respond: Respond },
): MaybePromise<Conclusion> {
  if (error) return { outcome: 'rejected', error };
  if (!isDecided(stage))
    return { outcome: 'rejected', error: awsError('InternalFailure', 'The request was not decided.') };
  const { service } = stage.route;
  const denial = stage.refusal && accessDenied(stage.refusal, services);
  const isFinal = mode === 'enforce' || service.issuesCredentials || isAnonymous(stage);
  if (denial && isFinal) return { outcome: 'denied', error: denial };
  const outcome = denial ? 'audited' : service.answersFromFolder ? 'answered' : 'forwarded';
  return proceed(respond(stage), (responded: Responded): Conclusion => {
    if (!responded.ok) return { outcome, error: responded.error };
    const { value: response } = responded;
    return denial ? { outcome, response, error: denial } : { outcome, response };
  });
}

/** Whom an error answers: the route, or the protocol that a request without one seems to speak. */
export function targetOf({ stage, target }: Reached): ErrorTarget | undefined {
  if (!('route' in stage)) return target;
  const { protocol, operation, service } = stage.route;
  return { protocol, operation, encoding: service.errors };
}

const isAnonymous = ({ caller }: Decided): boolean => caller.principal.type === 'Anonymous';

const isDecided = (stage: Stage): stage is Decided => 'decided' in stage;
