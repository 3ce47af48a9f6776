import { createHmac, hash } from 'node:crypto';
import aws4 from 'aws4';
import { type AwsError, awsError } from '../lib/errors.ts';
import { type HttpRequest, headerValues } from '../lib/http-message.ts';
import type { Protocol } from '../model/shape.ts';
import type { PresentedCredential } from './credential.ts';
import { isSame } from './is-same.ts';
import { formatBasicDate } from './request-date.ts';
import {
  canonicalPathAsSent,
  canonicalPathOfS3,
  canonicalQuery,
  type RequestTarget,
  readTarget,
} from './request-target.ts';
import { S3_NO_MATCH } from './s3-refusals.ts';
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
  readonly protocol: Protocol;
  /**
   * Whether the signer resolved `.`, `..` and `//` in the path, as every service but S3 wants it: the default. No
   * operation has such a path, so that a request which needs resolving is never routed, whatever its signature.
   */
  readonly normalizePath?: boolean;
  /** What S3's signers sign in place of the body's hash: `x-amz-content-sha256` says what. It is for others to prove. */
  readonly payload?: string;
}

/**
 * Whether the request was signed with the secret: aws4's canonical request over exactly the headers that the request
 * says are signed, all of their values, and the hash of the body as it is here, whatever a header claims it to be.
 * Does not judge the credential: `parseCredential` and `checkScope` come first.
 *
 * @returns InvalidSignatureException where it was not. On the JSON protocols it says what should have been signed, on
 * awsQuery it does not, as STS (conformance A4). What it says holds the signed headers: not for a log.
 */
export function verifySignature(
  request: HttpRequest,
  credential: PresentedCredential,
  secret: string,
  { protocol, normalizePath = true, payload }: VerifyOptions,
): AwsError | undefined {
  const target = readTarget(request.target);
  const pathOf = protocol === 'restXml' ? canonicalPathOfS3 : normalizePath ? () => '' : canonicalPathAsSent;
  const canonicalPath = target && pathOf(target.path);
  if (target === undefined || canonicalPath === undefined)
    return awsError('InvalidSignatureException', NO_MATCH);
  const headers = readSignedHeaders(request, credential.signedHeaders);
  const bodyHash = payload ?? hash('sha256', request.body, 'hex');
  const received = { method: request.method, target, headers, bodyHash, canonicalPath };
  const key = signingKey(secret, credential.scope);

  const isSigned = (reading: Reading): boolean => {
    const stringToSign = new ReceivedRequest(received, credential, reading).stringToSign();
    return isSame(credential.signature, createHmac('sha256', key).update(stringToSign).digest('hex'));
  };
  const isWhole =
    isSignedList(credential.signedHeaders, headers) &&
    headerValues(request, 'x-amz-content-sha256').every((claimed) => claimed === bodyHash);
  if (isWhole && readings(credential, headers).some(isSigned)) return undefined;
  return noMatch(new ReceivedRequest(received, credential), credential, protocol);
}

interface Received {
  readonly method: string;
  readonly target: RequestTarget;
  readonly headers: SignedHeaders;
  readonly bodyHash: string;
  /** Empty where aws4 makes it, resolved. */
  readonly canonicalPath: string;
}

/** One way in which signers understand what AWS leaves open. */
interface Reading {
  readonly blanks?: BlankReading;
  /** Whether the session token was added to the query after signing. */
  readonly tokenOutside?: boolean;
}

/** Only one, but for the rare request that leaves something open. */
function readings({ form, sessionToken }: PresentedCredential, headers: SignedHeaders): readonly Reading[] {
  const tokens = form === 'query' && sessionToken !== undefined ? [false, true] : [false];
  return blankReadings(headers).flatMap((blanks) => tokens.map((tokenOutside) => ({ blanks, tokenOutside })));
}

/**
 * aws4's view of a request that was received, not of one to send. aws4 would choose the headers itself, believe
 * `x-amz-content-sha256`, and leave gaps in the query where a parameter would not be signed (one without a name,
 * `__proto__`, whatever follows the thousandth, bytes that are not UTF-8): so headers, hash and query are given to it.
 */
class ReceivedRequest extends aws4.RequestSigner {
  readonly #query: string;
  readonly #path: string;

  constructor(
    { method, target, headers, bodyHash, canonicalPath }: Received,
    { form, requestDate, scope: { region, service } }: PresentedCredential,
    { blanks, tokenOutside = false }: Reading = {},
  ) {
    super(
      { method, headers: { host: '-', 'x-amz-content-sha256': bodyHash }, region, service },
      { accessKeyId: '', secretAccessKey: '' },
    );
    this.parsedPath = { path: target.path, query: null };
    this.filteredHeaders = headers.map(([name, value]) => [name, blanks ? blanks(value) : value] as const);
    this.datetime = requestDate.text;
    const isOutside = (name: string): boolean =>
      (form === 'query' && name === 'X-Amz-Signature') || (tokenOutside && name === 'X-Amz-Security-Token');
    this.#query = canonicalQuery(target.parameters.filter(([name]) => !isOutside(name)));
    this.#path = canonicalPath;
  }

  override canonicalString(): string {
    const [method, path, , ...rest] = restoreBlanks(super.canonicalString()).split('\n');
    return [method, this.#path || path, this.#query, ...rest].join('\n');
  }
}

const NO_MATCH =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.';

function noMatch(
  wanted: ReceivedRequest,
  { accessKeyId, signature }: PresentedCredential,
  protocol: Protocol,
): AwsError {
  if (protocol === 'restXml')
    return awsError('SignatureDoesNotMatch', S3_NO_MATCH, {
      AWSAccessKeyId: accessKeyId,
      StringToSign: wanted.stringToSign(),
      SignatureProvided: signature,
      CanonicalRequest: wanted.canonicalString(),
    });
  if (protocol === 'awsQuery') return awsError('InvalidSignatureException', NO_MATCH);
  return awsError(
    'InvalidSignatureException',
    `${NO_MATCH}\n\nThe Canonical String for this request should have been\n'${wanted.canonicalString()}'\n\nThe String-to-Sign should have been\n'${wanted.stringToSign()}'\n`,
  );
}

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
