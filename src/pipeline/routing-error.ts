import { type AwsError, awsError } from '../lib/errors.ts';
import { err, type Result } from '../lib/result.ts';
import type { ErrorTarget } from '../wire/encode-error.ts';
import { MAX_PARAMETERS } from '../wire/query-parameters.ts';

/** A request that names no operation, or more than one. It is never forwarded. */
export interface RoutingError {
  readonly error: AwsError;
  readonly target: ErrorTarget;
}

export const UNREADABLE_FORM = awsError(
  'SerializationException',
  'The form is compressed in a way that is not read.',
);

/** As STS answers a form of more bytes than it takes; that AWS limits the number, too, is inferred. */
export const TOO_MANY_PARAMETERS = awsError(
  'RequestEntityTooLarge',
  `The form has ${MAX_PARAMETERS} parameters or more.`,
);

export const routingError = (error: AwsError, target: ErrorTarget): Result<never, RoutingError> =>
  err({ error, target });

/** What STS and IAM answer where nothing names an operation. */
export function noAction(query: string, protocol?: ErrorTarget['protocol']): Result<never, RoutingError> {
  const Location = `https://aws.amazon.com/iam${query === '' ? '' : `?${query}`}`;
  const message = 'neither a target, a path nor an Action names an operation';
  return routingError(awsError('UnknownOperationException', message, { Location }), { protocol, bare: true });
}

/** AWS's response to a wrong path, method or content type has no protocol and gives no reason. */
export const unknownOperation = (
  reason: string,
  protocol: ErrorTarget['protocol'],
): Result<never, RoutingError> =>
  routingError(awsError('UnknownOperationException', reason), { protocol, bare: true });
