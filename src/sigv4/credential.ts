import type { Draft } from '../lib/draft.ts';
import { type AwsError, awsError } from '../lib/errors.ts';
import { type HttpRequest, isNamed } from '../lib/http-message.ts';
import { type AccessKeyId, accessKeyId } from '../lib/identifiers.ts';
import { memoizeFor, memoizeText } from '../lib/memoize.ts';
import { err, ok, type Result } from '../lib/result.ts';
import { readAuthorizationHeader } from './authorization-header.ts';
import { readPresignedQuery } from './presigned-query.ts';
import type { RequestDate } from './request-date.ts';
import { type RequestTarget, readTarget } from './request-target.ts';
import type { CredentialScope } from './scope.ts';
import type { Claim } from './signature-claim.ts';
import type { SignatureRules } from './signature-rules.ts';

/** The credential that a request presents, and what it claims is signed. Nothing is proved before `verifySignature`. */
export interface PresentedCredential {
  /** Its place: the Authorization header, or the query of a presigned request. */
  readonly form: 'header' | 'query';
  readonly accessKeyId: AccessKeyId;
  readonly scope: CredentialScope;
  /** As listed; `host` is among them. */
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly requestDate: RequestDate;
  /** The lifetime of a presigned request, where it has one. */
  readonly expiresSeconds?: number;
  /** Not proved by the signature where the signer left it out, as AWS allows: it must prove itself. */
  readonly sessionToken?: string;
}

