import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Duplex } from 'node:stream';

type Agent = HttpAgent | HttpsAgent;

/** The connections to an upstream: those that are kept for the next request, and those for one request only. */
export interface UpstreamAgents {
  readonly kept: Agent;
  readonly single: Agent;
  close(): void;
}

export function upstreamAgents(isTls: boolean): UpstreamAgents {
  const make = (keepAlive: boolean): Agent =>
    isTls ? new HttpsAgent({ keepAlive }) : new HttpAgent({ keepAlive });
  const agents = { kept: withoutLeftovers(make(true)), single: make(false) };
  const close = (): void => {
    agents.kept.destroy();
    agents.single.destroy();
  };
  return { ...agents, close };
}

/**
 * Closes an idle connection on which something comes: bytes that no request asked for, e.g. the rest of a body that was
 * longer than announced, would be read as the response to the next request.
 */
function withoutLeftovers(agent: Agent): Agent {
  const keep = agent.keepSocketAlive.bind(agent);
  const reuse = agent.reuseSocket.bind(agent);
  const drop = function drop(this: Duplex): void {
    this.destroy();
  };
  agent.keepSocketAlive = (socket) => {
    if (socket.readableLength > 0) return false;
    socket.on('data', drop);
    return keep(socket);
  };
  agent.reuseSocket = (socket, request) => {
    socket.off('data', drop);
    return reuse(socket, request);
  };
  return agent;
}
