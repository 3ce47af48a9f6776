import { type AwsError, awsError } from '../../lib/errors.ts';
import { uriEncode } from '../../sigv4/request-target.ts';
import type { CredentialScope } from '../../sigv4/scope.ts';
import type { Claim } from '../../sigv4/signature-claim.ts';
import type { SignatureRules } from '../../sigv4/signature-rules.ts';

const MILLIS_PER_MINUTE = 60_000;

const iso = (millis: number): string => new Date(millis).toISOString().replace(/\.\d+Z$/, 'Z');

/**
 * S3's own rules: its canonical path, and its errors for credentials.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
export const S3_SIGNATURE_RULES: SignatureRules = {
  /** A request without any part of a signature is anonymous, and does not come here. */
  missing: awsError('AccessDenied', 'Access Denied'),
  /** What was sent is not repeated: it may be a password. */
  otherScheme: awsError('InvalidArgument', 'Unsupported Authorization Type', {
    ArgumentName: 'Authorization',
  }),
  both: awsError(
    'InvalidArgument',
    'Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified',
  ),
  unreadable: ({ message }, form) =>
    form === 'header'
      ? awsError('AuthorizationHeaderMalformed', `The authorization header is malformed; ${message}`)
      : awsError('AuthorizationQueryParametersError', message),
  unsigned: (header) =>
    awsError('AccessDenied', 'There were headers present in the request which were not signed', {
      HeadersNotSigned: header.replaceAll("'", '').toLowerCase(),
    }),
  /** A presigned request is valid from its date, less the skew, until it expires. */
  stale: ({ requestDate: { millis }, expiresSeconds }, form, now, skewMinutes) => {
    const skew = skewMinutes * MILLIS_PER_MINUTE;
    const times = { ServerTime: iso(now) };
    if (form === 'header')
      return Math.abs(now - millis) <= skew
        ? undefined
        : awsError(
            'RequestTimeTooSkewed',
            'The difference between the request time and the current time is too large.',
            { RequestTime: iso(millis), ...times, MaxAllowedSkewMilliseconds: String(skew) },
          );
    if (expiresSeconds === undefined)
      return awsError(
        'AuthorizationQueryParametersError',
        'Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.',
      );
    if (millis > now + skew) return awsError('AccessDenied', 'Request is not valid yet', times);
    const expires = millis + expiresSeconds * 1000;
    return now <= expires
      ? undefined
      : awsError('AccessDenied', 'Request has expired', {
          'X-Amz-Expires': String(expiresSeconds),
          Expires: iso(expires),
          ...times,
        });
  },
  invalidToken: awsError('InvalidToken', 'The provided token is malformed or otherwise invalid.'),
  mismatch: ({ accessKeyId, signature, canonicalRequest, stringToSign }) =>
    awsError('SignatureDoesNotMatch', S3_NO_MATCH, {
      AWSAccessKeyId: accessKeyId,
      StringToSign: stringToSign(),
      SignatureProvided: signature,
      CanonicalRequest: canonicalRequest(),
    }),
  canonicalPath: canonicalPathOfS3,
};

/**
 * A path as S3 signs it: every part of it encoded once, however it was sent; `undefined` where it has a broken escape.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html#canonical-request
 */
function canonicalPathOfS3(path: string): string | undefined {
  try {
    return path
      .split('/')
      .map((part) => uriEncode(decodeURIComponent(part)))
      .join('/');
  } catch {
    return undefined;
  }
}

/** Whether the credential is for S3, in this region and on the request's own day; S3 names the first thing that is wrong. */
export function checkS3Scope(
  {
    form,
    scope,
    day,
  }: { readonly form: Claim['form']; readonly scope: CredentialScope; readonly day: string },
  region: string,
): AwsError | undefined {
  const wrong = wrongPart(scope, day, region);
  if (wrong === undefined) return undefined;
  const details = { ...(scope.region !== region && { Region: region }) };
  return form === 'header'
    ? awsError('AuthorizationHeaderMalformed', `The authorization header is malformed; ${wrong}`, details)
    : awsError(
        'AuthorizationQueryParametersError',
        `Error parsing the X-Amz-Credential parameter; ${wrong}`,
        details,
      );
}

function wrongPart(scope: CredentialScope, day: string, region: string): string | undefined {
  if (scope.service !== 's3') return `incorrect service "${scope.service}". This endpoint belongs to "s3".`;
  if (scope.terminator !== 'aws4_request')
    return `incorrect terminal "${scope.terminator}". This endpoint uses "aws4_request".`;
  if (scope.region !== region) return `the region '${scope.region}' is wrong; expecting '${region}'`;
  if (scope.date !== day)
    return `Invalid credential date "${scope.date}". This date is not the same as X-Amz-Date: "${day}".`;
  return undefined;
}

export const S3_NO_MATCH =
  'The request signature we calculated does not match the signature you provided. Check your key and signing method.';
