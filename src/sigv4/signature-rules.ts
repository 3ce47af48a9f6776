import { type AwsError, awsError } from '../lib/errors.ts';
import type { AccessKeyId } from '../lib/identifiers.ts';
import { checkFreshness, type Dated } from './freshness.ts';
import type { Claim } from './signature-claim.ts';

/** What was expected and what was presented, for the error about a signature that does not match. */
export interface Mismatch {
  readonly accessKeyId: AccessKeyId;
  readonly signature: string;
  readonly canonicalRequest: () => string;
  readonly stringToSign: () => string;
}

/** What a service's signature verification has of its own: the canonical path, and how it words its errors. */
export interface SignatureRules {
  /** No part of a signature. */
  readonly missing: AwsError;
  /** An Authorization header of another scheme than Signature Version 4, where the service distinguishes it from no signature. */
  readonly otherScheme?: AwsError;
  /** Signed in the header and in the query. */
  readonly both: AwsError;
  /** A part of the signature is missing or cannot be read; `error` names it. */
  readonly unreadable: (error: AwsError, form: Claim['form']) => AwsError;
  /** A header that had to be signed, quoted as AWS's sentence quotes it. */
  readonly unsigned: (header: string) => AwsError;
  readonly stale: (
    dated: Dated,
    form: Claim['form'],
    now: number,
    skewMinutes: number,
  ) => AwsError | undefined;
  /** A session token that was not issued here, or belongs to another key. */
  readonly invalidToken: AwsError;
  readonly mismatch: (mismatch: Mismatch) => AwsError;
  /**
   * The path of the canonical request; `undefined` where it has a broken escape. Absent: aws4 resolves `.`, `..` and `//`
   * and encodes the path again, as every service but S3 wants it.
   */
  readonly canonicalPath?: (path: string) => string | undefined;
}

/** No such key, an inactive key, or a temporary key without its token: AWS answers all of them alike. */
export const UNKNOWN_KEY: AwsError = awsError(
  'UnrecognizedClientException',
  'The security token included in the request is invalid.',
);

/** The session is over. This beats a wrong signature. */
export const EXPIRED_TOKEN: AwsError = awsError(
  'ExpiredTokenException',
  'The security token included in the request is expired',
);

const NO_MATCH =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.';

/** Shows what should have been signed. */
const explained = ({ canonicalRequest, stringToSign }: Mismatch): AwsError =>
  awsError(
    'InvalidSignatureException',
    `${NO_MATCH}\n\nThe Canonical String for this request should have been\n'${canonicalRequest()}'\n\nThe String-to-Sign should have been\n'${stringToSign()}'\n`,
  );

/**
 * The rules of the JSON and CBOR protocols.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html
 */
export const JSON_RULES: SignatureRules = {
  missing: awsError('MissingAuthenticationTokenException', 'Request is missing Authentication Token'),
  both: awsError(
    'InvalidSignatureException',
    "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.",
  ),
  unreadable: (error) => error,
  unsigned: (header) =>
    awsError('InvalidSignatureException', `${header} must be a 'SignedHeader' in the AWS Authorization.`),
  stale: (dated, _, now, skewMinutes) => checkFreshness(dated, now, skewMinutes),
  // Captured without a full stop, unlike the sentence about an unknown key.
  invalidToken: awsError(UNKNOWN_KEY.code, 'The security token included in the request is invalid'),
  mismatch: explained,
};

/** The gateways in front of restJson1 services word one error shorter. */
export const REST_JSON_RULES: SignatureRules = {
  ...JSON_RULES,
  missing: awsError('MissingAuthenticationTokenException', 'Missing Authentication Token'),
};

/** awsQuery, as STS was captured: it does not show what should have been signed. */
export const QUERY_RULES: SignatureRules = {
  ...JSON_RULES,
  invalidToken: UNKNOWN_KEY,
  mismatch: () => awsError('InvalidSignatureException', NO_MATCH),
};
