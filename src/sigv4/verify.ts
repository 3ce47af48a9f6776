import { hash } from 'node:crypto';
import aws4 from 'aws4';
import { type AwsError, awsError } from '../lib/errors.ts';
import { type HttpRequest, headerValues } from '../lib/http-message.ts';
import { plainCanonicalRequest } from './canonical-request.ts';
import type { PresentedCredential } from './credential.ts';
import type { HmacKey } from './hmac.ts';
import { isSame } from './is-same.ts';
import { formatBasicDate } from './request-date.ts';
import { canonicalQuery, type RequestTarget, readTarget } from './request-target.ts';
import { TERMINATOR } from './scope.ts';
import type { SignatureRules } from './signature-rules.ts';
import {
  type BlankReading,
  blankReadings,
  isSignedList,
  readSignedHeaders,
  restoreBlanks,
  type SignedHeaders,
} from './signed-headers.ts';
import { signingKey } from './signing-key.ts';

export interface VerifyOptions {
  readonly rules: SignatureRules;
  /** What is signed in place of the body's hash, where the service allows that: its proof is the service's own. */
  readonly payload?: string | undefined;
}

/**
 * Whether the request was signed with the secret: aws4's canonical request over exactly the headers that the request
 * lists as signed, all of their values, and the hash of the body as it is here, whatever a header claims it to be.
 * The credential itself is checked by `parseCredential` and the service's scope rules, which come first.
 *
 * @returns the rules' error where it was not. The error can hold the signed headers: it is not for a log.
 */
export function verifySignature(
  request: HttpRequest,
  credential: PresentedCredential,
  secret: string,
  { rules, payload }: VerifyOptions,
): AwsError | undefined {
  const bodyHash = payload ?? hash('sha256', request.body, 'hex');
  const key = signingKey(secret, credential.scope);
  const isHash = claimsOnly(request, bodyHash);
  if (isHash && rules.canonicalPath === undefined && credential.form === 'header') {
    const plain = plainCanonicalRequest(request, credential.signedHeaders, bodyHash);
    if (plain !== undefined && isSigned(plain, credential, key)) return undefined;
  }
  const target = readTarget(request.target);
  const path = target && (rules.canonicalPath ? rules.canonicalPath(target.path) : '');
  if (target === undefined || path === undefined) return awsError('InvalidSignatureException', UNREADABLE);
  const headers = readSignedHeaders(request, credential.signedHeaders);
  const received = { method: request.method, target, headers, bodyHash, path };
  const isSignedAs = (reading: Reading): boolean =>
    isSigned(canonicalRequest(received, credential, reading), credential, key);
  const isWhole = isHash && isSignedList(credential.signedHeaders, headers);
  if (isWhole && readings(credential, headers).some(isSignedAs)) return undefined;
  const expected = (): string => canonicalRequest(received, credential, AS_AWS4);
  return rules.mismatch({
    accessKeyId: credential.accessKeyId,
    signature: credential.signature,
    canonicalRequest: expected,
    stringToSign: () => stringToSign(credential, expected()),
  });
}

/** Whether what the request claims as the hash of its body, if anything, is this hash. */
function claimsOnly(request: HttpRequest, bodyHash: string): boolean {
  for (const claimed of headerValues(request, 'x-amz-content-sha256')) if (claimed !== bodyHash) return false;
  return true;
}

const isSigned = (canonical: string, credential: PresentedCredential, key: HmacKey): boolean =>
  isSame(credential.signature, key.sign(stringToSign(credential, canonical)));

const UNREADABLE =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.';

interface Received {
  readonly method: string;
  readonly target: RequestTarget;
  readonly headers: SignedHeaders;
  readonly bodyHash: string;
  /** The canonical path; empty where aws4 makes it. */
  readonly path: string;
}

/** One way in which signers understand what AWS leaves open. */
interface Reading {
  /** Absent where no value has a blank that is disputed. */
  readonly blanks?: BlankReading;
  /** Whether the session token was added to the query after signing. */
  readonly tokenOutside: boolean;
}

