import { createServer, type RequestListener, type Server } from 'node:http';
import type { Server as TlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { ListenError } from '../lib/start-error.ts';
import { answerClientError } from './client-error.ts';
import { answerOnSocket } from './connect-request.ts';
import { trackConnections } from './connections.ts';
import type { Certificate } from './self-signed-certificate.ts';

/** A server that listens. `close` waits up to `graceMillis` for requests in progress. */
export interface ListeningServer extends AsyncDisposable {
  /** E.g. `http://127.0.0.1:7377`. */
  readonly url: string;
  readonly port: number;
  close(graceMillis?: number): Promise<void>;
}

const GRACE_MILLIS = 10_000;

/** Session tokens and presigned URLs are long; Node's default is 16 KiB for all headers together. */
export const MAX_HEADER_BYTES = 64 * 1024;

/** Longer than clients keep a connection that they do not use, so that none is closed just as it is used again. */
const KEEP_ALIVE_MILLIS = 65_000;

/** Where to listen; over TLS if there is a certificate. */
export interface ListenOptions {
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
  readonly certificate?: Certificate;
}

/** Listens on a port. @throws ListenError where the port cannot be had. */
export async function listen(handler: RequestListener, options: ListenOptions): Promise<ListeningServer> {
  // A request without a host is one whose host was not signed: the pipeline answers it, and records it.
  const limits = {
    maxHeaderSize: MAX_HEADER_BYTES,
    keepAliveTimeout: KEEP_ALIVE_MILLIS,
    requireHostHeader: false,
  };
  const { certificate } = options;
  const server = certificate
    ? (await import('node:https')).createServer({ ...limits, ...certificate }, handler)
    : createServer(limits, handler);
  answerHalfClosed(server);
  const connections = trackConnections(server);
  server.on('clientError', (error, socket) => {
    // Responses are sent in the order of their requests: the valid ones before the malformed one come first.
    connections.whenIdle(socket, () => answerClientError(error, socket, MAX_HEADER_BYTES));
  });
  // The app sends 100 Continue when it wants the body; other expectations are ignored.
  for (const event of ['checkContinue', 'checkExpectation'] as const)
    server.on(event, (incoming, outgoing) => {
      connections.begin(incoming, outgoing);
      handler(incoming, outgoing);
    });
  // Node hands over the bare connection. No tunnel is opened: CONNECT is answered as an unknown call.
  server.on('connect', (incoming, socket) => {
    // Node listens to nothing on the socket from here on: responses to earlier requests can fail, and one that is streamed
    // is not told when it can go on.
    socket.on('error', () => socket.destroy());
    const timeout = setTimeout(() => socket.destroy(), CONNECT_MILLIS);
    socket.once('close', () => clearTimeout(timeout));
    connections.whenIdle(socket, () => answerOnSocket(incoming, socket, handler));
  });
  await bind(server, options);
  const { port } = server.address() as AddressInfo;
  // Also where it no longer listens: the cluster closes the server of a worker, and its requests may be under way still.
  const close = (graceMillis = GRACE_MILLIS): Promise<void> =>
    stop(server, connections.closeIdle, graceMillis);
  const url = `${certificate ? 'https' : 'http'}://${urlHost(options.host)}:${port}`;
  return { url, port, close, [Symbol.asyncDispose]: close };
}

/** How long a connection lasts after CONNECT, the answers to the requests before it included, in milliseconds. */
const CONNECT_MILLIS = 5_000;

/** How long a client that has ended its side may wait for the answers that are still to come, in milliseconds. */
const HALF_CLOSED_MILLIS = 1_000;

/**
 * A client may end its side of the connection after its last request (`nc -N`, `shutdown(SHUT_WR)`) and is answered still.
 * It looks the same when a client is gone altogether: so it is for a moment only, and whatever takes longer is given up.
 */
function answerHalfClosed(server: Server | TlsServer): void {
  // Node has this property for it, and does not document it.
  Object.assign(server, { httpAllowHalfOpen: true });
  // Over TLS, a client can end its side within the connection, and keep the connection itself open. That one is not half-open:
  // a client that leaves during the handshake has ended it.
  for (const event of ['connection', 'secureConnection'])
    server.on(event, (socket: Socket) => {
      if (event === 'secureConnection') socket.allowHalfOpen = true;
      socket.once('end', () => {
        const timeout = setTimeout(() => socket.destroy(), HALF_CLOSED_MILLIS);
        socket.once('close', () => clearTimeout(timeout));
      });
    });
}

function bind(server: Server | TlsServer, { host, port, certificate }: ListenOptions): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', (cause: NodeJS.ErrnoException) => {
    const flag = certificate ? '--tls-port' : '--port';
    const reasons: Readonly<Record<string, string>> = {
      EADDRINUSE: `Port ${port} on ${host} is taken by another process. Choose one with ${flag}, or ${flag} 0 for a free one.`,
      EACCES: `Port ${port} needs more rights than this process has. Choose one above 1023 with ${flag}.`,
      EADDRNOTAVAIL: `${host} is not an address of this machine. Choose one with --host.`,
      ENOTFOUND: `The host ${host} is not known. Choose an address of this machine with --host.`,
    };
    const reason = reasons[cause.code ?? ''] ?? `Cannot listen on ${host}:${port}: ${cause.message}`;
    reject(new ListenError(reason, { cause }));
  });
  server.listen(port, host, () => resolve());
  return promise;
}

async function stop(server: Server | TlsServer, closeIdle: () => void, graceMillis: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  closeIdle();
  const timeout = setTimeout(() => server.closeAllConnections(), graceMillis);
  await promise;
  clearTimeout(timeout);
}

/** An address to connect to, from one to listen on. */
function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
