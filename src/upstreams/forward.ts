import type { IncomingMessage, ServerResponse } from 'node:http';
import { createProxyMiddleware, type RequestHandler } from 'http-proxy-middleware';
import type { HttpRequest } from '../lib/http-message.ts';
import { err } from '../lib/result.ts';
import { iamActions } from '../model/iam-actions.ts';
import type { ServiceName } from '../model/shape.ts';
import { Attempt, type OutgoingCall } from './attempt.ts';
import { forwardedHeaders } from './forwarded-headers.ts';
import { turnEnd } from './turn-end.ts';
import type { Address, Exchange, ForwardedCall, HttpUpstream } from './upstream.ts';
import { upstreamAgents } from './upstream-agents.ts';
import { UpstreamTimeout, upstreamError } from './upstream-error.ts';

export interface HttpUpstreamOptions {
  readonly description: string;
  /** Where requests to a service go. */
  readonly target: (service: ServiceName) => string;
  /** Whether the targets are reached over TLS. */
  readonly secure: boolean;
  /** How long the upstream may be silent, in milliseconds. */
  readonly timeoutMillis: number;
  /** How long a request may take in all, in milliseconds: an upstream that sends a byte now and then is never silent. */
  readonly totalMillis?: number;
  /** The request's headers as they leave, e.g. signed anew; by default as they came, for the upstream's host. */
  readonly sign?: (request: HttpRequest, service: ServiceName) => Promise<Readonly<Record<string, string>>>;
  /** Where in the upstream a request goes: by default to its own path at the upstream's own host. */
  readonly address?: (request: HttpRequest) => Address;
}

const TOTAL_MILLIS = 300_000;

/**
 * An upstream over HTTP. http-proxy-middleware carries the request, with the bytes that were authorized; the answer is
 * collected and written where all answers are, so that an upstream that is cut off in the middle is a 502 and not half
 * an answer.
 */
export function httpUpstream(options: HttpUpstreamOptions): HttpUpstream {
  const { description, totalMillis = TOTAL_MILLIS } = options;
  const agents = upstreamAgents(options.secure, options.timeoutMillis);
  const carriers = { kept: new Map<string, Carrier>(), single: new Map<string, Carrier>() };
  const attempt = (kind: keyof typeof carriers, target: string, call: OutgoingCall): Attempt => {
    let carrier = carriers[kind].get(target);
    if (carrier === undefined) {
      carrier = createCarrier(target, agents[kind]);
      carriers[kind].set(target, carrier);
    }
    const made = new Attempt(call, description);
    // The library takes one object for both messages: `Attempt` lists the members that it reads.
    const messages = made as unknown as Attempt & IncomingMessage & ServerResponse;
    void carrier(messages, messages, (cause) => made.fail(cause));
    return made;
  };
  const callOf = async ({ request, route, credential }: ForwardedCall, { incoming }: Exchange) => {
    const anew = options.sign && Object.entries(await options.sign(request, route.operation.service.name));
    const { headers, signed } = forwardedHeaders(
      incoming,
      credential?.signedHeaders ?? [],
      anew !== undefined,
    );
    return {
      ...(options.address?.(request) ?? { path: request.target }),
      method: request.method,
      headers,
      finalHeaders: anew ?? signed,
      body: request.body,
    };
  };
  const close = async (): Promise<void> => agents.close();

  return {
    description,
    async send(authorized, exchange) {
      const { outgoing } = exchange;
      let call: OutgoingCall;
      try {
        call = await callOf(authorized, exchange);
      } catch (cause) {
        return err(upstreamError(description, cause));
      }
      await turnEnd();
      if (outgoing.closed) return err(upstreamError(description, new Error(LEFT)));
      const target = options.target(authorized.route.operation.service.name);
      // An upstream that sends a body after HEAD spoils the connection: none is used for another request.
      let current = attempt(call.method === 'HEAD' ? 'single' : 'kept', target, call);
      const leave = (): void => current.abandon(new Error(LEFT));
      const total = setTimeout(() => current.abandon(tooSlow(totalMillis)), totalMillis);
      outgoing.once('close', leave);
      let result = await current.answer;
      if (current.isReset && onlyReads(authorized) && !outgoing.closed) {
        current = attempt('single', target, call);
        result = await current.answer;
      }
      clearTimeout(total);
      outgoing.removeListener('close', leave);
      return result;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

const LEFT = 'the client closed the connection';

const tooSlow = (millis: number): Error =>
  new UpstreamTimeout(`no complete answer within ${millis / 1000} seconds`);

type Carrier = RequestHandler<Attempt & IncomingMessage, ServerResponse>;

/** One http-proxy-middleware, to one address over one kind of connections. */
function createCarrier(target: string, agent: ReturnType<typeof upstreamAgents>['kept']): Carrier {
  return createProxyMiddleware<Attempt & IncomingMessage, ServerResponse>({
    target: new URL(target),
    agent,
    changeOrigin: true,
    selfHandleResponse: true,
    // Whether to forward was decided.
    pathFilter: () => true,
    // The body is sent with the head; the incoming stream is long consumed.
    buffer: NOTHING_TO_PIPE as never,
    // Its own error answers are not AWS's.
    ejectPlugins: true,
    plugins: [
      (server) => {
        server.on('proxyReq', (outgoing, attempt) => attempt.send(outgoing));
        server.on('proxyRes', (answer, attempt) => attempt.receive(answer));
        server.on('error', (cause, attempt) => attempt?.fail(cause));
        server.on('econnreset', (cause, attempt) => attempt.fail(cause));
      },
    ],
  });
}

const NOTHING_TO_PIPE = { pipe: () => {} };

const READS = /^(?:Read|List)$/;

/** Whether doing it twice changes nothing: the access level of every checked action is Read or List. */
const onlyReads = ({ checks }: ForwardedCall): boolean =>
  checks.length > 0 &&
  checks.every(({ action }) => {
    const [service = '', name = ''] = action.split(':');
    return READS.test(iamActions().describe(service, name)?.access ?? '');
  });
