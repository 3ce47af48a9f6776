import { type IncomingMessage, type RequestListener, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { endGently } from './client-error.ts';

/**
 * Answers a CONNECT request as any other, and closes the connection: nothing is a tunnel here, and what the client sends
 * after it is not read. All requests before it on this connection must be answered: a socket has one response at a time.
 */
export function answerOnSocket(incoming: IncomingMessage, socket: Duplex, handler: RequestListener): void {
  if (socket.destroyed) return;
  const outgoing = new ServerResponse(incoming);
  outgoing.shouldKeepAlive = false;
  // Node writes to any duplex stream, and types only sockets.
  outgoing.assignSocket(incoming.socket);
  outgoing.once('finish', () => endGently(socket));
  handler(incoming, outgoing);
  // It has no body, which Node never ends for it.
  incoming.push(null);
}
