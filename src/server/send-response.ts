import { type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse, STATUS_CODES } from 'node:http';
import type { HttpResponse } from '../lib/http-message.ts';
import { LINGER_MILLIS } from './client-error.ts';

/** Between two chunks of a body that is no longer wanted. */
const DRAIN_PAUSE_MILLIS = 2;

export function send(outgoing: ServerResponse, { status, headers, body }: HttpResponse): void {
  if (outgoing.destroyed) return;
  outgoing.writeHead(status, STATUS_CODES[status] ?? '', {
    ...headers,
    ...lengthOf(body, status, outgoing.req, headers),
  });
  outgoing.end(body);
}

/** No length for a status without a body; for HEAD, the length that the response declares. */
function lengthOf(
  body: HttpResponse['body'],
  status: number,
  { method }: IncomingMessage,
  { 'content-length': given }: HttpResponse['headers'],
): OutgoingHttpHeaders {
  if (status === 204 || status === 304) return {};
  const isGiven = method === 'HEAD' && typeof given === 'string' && body.length === 0;
  return { 'content-length': isGiven ? given : Buffer.byteLength(body) };
}

/**
 * Answers while the body is on its way still. The answer is complete before the connection ends: closed at once, it
 * would be reset under a client that is sending, and many clients read nothing before they have sent everything.
 */
export function sendEarly(
  { incoming, outgoing }: { readonly incoming: IncomingMessage; readonly outgoing: ServerResponse },
  { status, headers, body }: HttpResponse,
): void {
  if (outgoing.destroyed) return;
  outgoing.writeHead(status, STATUS_CODES[status] ?? '', {
    ...headers,
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  });
  outgoing.write(body);
  // One that waits for `100 Continue` sends nothing more.
  if (incoming.headers.expect !== undefined) return void outgoing.end();
  const end = (): void => {
    clearTimeout(timeout);
    outgoing.end();
  };
  const timeout = setTimeout(end, LINGER_MILLIS);
  // Read a little at a time: a flood that is refused already must not take the process from other requests.
  const drain = (): void => {
    incoming.pause();
    setTimeout(() => incoming.resume(), DRAIN_PAUSE_MILLIS);
  };
  incoming.on('data', drain).once('end', end).once('close', end).resume();
}
