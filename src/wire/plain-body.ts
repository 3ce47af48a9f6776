import { gunzipSync } from 'node:zlib';
import { type HttpRequest, headerValues } from '../lib/http-message.ts';

/** Far more than any call holds: what grows past it is no call. */
const MOST_PLAIN_BYTES = 16 * 1024 * 1024;

/** A body as it was before its sender compressed it; as it came where it does not say so, or is none that can be read. */
export function plainBody(request: Pick<HttpRequest, 'headers' | 'body'>): Uint8Array {
  if (headerValues(request, 'content-encoding').join() !== 'gzip') return request.body;
  try {
    return gunzipSync(request.body, { maxOutputLength: MOST_PLAIN_BYTES });
  } catch {
    return request.body;
  }
}
