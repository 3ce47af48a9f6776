import { type AwsError, awsError } from '../lib/errors.ts';
import { formatBasicDate, type RequestDate } from './request-date.ts';

/** The part of a credential that ages. */
export interface Dated {
  readonly requestDate: RequestDate;
  /** The lifetime that a presigned request claims. */
  readonly expiresSeconds?: number;
}

const MILLIS_PER_SECOND = 1000;
const MILLIS_PER_MINUTE = 60_000;

/**
 * Whether the request was made in the time allowed: `skewMinutes` before and after `now`, or as long after its date as a
 * presigned request claims.
 *
 * AWS's texts are captured for the first case; a presigned request outside S3 gets the same sentence in seconds.
 *
 * @param now milliseconds since the epoch
 * @returns InvalidSignatureException where it was not
 */
export function checkFreshness(
  { requestDate, expiresSeconds }: Dated,
  now: number,
  skewMinutes: number,
): AwsError | undefined {
  // AWS's sentences compare whole seconds.
  const second = Math.floor(now / MILLIS_PER_SECOND) * MILLIS_PER_SECOND;
  const skew = skewMinutes * MILLIS_PER_MINUTE;
  const lifetime = expiresSeconds === undefined ? skew : expiresSeconds * MILLIS_PER_SECOND;
  const { millis, text } = requestDate;
  if (millis < second - lifetime) {
    const span = expiresSeconds === undefined ? `${skewMinutes} min.` : `${expiresSeconds} sec.`;
    return invalid(
      `Signature expired: ${text} is now earlier than ${formatBasicDate(second - lifetime)} (${formatBasicDate(second)} - ${span})`,
    );
  }
  if (millis > second + skew) {
    return invalid(
      `Signature not yet current: ${text} is still later than ${formatBasicDate(second + skew)} (${formatBasicDate(second)} + ${skewMinutes} min.)`,
    );
  }
  return undefined;
}

const invalid = (message: string): AwsError => awsError('InvalidSignatureException', message);
