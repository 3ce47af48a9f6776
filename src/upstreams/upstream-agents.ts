import { Agent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Socket } from 'node:net';
import { UpstreamTimeout } from './upstream-error.ts';

/** The connections to an upstream: those that are kept for the next request, and those for one request only. */
export interface UpstreamAgents {
  readonly kept: Agent;
  readonly single: Agent;
  close(): void;
}

/** @param timeoutMillis how long an upstream may be silent while it connects or is waited for */
export function upstreamAgents(isTls: boolean, timeoutMillis: number): UpstreamAgents {
  const make = (keepAlive: boolean): Agent => {
    // With a timeout, Node closes a kept connection before the time that the upstream announces (`Keep-Alive: timeout=5`):
    // no request is sent over one that the upstream is about to close.
    const options = { keepAlive, timeout: timeoutMillis };
    return guarded(isTls ? new HttpsAgent(options) : new Agent(options), timeoutMillis);
  };
  const agents = { kept: make(true), single: make(false) };
  const close = (): void => {
    agents.kept.destroy();
    agents.single.destroy();
  };
  return { ...agents, close };
}

/**
 * Ends a connection that is silent for too long, and one on which something comes that no request reads: bytes that were
 * not asked for, e.g. the rest of a body that was longer than announced, would be read as the response to the next
 * request. A connection has these listeners for as long as it lasts: none is added for a request.
 */
function guarded(agent: Agent, timeoutMillis: number): Agent {
  const create = agent.createConnection.bind(agent);
  const keep = agent.keepSocketAlive.bind(agent);
  const reuse = agent.reuseSocket.bind(agent);
  agent.createConnection = (options, callback) => {
    const socket = create(options, callback) as Socket;
    socket.on('timeout', () =>
      socket.destroy(new UpstreamTimeout(`no answer within ${timeoutMillis / 1000} seconds`)),
    );
    socket.on('data', () => {
      if (socket.listenerCount('data') === 1) socket.destroy();
    });
    return socket;
  };
  agent.keepSocketAlive = (socket) => socket.readableLength === 0 && keep(socket);
  agent.reuseSocket = (socket, request) => {
    reuse(socket, request);
    const { timeout } = socket as Socket;
    if (timeout !== timeoutMillis) (socket as Socket).setTimeout(timeoutMillis);
  };
  return agent;
}
