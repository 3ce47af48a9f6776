import { type AwsError, awsError } from '../lib/errors.ts';
import type { HttpAnswer } from '../lib/http-message.ts';
import type { Result } from '../lib/result.ts';
import type { DecisionRecord, Outcome } from '../records/decision-record.ts';
import { type ErrorProtocol, type ErrorTarget, encodeError } from '../wire/encode-error.ts';
import { accessDenied } from './denial.ts';
import type { Decided, Received } from './stages.ts';

/** How far a request came, and what stopped it. */
export interface Reached {
  readonly stage: Received & Partial<Decided>;
  readonly error?: AwsError;
  /** Of a request that is not routed. */
  readonly protocol?: ErrorProtocol | undefined;
  /** Where the protocol is not known, routing brings the answer itself. */
  readonly answer?: HttpAnswer;
}

interface End {
  readonly outcome: Outcome;
  readonly answer: HttpAnswer;
  readonly error?: AwsError;
}

/**
 * Denies or delivers; in audit mode a denial is recorded and the request goes on, but no credentials are given out, and
 * nothing that policies do not allow to everyone is done for a caller who is not authenticated.
 */
export async function end(reached: Reached, mode: DecisionRecord['mode'], deliver: Delivery): Promise<End> {
  const { stage, error, answer } = reached;
  const refused = (outcome: Outcome, reason: AwsError): End => ({
    outcome,
    error: reason,
    answer: answer ?? encodeError(reason, targetOf(reached), stage.requestId),
  });
  if (error) return refused('rejected', error);
  if (!isDecided(stage))
    return refused('rejected', awsError('InternalFailure', 'The request was not decided.'));
  const denial = stage.refusal && accessDenied(stage.refusal);
  if (denial && (mode === 'enforce' || isForCredentials(stage) || isAnonymous(stage)))
    return refused('denied', denial);
  const delivered = await deliver(stage);
  const outcome = denial ? 'audited' : isLocal(stage) ? 'answered' : 'forwarded';
  if (!delivered.ok) return refused(outcome, delivered.error);
  return { outcome, answer: delivered.value, ...(denial && { error: denial }) };
}

/** Whom an error answers: the route, or the protocol that a request without one speaks. */
export const targetOf = ({ stage: { route }, protocol }: Reached): ErrorTarget | undefined =>
  route ?? (protocol && { protocol });

export type Delivery = (authorized: Decided) => Promise<Result<HttpAnswer, AwsError>>;

/** STS and IAM are answered by this process, out of the same folder. */
const isLocal = ({ route: { service } }: Decided): boolean =>
  service.name === 'sts' || service.name === 'iam';

const isAnonymous = ({ caller }: Decided): boolean => caller.principal.type === 'Anonymous';

const isForCredentials = ({ route: { service } }: Decided): boolean => service.name === 'sts';

const isDecided = (stage: Received & Partial<Decided>): stage is Decided => stage.decided !== undefined;
