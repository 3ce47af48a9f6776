import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** A server that listens. `close` lets requests under way finish, for `graceMillis` at the most. */
export interface ListeningServer extends AsyncDisposable {
  /** E.g. `http://127.0.0.1:7377`. */
  readonly url: string;
  readonly port: number;
  close(graceMillis?: number): Promise<void>;
}

/** The port is taken, or may not be used; the message says so for people. */
export class ListenError extends Error {}

const GRACE_MILLIS = 10_000;

/** Session tokens and presigned URLs are long; Node's default is 16 KiB for all headers together. */
const MAX_HEADER_BYTES = 64 * 1024;

/** Node's parser answers these before any request exists, so the protocol is not known: plain status and reason. */
const CLIENT_ERRORS: Readonly<Record<string, readonly [status: string, message: string]>> = {
  HPE_HEADER_OVERFLOW: [
    '431 Request Header Fields Too Large',
    `The request headers are over ${MAX_HEADER_BYTES} bytes.`,
  ],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'The request did not arrive in time.'],
};

/** Listens on a port (0: a free one). @throws ListenError where the port cannot be had. */
export async function listen(
  handler: RequestListener,
  options: { host: string; port: number },
): Promise<ListeningServer> {
  const server = createServer({ maxHeaderSize: MAX_HEADER_BYTES }, handler);
  server.on('clientError', answerClientError);
  // A connection that finishes its last request while the server stops is not kept for another.
  server.on('request', (_, outgoing) => {
    outgoing.once('close', () => {
      if (!server.listening) setImmediate(() => server.closeIdleConnections());
    });
  });
  await bind(server, options);
  const { port } = server.address() as AddressInfo;
  const close = (graceMillis = GRACE_MILLIS): Promise<void> => stop(server, graceMillis);
  return { url: `http://${urlHost(options.host)}:${port}`, port, close, [Symbol.asyncDispose]: close };
}

function bind(server: Server, { host, port }: { host: string; port: number }): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', (cause: NodeJS.ErrnoException) => {
    const reasons: Readonly<Record<string, string>> = {
      EADDRINUSE: `Port ${port} on ${host} is taken by another process. Choose one with --port, or --port 0 for a free one.`,
      EACCES: `Port ${port} needs more rights than this process has. Choose one above 1023 with --port.`,
      EADDRNOTAVAIL: `${host} is not an address of this machine. Choose one with --host.`,
      ENOTFOUND: `The host ${host} is not known. Choose an address of this machine with --host.`,
    };
    reject(
      new ListenError(reasons[cause.code ?? ''] ?? `Cannot listen on ${host}:${port}: ${cause.message}`, {
        cause,
      }),
    );
  });
  server.listen(port, host, () => resolve());
  return promise;
}

async function stop(server: Server, graceMillis: number): Promise<void> {
  if (!server.listening) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  server.closeIdleConnections();
  const impatience = setTimeout(() => server.closeAllConnections(), graceMillis);
  await promise;
  clearTimeout(impatience);
}

function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
  const [status, message] = CLIENT_ERRORS[error.code ?? ''] ?? [
    '400 Bad Request',
    'The request is not valid HTTP.',
  ];
  const body = JSON.stringify({ message });
  socket.end(
    `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}

/** An address to connect to, from one to listen on. */
function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
