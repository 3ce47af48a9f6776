import { type AwsError, awsError } from '../lib/errors.ts';
import type { HttpAnswer } from '../lib/http-message.ts';
import { err, type Result } from '../lib/result.ts';
import type { Protocol } from '../model/shape.ts';
import { type ErrorProtocol, encodeError } from './encode-error.ts';
import { MAX_PARAMETERS } from './query-parameters.ts';

/** A request that names no operation, or more than one. It is never forwarded. */
export interface RoutingFailure {
  /** The protocol that the request seems to speak; `undefined` where nothing tells. */
  readonly protocol: ErrorProtocol | undefined;
  /** For the record: says what was wrong, where AWS's own answer says nothing. */
  readonly error: AwsError;
  /** Absent where the answer is the error, encoded in the protocol. */
  readonly answer?: HttpAnswer;
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

/** A form that is not read. */
export const refuseForm = (error: AwsError, requestId: string): Result<never, RoutingFailure> =>
  err({ protocol: 'awsQuery', error, answer: encodeError(error, { protocol: 'awsQuery' }, requestId) });

/** What STS and IAM answer where nothing names an operation. */
export function noAction(
  query: string,
  requestId: string,
  protocol?: Protocol,
): Result<never, RoutingFailure> {
  const location = `https://aws.amazon.com/iam${query === '' ? '' : `?${query}`}`;
  return err({
    protocol,
    error: awsError('UnknownOperationException', 'neither a target, a path nor an Action names an operation'),
    answer: { status: 302, headers: { location, 'x-amzn-requestid': requestId }, body: '' },
  });
}

/** AWS's answer to a wrong path, method or content type: no protocol, and no reason given. */
export function unknownOperation(
  reason: string,
  protocol: Protocol | undefined,
  requestId: string,
): Result<never, RoutingFailure> {
  return err({
    protocol,
    error: awsError('UnknownOperationException', reason),
    answer: {
      status: 404,
      headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
      body: '<UnknownOperationException/>\n',
    },
  });
}
