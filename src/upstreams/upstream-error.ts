import { type AwsError, awsError } from '../lib/errors.ts';

/** The upstream was silent, or did not finish, for too long. */
export class UpstreamTimeout extends Error {}

/** The connection ended before any byte of the response. */
export class UpstreamReset extends Error {}

/** An upstream's failure as a 502, or a 504 where it took too long. */
export function upstreamError(description: string, cause: unknown): AwsError {
  const reason = cause instanceof Error ? cause.message || cause.name : String(cause);
  if (cause instanceof UpstreamReset)
    return awsError(
      'BadGateway',
      `The connection to the upstream ${description} was reset before it answered; it may have processed the call: ${reason}`,
    );
  const code = cause instanceof UpstreamTimeout ? 'GatewayTimeout' : 'BadGateway';
  return awsError(code, `The upstream ${description} did not answer: ${reason}`);
}
