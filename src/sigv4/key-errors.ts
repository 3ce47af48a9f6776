import { type AwsError, awsError } from '../lib/errors.ts';
import type { Protocol } from '../model/shape.ts';

/** No such key, a key that is not active, or a temporary key without its token: AWS tells none of them apart. */
export const UNKNOWN_KEY: AwsError = awsError(
  'UnrecognizedClientException',
  'The security token included in the request is invalid.',
);

/** The session is over. It beats a wrong signature (conformance A5). */
export const EXPIRED_TOKEN: AwsError = awsError(
  'ExpiredTokenException',
  'The security token included in the request is expired',
);

/** A session token that is not one of ours, or belongs to another key. The JSON protocols leave the full stop out. */
export function invalidTokenError(protocol: Protocol): AwsError {
  if (protocol === 'awsQuery') return UNKNOWN_KEY;
  return protocol === 'restXml'
    ? awsError('InvalidToken', 'The provided token is malformed or otherwise invalid.')
    : awsError(UNKNOWN_KEY.code, 'The security token included in the request is invalid');
}
