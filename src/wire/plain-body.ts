import { gunzipSync } from 'node:zlib';
import { type HttpRequest, header, headerValues } from '../lib/http-message.ts';

/** Far more than any call holds: STS refuses forms of more than 10,000,000 bytes. */
const MAX_PLAIN_BYTES = 10_000_000;

/** How many times larger a body may become: forms and JSON shrink to a thirtieth at the best. */
const MAX_RATIO = 100;

/** Of a request without a signature. Its longest parameter, an identity token, has at most 20,000 characters. */
export const MAX_UNSIGNED_BYTES = 64_000;

/** A body is decompressed before its signature can be verified (CloudWatch's `Action` is in it), and only once. */
const decompressed = new WeakMap<Uint8Array, Uint8Array>();

/** A body as it was before its sender compressed it; as it came where it does not say so, or is none that can be read. */
export function plainBody(request: Pick<HttpRequest, 'headers' | 'body' | 'target'>): Uint8Array {
  const { body } = request;
  if (headerValues(request, 'content-encoding').join() !== 'gzip') return body;
  const known = decompressed.get(body);
  if (known !== undefined) return known;
  const plain = decompress(body, claimsSignature(request) ? MAX_PLAIN_BYTES : MAX_UNSIGNED_BYTES);
  decompressed.set(body, plain);
  return plain;
}

function decompress(body: Uint8Array, maxBytes: number): Uint8Array {
  try {
    return gunzipSync(body, { maxOutputLength: Math.min(maxBytes, Math.max(body.length * MAX_RATIO, 1)) });
  } catch {
    return body;
  }
}

/** Whether a request claims to be signed: nothing of that is proved. */
export const claimsSignature = (request: Pick<HttpRequest, 'headers' | 'target'>): boolean =>
  header(request, 'authorization') !== undefined || request.target.includes('X-Amz-Signature=');