const AS_AWS4: Reading = { tokenOutside: false };
const ONLY_AWS4: readonly Reading[] = [AS_AWS4];

/** Only one, but for the rare request that leaves something open. */
function readings({ form, sessionToken }: PresentedCredential, headers: SignedHeaders): readonly Reading[] {
  const blanks = blankReadings(headers);
  const hasToken = form === 'query' && sessionToken !== undefined;
  if (blanks.length === 1 && !hasToken) return ONLY_AWS4;
  const tokens = hasToken ? [false, true] : [false];
  return blanks.flatMap((reading) => tokens.map((tokenOutside) => ({ blanks: reading, tokenOutside })));
}

/**
 * The canonical request as aws4 builds it, of a request that was received, not of one to send. aws4 would choose the
 * headers itself, trust `x-amz-content-sha256`, and leave gaps in the query where a parameter would not be signed (one
 * without a name, `__proto__`, any after the thousandth, bytes that are not UTF-8): so headers, hash and query are given.
 * Its constructor prepares a request to send, which costs more than the rest of the verification: it is not called.
 */
function canonicalRequest(
  { method, target, headers, bodyHash, path }: Received,
  { form }: PresentedCredential,
  { blanks, tokenOutside }: Reading,
): string {
  const signer: InstanceType<typeof aws4.RequestSigner> = Object.create(aws4.RequestSigner.prototype);
  signer.request = { method, headers: { 'x-amz-content-sha256': bodyHash } };
  signer.service = '';
  signer.parsedPath = { path: target.path, query: null };
  signer.filteredHeaders = blanks ? headers.map(([name, value]) => [name, blanks(value)] as const) : headers;
  const built = blanks ? restoreBlanks(signer.canonicalString()) : signer.canonicalString();
  const { parameters } = target;
  if (parameters.length === 0 && path === '') return built;
  const isOutside = (name: string): boolean =>
    (form === 'query' && name === 'X-Amz-Signature') || (tokenOutside && name === 'X-Amz-Security-Token');
  const query = canonicalQuery(parameters.filter(([name]) => !isOutside(name)));
  const [, ownPath, , ...rest] = built.split('\n');
  return [method, path || ownPath, query, ...rest].join('\n');
}

const stringToSign = (credential: PresentedCredential, canonical: string): string =>
  headOf(credential) + hash('sha256', canonical, 'hex');

/** What is before the hash in a string to sign: the same for all requests of one key in one second. */
function headOf({ requestDate, scope }: PresentedCredential): string {
  if (latest.requestDate === requestDate && latest.scope === scope) return latest.head;
  const day = requestDate.text.slice(0, 8);
  const head = `AWS4-HMAC-SHA256\n${requestDate.text}\n${day}/${scope.region}/${scope.service}/${TERMINATOR}\n`;
  latest = { requestDate, scope, head };
  return head;
}

let latest: Partial<Pick<PresentedCredential, 'requestDate' | 'scope'>> & { readonly head: string } = {
  head: '',
};

/** Who signs a request that goes to AWS, and for what. */
export interface Signer {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
  readonly region: string;
  readonly service: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** A request that goes to AWS; headers by lower-case name, `host` among them. */
export interface Unsigned {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** The headers that such a request is sent with: those given, the date, the session token, and Authorization. */
export function signRequest(
  { method, target, headers, body }: Unsigned,
  { accessKeyId, secretAccessKey, sessionToken, region, service, now }: Signer,
): Record<string, string> {
  const content = body.length > 0 ? { body } : {};
  const length = body.length > 0 ? { 'content-length': String(body.length) } : {};
  const dated = { ...headers, ...length, 'x-amz-date': formatBasicDate(now) };
  const credentials = { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) };
  return aws4.sign({ method, path: target, headers: dated, ...content, region, service }, credentials)
    .headers;
}
