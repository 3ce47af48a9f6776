import { randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';

/** What Node's parser refuses, before any request exists: the protocol is not known, and nothing is decided. */
const REFUSALS: Readonly<Record<string, readonly [status: string, message: string]>> = {
  HPE_HEADER_OVERFLOW: [
    '431 Request Header Fields Too Large',
    'The request has too many headers, or they are over {limit} bytes.',
  ],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: ['413 Payload Too Large', 'The chunk extensions are too large.'],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'The request did not arrive in time.'],
};

const NO_HTTP = ['400 Bad Request', 'The request is not valid HTTP.'] as const;

/** How long a client that is sending still is listened to after its answer, in milliseconds. */
export const LINGER_MILLIS = 2_000;

/** Answers what is no request, in plain words, and ends the connection. */
export function answerClientError(
  error: NodeJS.ErrnoException,
  socket: Duplex,
  maxHeaderBytes: number,
): void {
  if (socket.writableEnded) return;
  if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
  const [status, text] = REFUSALS[error.code ?? ''] ?? NO_HTTP;
  const body = JSON.stringify({ message: text.replace('{limit}', String(maxHeaderBytes)) });
  const head = [
    `HTTP/1.1 ${status}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    `x-amzn-requestid: ${randomUUID()}`,
    'connection: close',
  ];
  endGently(socket, `${head.join('\r\n')}\r\n\r\n${body}`);
}

/**
 * Ends a connection with its last bytes. To close it at once would reset the connection of a client that is still sending, and
 * take the answer with it; a client that closes nothing is closed after a moment.
 */
export function endGently(socket: Duplex, last = ''): void {
  socket.end(last);
  socket.resume();
  const timeout = setTimeout(() => socket.destroy(), LINGER_MILLIS);
  socket.once('close', () => clearTimeout(timeout));
}
