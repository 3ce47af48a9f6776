import { hash } from 'node:crypto';
import { type AwsError, awsError } from '../../lib/errors.ts';
import { type HttpRequest, header } from '../../lib/http-message.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import type { PresentedCredential } from '../../sigv4/credential.ts';
import { readTarget } from '../../sigv4/request-target.ts';
import { readChunks } from './aws-chunked.ts';
import { type ChecksumClaims, checkClaims, checkContent, readChecksumClaims } from './checksum-claims.ts';
import { areChunksSigned, TRAILER_SIGNATURE } from './chunk-signatures.ts';
import { S3_NO_MATCH } from './signature-rules.ts';

/** How a body is sent that is not signed as a whole. */
interface Streaming {
  readonly signed: boolean;
  /** Whether something follows the chunks that `x-amz-trailer` names. */
  readonly trailer: boolean;
}

const STREAMING: ReadonlyMap<string, Streaming> = new Map([
  ['STREAMING-AWS4-HMAC-SHA256-PAYLOAD', { signed: true, trailer: false }],
  ['STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER', { signed: true, trailer: true }],
  ['STREAMING-UNSIGNED-PAYLOAD-TRAILER', { signed: false, trailer: true }],
]);

const UNSIGNED = 'UNSIGNED-PAYLOAD';
const HEADER = 'x-amz-content-sha256';
const SHA256 = /^[0-9a-f]{64}$/;

/**
 * What an S3 request signs in place of its body: a hash, or how the body is to be proved. A request that is presigned or
 * not signed at all may leave it out.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 */
export function claimedPayload(
  request: HttpRequest,
  form: PresentedCredential['form'] | 'unsigned',
): Result<string, AwsError> {
  const inQuery = readTarget(request.target)?.parameters.find(([name]) => name.toLowerCase() === HEADER)?.[1];
  const claimed = header(request, HEADER) ?? inQuery ?? (form === 'header' ? undefined : UNSIGNED);
  if (claimed === undefined)
    return err(awsError('InvalidRequest', `Missing required header for this request: ${HEADER}`));
  if (claimed === UNSIGNED || SHA256.test(claimed) || STREAMING.has(claimed)) return ok(claimed);
  const choice = [UNSIGNED, ...STREAMING.keys()].join(', ');
  return err(
    awsError('InvalidArgument', `${HEADER} must be ${choice}, or a valid sha256 value.`, {
      ArgumentName: HEADER,
      ArgumentValue: claimed,
    }),
  );
}

/**
 * The content of an S3 request whose signature is good, or that has none, once its body is proved to be the one that was
 * claimed: by its hash, by the signature of each of its chunks, by its checksums in headers and behind it.
 *
 * @param checksums whether the request's checksum headers are those of its body
 * @param signer absent where the request is not signed: its chunks cannot be, either
 */
export async function provePayload(
  request: HttpRequest,
  { claimed, checksums }: { readonly claimed: string; readonly checksums: boolean },
  signer?: Signer,
): Promise<Result<Uint8Array, AwsError>> {
  const streaming = STREAMING.get(claimed);
  const claims = readChecksumClaims(request);
  const contradiction = checkClaims(claims);
  if (contradiction) return err(contradiction);
  if (!streaming && claims.announced.length > 0) return err(MALFORMED_TRAILER);
  const unwrapped = streaming ? unwrap(request, streaming, claims, signer) : whole(request, claimed);
  if (!unwrapped.ok) return unwrapped;
  const { content, trailers } = unwrapped.value;
  const { md5 } = claims;
  const inFront = checksums ? claims.inFront : [];
  const wrong = await checkContent({ inFront, md5 }, trailers, content);
  return wrong ? err(wrong) : ok(content);
}

/** Who signed a request. */
export interface Signer {
  readonly credential: PresentedCredential;
  readonly secret: string;
}

interface Unwrapped {
  readonly content: Uint8Array;
  readonly trailers: readonly (readonly [string, string])[];
}

function whole({ body }: HttpRequest, claimed: string): Result<Unwrapped, AwsError> {
  const computed = hash('sha256', body, 'hex');
  if (claimed === UNSIGNED || claimed === computed) return ok({ content: body, trailers: [] });
  return err(
    awsError(
      'XAmzContentSHA256Mismatch',
      `The provided '${HEADER}' header does not match what was computed.`,
      { ClientComputedContentSHA256: claimed, S3ComputedContentSHA256: computed },
    ),
  );
}

function unwrap(
  request: HttpRequest,
  { signed, trailer }: Streaming,
  { announced }: ChecksumClaims,
  signer: Signer | undefined,
): Result<Unwrapped, AwsError> {
  const length = header(request, 'x-amz-decoded-content-length');
  if (length === undefined)
    return err(awsError('MissingContentLength', 'You must provide the Content-Length HTTP header.'));
  const body = readChunks(request.body);
  if (typeof body === 'string') return err(body === 'incomplete' ? INCOMPLETE : MALFORMED_TRAILER);
  const own = body.trailers.filter(([name]) => !signed || name !== TRAILER_SIGNATURE);
  const isAnnounced =
    own.length === announced.length && own.every(([name], index) => name === announced[index]);
  if (!isAnnounced || (!trailer && body.trailers.length > 0)) return err(MALFORMED_TRAILER);
  const isProved = signed
    ? signer !== undefined && areChunksSigned(body, signer.credential, signer.secret, trailer)
    : body.chunks.every(({ signature }) => signature === undefined);
  if (!isProved) return err(awsError('SignatureDoesNotMatch', S3_NO_MATCH));
  const content = Buffer.concat(body.chunks.map(({ data }) => data));
  return String(content.length) === length ? ok({ content, trailers: own }) : err(INCOMPLETE);
}

const INCOMPLETE = awsError(
  'IncompleteBody',
  'You did not provide the number of bytes specified by the Content-Length HTTP header',
);

const MALFORMED_TRAILER = awsError(
  'MalformedTrailerError',
  'The request contained trailing data that was not well-formed or did not conform to our published schema.',
);
