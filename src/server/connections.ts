import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Server as TlsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** The connections of a server, and how many requests are under way on each. */
export interface Connections {
  /** Counts a request for which there is no `request` event. */
  begin(incoming: IncomingMessage, outgoing: ServerResponse): void;
  /**
   * Calls back once every request that came over the connection is answered: at once, where none is under way but one
   * whose body broke off. That one after others that wait for their answers ends the connection.
   */
  whenIdle(socket: Duplex, callback: () => void): void;
  /**
   * From now on a connection without a request under way is closed. Node's own `closeIdleConnections` passes those
   * over that never sent anything, and a client that opens them in advance would hold up the stop.
   */
  closeIdle(): void;
}

interface Connection {
  requests: number;
  last?: IncomingMessage;
  readonly waiting: (() => void)[];
}

export function trackConnections(server: Server | TlsServer): Connections {
  const connections = new Map<Duplex, Connection>();
  let closing = false;

  const settle = (socket: Duplex, connection: Connection): void => {
    if (connection.requests > 0) return;
    for (const callback of connection.waiting.splice(0)) callback();
    if (closing) socket.destroy();
  };
  /** One function for all responses: a closure for each would be garbage of every request. */
  function end(this: ServerResponse): void {
    const { socket } = this.req;
    const connection = connections.get(socket);
    if (!connection) return;
    connection.requests -= 1;
    // A pipelined request that is parsed already begins within this turn of the loop.
    if (closing || connection.waiting.length > 0) setImmediate(() => settle(socket, connection));
  }
  const begin = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    const { socket } = incoming;
    const connection = connections.get(socket);
    if (!connection) return;
    connection.requests += 1;
    connection.last = incoming;
    outgoing.on('close', end);
  };

  const track = (socket: Socket): void => {
    connections.set(socket, { requests: 0, waiting: [] });
    socket.once('close', () => connections.delete(socket));
  };
  server.on('connection', track);
  // Over TLS requests have a socket of their own, on the one that connected: from then on that is not idle by itself.
  server.on('secureConnection', (secure: Socket) => {
    for (const socket of connections.keys())
      if (isSamePeer(socket as Socket, secure)) connections.delete(socket);
    track(secure);
  });
  server.on('request', begin);
  return {
    begin,
    whenIdle(socket, callback) {
      const connection = connections.get(socket);
      if (!connection || connection.requests === 0) return callback();
      if (connection.last?.complete) return void connection.waiting.push(callback);
      // The last request itself is broken: it will never be answered, so nothing after it would be.
      return connection.requests === 1 ? callback() : void socket.destroy();
    },
    closeIdle() {
      closing = true;
      for (const [socket, connection] of connections) settle(socket, connection);
    },
  };
}

const isSamePeer = (one: Socket, other: Socket): boolean =>
  one.remotePort === other.remotePort && one.remoteAddress === other.remoteAddress;
