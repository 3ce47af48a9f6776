import { type IncomingMessage, type RequestListener, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/**
 * Answers a CONNECT request as any other, and closes the connection: nothing is a tunnel here, and what the client sends
 * after it is no request of this server.
 */
export function answerOnSocket(incoming: IncomingMessage, socket: Duplex, handler: RequestListener): void {
  socket.on('error', () => socket.destroy());
  const outgoing = new ServerResponse(incoming);
  outgoing.shouldKeepAlive = false;
  // Node writes to any duplex stream, and types only sockets.
  outgoing.assignSocket(incoming.socket);
  outgoing.once('finish', () => socket.end());
  handler(incoming, outgoing);
  // It has no body, which Node never ends for it.
  incoming.push(null);
}
