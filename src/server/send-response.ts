import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { HttpResponse } from '../lib/http-message.ts';
import { endMessage } from '../upstreams/end-message.ts';
import { LINGER_MILLIS } from './client-error.ts';

/** Between two chunks of a body that is no longer wanted. */
const DRAIN_PAUSE_MILLIS = 2;

export function send(outgoing: ServerResponse, { status, headers, body }: HttpResponse): void {
  if (outgoing.destroyed) return;
  const length = lengthOf(body, status, outgoing.req, headers);
  // Names and values in one list: Node writes it as it is.
  const lines: (string | string[])[] = [];
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined && (length === undefined || name !== 'content-length')) lines.push(name, value);
  }
  if (length !== undefined) lines.push('content-length', length);
  outgoing.writeHead(status, STATUS_CODES[status] ?? '', lines);
  endMessage(outgoing, body);
}

/** Absent if the headers have it, and if none is sent: a status without a body, and a body that HEAD leaves out. */
function lengthOf(
  body: HttpResponse['body'],
  status: number,
  { method }: IncomingMessage,
  { 'content-length': given }: HttpResponse['headers'],
): string | undefined {
  if (status === 204 || status === 304) return undefined;
  const isTold = method === 'HEAD' && typeof given === 'string' && body.length === 0;
  return isTold ? undefined : String(Buffer.byteLength(body));
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
