import { crc32, inflateRawSync } from 'node:zlib';
import { type HttpRequest, header, headerValues } from '../lib/http-message.ts';

/** Far more than any call holds: STS refuses forms of more than 10,000,000 bytes. */
const MAX_PLAIN_BYTES = 10_000_000;

/** How many times larger a form may become, which is decompressed before its signature is verified: they shrink to a thirtieth at the best. */
const MAX_FORM_RATIO = 100;

/** Of a request without a signature. Its longest parameter, an identity token, has at most 20,000 characters. */
export const MAX_UNSIGNED_BYTES = 64_000;

/** A body is decompressed before its signature can be verified (CloudWatch's `Action` is in it), and only once. */
const decompressed = new WeakMap<Uint8Array, Uint8Array | undefined>();

/** Codings that leave a body as it is: AWS's documentation uses `amz-1.0` in some JSON calls. */
const NO_CODING: ReadonlySet<string> = new Set(['', 'identity', 'amz-1.0']);

type Compressed = Pick<HttpRequest, 'headers' | 'body' | 'target'>;

/**
 * A body as it was before its sender compressed it with gzip, as the SDKs compress calls of CloudWatch; `undefined` for
 * another coding, several of them, or one that cannot be read in exactly one way: what is decoded here could be something
 * else to an upstream.
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-compression.html
 */
export function plainBody(request: Compressed, maxRatio = Number.POSITIVE_INFINITY): Uint8Array | undefined {
  const { body } = request;
  const coding = headerValues(request, 'content-encoding').join().trim().toLowerCase();
  if (NO_CODING.has(coding)) return body;
  if (coding !== 'gzip') return undefined;
  if (decompressed.has(body)) return decompressed.get(body);
  const maxBytes = claimsSignature(request) ? MAX_PLAIN_BYTES : MAX_UNSIGNED_BYTES;
  const plain = gunzip(body, Math.min(maxBytes, body.length * maxRatio));
  decompressed.set(body, plain);
  return plain;
}

/** The form in a body; `undefined` where the body cannot be read. */
export function plainForm(request: Compressed): string | undefined {
  const body = plainBody(request, MAX_FORM_RATIO);
  return body && new TextDecoder('utf-8', { ignoreBOM: true }).decode(body);
}

const HEADER_BYTES = 10;
const TRAILER_BYTES = 8;
const DEFLATE = 8;

/**
 * One member with no optional header fields and a good checksum, and nothing else: a name in the header is text to a reader that
 * does not decompress, and not all readers read a second member.
 * @see https://www.rfc-editor.org/rfc/rfc1952#section-2.3
 */
function gunzip(body: Uint8Array, maxOutputLength: number): Uint8Array | undefined {
  if (body.length < HEADER_BYTES + TRAILER_BYTES) return undefined;
  if (body[0] !== 0x1f || body[1] !== 0x8b || body[2] !== DEFLATE || body[3] !== 0) return undefined;
  const inflated = inflate(body.subarray(HEADER_BYTES), maxOutputLength);
  if (inflated?.engine.bytesWritten !== body.length - HEADER_BYTES - TRAILER_BYTES) return undefined;
  const { buffer } = inflated;
  const trailer = new DataView(body.buffer, body.byteOffset + body.length - TRAILER_BYTES, TRAILER_BYTES);
  const isWhole =
    trailer.getUint32(0, true) === crc32(buffer) && trailer.getUint32(4, true) === buffer.length;
  return isWhole ? buffer : undefined;
}

/** What inflating gives with `info`, which the types of Node leave out. */
interface Inflated {
  readonly buffer: Buffer;
  /** `bytesWritten`: how many bytes of the input were read. */
  readonly engine: { readonly bytesWritten: number };
}

function inflate(deflated: Uint8Array, maxOutputLength: number): Inflated | undefined {
  try {
    const options = { maxOutputLength: Math.max(maxOutputLength, 1), info: true };
    return inflateRawSync(deflated, options) as unknown as Inflated;
  } catch {
    return undefined;
  }
}

/** Whether a request claims to be signed: nothing of that is proved. */
export const claimsSignature = (request: Pick<HttpRequest, 'headers' | 'target'>): boolean =>
  header(request, 'authorization') !== undefined || request.target.includes('X-Amz-Signature=');
