import { type HttpRequest, header } from '../../lib/http-message.ts';
import { splitParameters, splitTarget } from '../../wire/query-parameters.ts';

/** Where a request to S3 goes: `/` is every bucket, `/bucket` is one, `/bucket/key` an object of it. */
export interface S3Target {
  readonly bucket?: string;
  /** Decoded. */
  readonly key?: string;
  /** Of the query, decoded; of one that is given twice, the values of both. */
  readonly parameters: ReadonlyMap<string, readonly string[]>;
}

/** A bucket before `.s3.…` (`b.s3.us-east-1.amazonaws.com`, `b.s3.localhost`) or before `.localhost`. */
const BUCKET_HOST = /^(?<bucket>.+?)\.(?:s3[.-].+|localhost)$/is;
const S3_HOST = /^s3[.-]/i;

/** Recognizes most requests in one pass. */
const SCOPE_END = '/s3/aws4_request';
const IN_HEADER = /^\s*AWS4-[^\s]+\s.*\bCredential=[^/,]{0,128}\/[^/,]{0,16}\/[^/,]{0,64}\/s3\//;
const CREDENTIAL = 'x-amz-credential=';
const S3_SCOPE = /(?:\/|%2F)s3(?:\/|%2F)aws4_request/i;

const OLD_HEADER = /^\s*AWS [^:\s]+:\S+\s*$/;
const OLD_QUERY = /[?&]AWSAccessKeyId=/;

/** Whether a request is signed in the way before this one (version 2), which only S3 still accepts: boto3 presigns so in us-east-1. */
export const hasOldSignature = (request: Pick<HttpRequest, 'headers' | 'target'>): boolean =>
  isOld(header(request, 'authorization') ?? '', request.target);

const isOld = (authorization: string, target: string): boolean =>
  OLD_HEADER.test(authorization) || OLD_QUERY.test(target);

/** Whether a request claims to be signed for S3. It must then be: S3 refuses every other scope. */
export const claimsS3 = (authorization: string, target: string): boolean =>
  (authorization.includes(SCOPE_END) && IN_HEADER.test(authorization)) ||
  hasS3Credential(target) ||
  isOld(authorization, target);

/** Parameter by parameter: a search over the whole query would be quadratic in the credentials that it repeats. */
const hasS3Credential = (target: string): boolean =>
  S3_SCOPE.test(target) &&
  splitTarget(target)
    .query.split('&')
    .some((pair) => pair.slice(0, CREDENTIAL.length).toLowerCase() === CREDENTIAL && S3_SCOPE.test(pair));

/** A credential with a whole scope, of another service than S3. */
const OTHER_SCOPE = /^[^/,]{0,128}\/[^/,]{0,16}\/[^/,]{0,64}\/(?!s3\/)[^/,]{1,64}\//;
const OTHER_IN_HEADER = new RegExp(`\\bCredential=${OTHER_SCOPE.source.slice(1)}`);
/** In path style: what is shorter or begins otherwise is no bucket of any time. */
const BUCKET_PATH = /^\/[A-Za-z0-9][^/]{2}/;
const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'PUT', 'DELETE', 'POST']);

/**
 * Whether a request that is not signed for another service can only be meant for S3: its address names a bucket or S3. It is
 * unsigned, or its signature does not name a service. POST is S3's with a parameter of S3's only, since other
 * services are called with POST.
 *
 * @param isParameter whether a parameter of the query is one of S3's
 */
export function addressesS3(
  request: Pick<HttpRequest, 'headers' | 'target' | 'method'>,
  isParameter: (name: string) => boolean,
): boolean {
  const { path, query } = splitTarget(request.target);
  const host = header(request, 'host') ?? '';
  const names = BUCKET_PATH.test(path) || bucketOfHost(host) !== undefined || S3_HOST.test(host);
  if (!METHODS.has(request.method) || !names) return false;
  const parameters = [...splitParameters(query)];
  const isOther =
    OTHER_IN_HEADER.test(header(request, 'authorization') ?? '') ||
    parameters.some(([name, value]) => name.toLowerCase() === 'x-amz-credential' && OTHER_SCOPE.test(value));
  return !isOther && (request.method !== 'POST' || parameters.some(([name]) => isParameter(name)));
}

/** Bucket and key, in path style or from the host; `undefined` where the address has a broken escape. */
export function readS3Target(request: Pick<HttpRequest, 'headers' | 'target'>): S3Target | undefined {
  const { path, query } = splitTarget(request.target);
  const inHost = bucketOfHost(header(request, 'host') ?? '');
  const slash = inHost === undefined ? path.indexOf('/', 1) : 0;
  try {
    const bucket = inHost ?? decodeURIComponent(slash < 0 ? path.slice(1) : path.slice(1, slash));
    const key = slash < 0 ? '' : decodeURIComponent(path.slice(slash + 1));
    return {
      ...(bucket !== '' && { bucket }),
      ...(key !== '' && { key }),
      parameters: parametersOf(query),
    };
  } catch {
    return undefined;
  }
}

/**
 * The headers of a request by lower-case name, and those that were presigned into its query: SDKs put every `x-amz-`
 * header there. Of one that is given twice, all values: none hides another.
 */
export function s3Headers(request: Pick<HttpRequest, 'headers' | 'target'>): ReadonlyMap<string, string> {
  const inQuery = [...splitParameters(splitTarget(request.target).query)].filter(([name]) => isHoisted(name));
  const values = new Map<string, string>();
  for (const [name, value] of [...request.headers, ...inQuery]) {
    const lower = name.toLowerCase();
    const before = values.get(lower);
    values.set(lower, before === undefined ? value : `${before},${value}`);
  }
  return values;
}

/** Whether a parameter of the query is a header that was presigned into it. */
export const isHoisted = (parameter: string): boolean => /^x-amz-/i.test(parameter);

/** Whether the bucket is in the host's name. */
export const hasBucketInHost = (request: Pick<HttpRequest, 'headers'>): boolean =>
  bucketOfHost(header(request, 'host') ?? '') !== undefined;

function bucketOfHost(host: string): string | undefined {
  const name = host.replace(/:\d*$/, '');
  return S3_HOST.test(name) ? undefined : BUCKET_HOST.exec(name)?.groups?.bucket;
}

function parametersOf(query: string): ReadonlyMap<string, readonly string[]> {
  const parameters = new Map<string, string[]>();
  for (const [name, value] of splitParameters(query)) {
    const values = parameters.get(name);
    if (values === undefined) parameters.set(name, [value]);
    else values.push(value);
  }
  return parameters;
}