/** What the age of a request is held against. */
export interface Freshness {
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly skewMinutes: number;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';
const SCHEME = /^\s*AWS4-HMAC-SHA256(?:\s|$)/;
/** A week. */
const MOST_EXPIRES_SECONDS = 604_800;

/** Headers that decide what is verified: given twice, two readers could use different values. */
const SINGLE_HEADERS: readonly string[] = [
  'authorization',
  'x-amz-date',
  'date',
  'host',
  'x-amz-security-token',
  'x-amz-content-sha256',
];

/** Whether a request carries no part of a signature, neither in a header nor in its query: the request is anonymous. */
export const isUnsigned = ({ headers, target }: Pick<HttpRequest, 'headers' | 'target'>): boolean =>
  !headers.some(([name]) => name.toLowerCase() === 'authorization') &&
  !readTarget(target)?.parameters.some(([name]) => SIGNATURE_PARAMETER.test(name));

const SIGNATURE_PARAMETER = /^x-amz-(?:algorithm|credential|signature|signedheaders|security-token)$/i;

/**
 * Finds the credential of a request, in its Authorization header or its query, and checks every part that can be checked
 * without knowing keys or services, its age among them, in AWS's order (`docs/conformance.md`).
 *
 * What AWS is not known to have an answer for is refused too: an unreadable query, a header or parameter of the
 * signature that is given twice, an unsigned `x-amz-*` header.
 *
 * @returns AWS's error for the first thing that is wrong
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html
 */
export function parseCredential(
  request: HttpRequest,
  rules: SignatureRules,
  freshness: Freshness,
): Result<PresentedCredential, AwsError> {
  const target = readTarget(request.target);
  if (target === undefined)
    return refuse('MalformedQueryString', 'The query string contains a syntax error.');
  const claim = findClaim(request, target, rules);
  if (!claim.ok) return claim;
  return checkClaim(claim.value, request, freshness, rules);
}

function findClaim(
  request: HttpRequest,
  target: RequestTarget,
  { missing, otherScheme, both, unreadable }: SignatureRules,
): Result<Claim, AwsError> {
  const authorization = authorizationOf(request);
  const isPresigned = target.parameters.some(isAlgorithm);
  if (authorization !== undefined && isPresigned) return err(both);
  if (otherScheme && authorization !== undefined && !SCHEME.test(authorization)) return err(otherScheme);
  if (!isPresigned && !authorization?.trimStart().startsWith('AWS4-')) return err(missing);
  const form = isPresigned ? 'query' : 'header';
  const repeated = findRepeated(request);
  if (repeated !== undefined) {
    const diagnostic = `The request has more than one '${repeated}' header.`;
    return err(unreadable(awsError('IncompleteSignatureException', diagnostic), form));
  }
  const claim = (isPresigned ? readPresignedQuery : readAuthorizationHeader)(request, target);
  return claim.ok ? claim : err(unreadable(claim.error, form));
}

/** The first Authorization header that is not empty. */
function authorizationOf({ headers }: HttpRequest): string | undefined {
  for (const pair of headers) if (pair[1] !== '' && isNamed(pair[0], 'authorization')) return pair[1];
  return undefined;
}

const isAlgorithm = ([name]: RequestTarget['parameters'][number]): boolean => name === 'X-Amz-Algorithm';

function findRepeated({ headers }: HttpRequest): string | undefined {
  let seen = 0;
  for (const pair of headers) {
    for (let index = 0; index < SINGLE_HEADERS.length; index += 1) {
      const single = SINGLE_HEADERS[index] ?? '';
      if (!isNamed(pair[0], single)) continue;
      if (seen & (1 << index)) return single;
      seen |= 1 << index;
    }
  }
  return undefined;
}

function checkClaim(
  claim: Claim,
  request: HttpRequest,
  { now, skewMinutes }: Freshness,
  { unreadable, unsigned, stale }: SignatureRules,
): Result<PresentedCredential, AwsError> {
  const { date, form } = claim;
  const incomplete = (message: string) =>
    err(unreadable(awsError('IncompleteSignatureException', message), form));
  if (date === undefined) {
    return incomplete(
      `Date must be in ISO-8601 'basic format'. Got '${claim.dateText}'. See http://en.wikipedia.org/wiki/ISO_8601`,
    );
  }
  const expires = readExpires(claim.expires);
  if (!expires.ok) return incomplete(expires.error);
  const dated: Draft<Pick<PresentedCredential, 'requestDate' | 'expiresSeconds'>> = { requestDate: date };
  if (expires.value !== undefined) dated.expiresSeconds = expires.value;
  const old = stale(dated, form, now, skewMinutes);
  if (old) return err(old);
  const signedHeaders = splitNames(claim.signedHeaders);
  const missing = findUnsigned(request, signedHeaders);
  if (missing !== undefined) return err(unsigned(missing));
  if (claim.algorithm !== ALGORITHM) {
    return incomplete(`Unsupported AWS 'algorithm': '${claim.algorithm}' (only ${ALGORITHM} for now). `);
  }
  const { accessKeyId, scope } = splitCredential(claim.credential);
  if (accessKeyId === undefined || scope === undefined) {
    return incomplete(
      `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${claim.credential}'`,
    );
  }
  const { signature, sessionToken } = claim;
  const credential: Draft<PresentedCredential> = {
    form,
    accessKeyId,
    scope,
    signedHeaders,
    signature,
    requestDate: date,
  };
  if (expires.value !== undefined) credential.expiresSeconds = expires.value;
  if (sessionToken !== undefined) credential.sessionToken = sessionToken;
  return ok(credential);
}

const splitNames = memoizeText((names): readonly string[] => names.split(';'));

/** Empty where it does not have five parts. */
const splitCredential = memoizeText(
  (text): { readonly accessKeyId?: AccessKeyId; readonly scope?: CredentialScope } => {
    const [keyId, date, region, service, terminator, ...more] = text.split('/');
    if (!keyId || !date || !region || !service || terminator === undefined || more.length > 0) return {};
    return { accessKeyId: accessKeyId(keyId), scope: { date, region, service, terminator } };
  },
);

/** Only S3's wordings of these errors are known. */
function readExpires(text: string | undefined): Result<number | undefined, string> {
  if (text === undefined) return ok(undefined);
  if (!/^-?\d+$/.test(text)) return err('X-Amz-Expires must be a number');
  const seconds = Number(text);
  if (seconds < 1) return err('X-Amz-Expires must be positive');
  if (seconds <= MOST_EXPIRES_SECONDS) return ok(seconds);
  return err(
    `X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than ${MOST_EXPIRES_SECONDS} seconds`,
  );
}

/**
 * The first header that had to be signed and was not, as AWS's sentence calls it: the host, and every `x-amz-*` header,
 * because they carry the request's meaning. The session token may be unsigned: some signers add it afterwards.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html#create-canonical-request
 */
function findUnsigned(request: HttpRequest, signedHeaders: readonly string[]): string | undefined {
  const signed = inLowerCase(signedHeaders);
  if (!signed.has('host')) return "'Host' or ':authority'";
  for (const pair of request.headers) {
    const name = pair[0];
    if (!AMZ_HEADER.test(name) || isNamed(name, 'x-amz-security-token')) continue;
    if (!signed.has(name.toLowerCase())) return `'${name}'`;
  }
  return undefined;
}

const inLowerCase = memoizeFor(
  (names: readonly string[]): ReadonlySet<string> => new Set(names.map((name) => name.toLowerCase())),
);

const AMZ_HEADER = /^x-amz-/i;

const refuse = (code: string, message: string): { readonly ok: false; readonly error: AwsError } =>
  err(awsError(code, message));
