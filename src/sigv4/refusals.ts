import { type AwsError, awsError } from '../lib/errors.ts';
import type { Protocol } from '../model/shape.ts';
import type { Claim } from './claim.ts';
import { checkFreshness, type Dated } from './freshness.ts';
import { S3_REFUSALS } from './s3-refusals.ts';

/** How a service answers a credential that it cannot take. S3 has other codes and sentences than all others. */
export interface Refusals {
  /** Nothing is signed at all. */
  readonly missing: AwsError;
  /** An Authorization header of another scheme than Signature Version 4, where the service tells that from no signature. */
  readonly otherScheme?: AwsError;
  /** Signed in the header and in the query. */
  readonly both: AwsError;
  /** A part of the signature is missing or cannot be read; `fault` says which. */
  readonly unreadable: (fault: AwsError, form: Claim['form']) => AwsError;
  /** A header that had to be signed, as AWS's sentence calls it. */
  readonly unsigned: (header: string) => AwsError;
  readonly stale: (
    dated: Dated,
    form: Claim['form'],
    now: number,
    skewMinutes: number,
  ) => AwsError | undefined;
}

const general = (missing: string): Refusals => ({
  missing: awsError('MissingAuthenticationTokenException', missing),
  both: awsError(
    'InvalidSignatureException',
    "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.",
  ),
  unreadable: (fault) => fault,
  unsigned: (header) =>
    awsError('InvalidSignatureException', `${header} must be a 'SignedHeader' in the AWS Authorization.`),
  stale: (dated, _, now, skewMinutes) => checkFreshness(dated, now, skewMinutes),
});

const REQUEST = general('Request is missing Authentication Token');

/** What AWS's gateways in front of restJson services say is shorter (conformance A2). */
const REFUSALS: Readonly<Record<Protocol, Refusals>> = {
  'awsJson1.1': REQUEST,
  restJson1: general('Missing Authentication Token'),
  awsQuery: REQUEST,
  'awsJson1.0': REQUEST,
  rpcV2Cbor: REQUEST,
  restXml: S3_REFUSALS,
};

export const refusalsOf = (protocol: Protocol): Refusals => REFUSALS[protocol];
