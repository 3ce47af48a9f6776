import { type ClientRequest, type IncomingMessage, ServerResponse } from 'node:http';
import { createProxyMiddleware, type RequestHandler } from 'http-proxy-middleware';
import type { AwsError } from '../lib/errors.ts';
import type { HttpRequest, HttpResponse } from '../lib/http-message.ts';
import { err, type Result } from '../lib/result.ts';
import { iamActions } from '../model/iam-actions.ts';
import type { ServiceName } from '../model/shape.ts';
import { prepareHeaders } from './forwarded-headers.ts';
import type { Address, ForwardedCall, HttpUpstream } from './upstream.ts';
import { type UpstreamAgents, upstreamAgents } from './upstream-agents.ts';
import { UpstreamReset, UpstreamTimeout, upstreamError } from './upstream-error.ts';
import { collect } from './upstream-response.ts';

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

type Settle = (result: Result<HttpResponse, AwsError>) => void;

/** One attempt to have a request answered. */
interface Attempt extends Address {
  readonly target: string;
  readonly body: Uint8Array;
  /** Set on the request after all others. */
  readonly headers: readonly (readonly [name: string, value: string | readonly string[]])[];
  readonly settle: Settle;
  /** Settles with what a failure means for the caller. */
  readonly fail: (cause: unknown) => void;
  outgoing?: ClientRequest;
  /** What the connection had received before this request was sent over it. */
  bytesBefore?: number;
}

const TOTAL_MILLIS = 300_000;

/**
 * An upstream over HTTP. http-proxy-middleware carries the request, with the bytes that were authorized; the answer is
 * collected and written where all answers are, so that an upstream that is cut off in the middle is a 502 and not half
 * an answer.
 */
export function httpUpstream(options: HttpUpstreamOptions): HttpUpstream {
  const { description, totalMillis = TOTAL_MILLIS } = options;
  const attempts = new WeakMap<IncomingMessage, Attempt>();
  const agents = upstreamAgents(options.secure);
  const carriers = {
    kept: carrier('kept', agents, attempts, options),
    single: carrier('single', agents, attempts, options),
  };
  const close = async (): Promise<void> => agents.close();

  return {
    description,
    async send(authorized, { incoming, outgoing }) {
      const { request, route, credential } = authorized;
      if (outgoing.closed)
        return err(upstreamError(description, new Error('the client closed the connection')));
      const service = route.operation.service.name;
      let signed: Readonly<Record<string, string>> | undefined;
      try {
        signed = await options.sign?.(request, service);
      } catch (cause) {
        return err(upstreamError(description, cause));
      }
      const kept = prepareHeaders(incoming, credential?.signedHeaders ?? [], signed !== undefined);
      const call = {
        target: options.target(service),
        ...(options.address?.(request) ?? { path: request.target }),
        body: request.body,
        headers: [...kept, ...Object.entries(signed ?? {})],
      };
      let isWorthAnother = false;
      /** Settles with the cause and abandons the request. */
      let abandon = (_: unknown): void => {};
      const attempt = (kind: keyof typeof carriers): Promise<Result<HttpResponse, AwsError>> => {
        const { promise, resolve } = Promise.withResolvers<Result<HttpResponse, AwsError>>();
        let isSettled = false;
        const settle: Settle = (result) => {
          isSettled = true;
          resolve(result);
        };
        const own: Attempt = {
          ...call,
          settle,
          fail: (cause) => {
            // A request that was given up fails, too.
            if (isSettled) return;
            const isLost = isReset(own, cause);
            isWorthAnother = isLost && onlyReads(authorized);
            settle(err(upstreamError(description, isLost ? new UpstreamReset(messageOf(cause)) : cause)));
          },
        };
        attempts.set(incoming, own);
        // http-proxy-middleware writes into this; its `close` event signals that the client disconnected.
        const sink = new ServerResponse(incoming);
        abandon = (cause) => {
          settle(err(upstreamError(description, cause)));
          sink.emit('close');
        };
        void carriers[kind](incoming, sink, (cause) => {
          if (cause) own.fail(cause);
        });
        return promise;
      };
      const leave = (): void => abandon(new Error('the client closed the connection'));
      const total = setTimeout(
        () => abandon(new UpstreamTimeout(`no complete answer within ${totalMillis / 1000} seconds`)),
        totalMillis,
      );
      outgoing.once('close', leave);
      // An upstream that sends a body after HEAD spoils the connection: none is used for another request.
      const first = await attempt(request.method === 'HEAD' ? 'single' : 'kept');
      const result = isWorthAnother && !outgoing.closed ? await attempt('single') : first;
      clearTimeout(total);
      outgoing.removeListener('close', leave);
      return result;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** What Node refuses to send ends this request, and not the process. */
function endWith(upstream: ClientRequest, body: Uint8Array | undefined): void {
  try {
    upstream.end(body);
  } catch (cause) {
    upstream.destroy(cause as Error);
  }
}

/** One http-proxy-middleware over one kind of connections. */
function carrier(
  kind: 'kept' | 'single',
  agents: UpstreamAgents,
  attempts: WeakMap<IncomingMessage, Attempt>,
  { description, timeoutMillis }: HttpUpstreamOptions,
): RequestHandler<IncomingMessage, ServerResponse> {
  const bodies = new WeakMap<ClientRequest, Uint8Array>();
  return createProxyMiddleware<IncomingMessage, ServerResponse>({
    router: (incoming) => attempts.get(incoming)?.target ?? '',
    agent: agents[kind],
    changeOrigin: true,
    selfHandleResponse: true,
    // One write for header and body; the incoming stream is long consumed.
    buffer: { pipe: (upstream: ClientRequest) => endWith(upstream, bodies.get(upstream)) } as never,
    // Its own error answers are not AWS's.
    ejectPlugins: true,
    plugins: [
      (server) => {
        server.on('proxyReq', (outgoing, incoming) => {
          const attempt = attempts.get(incoming);
          if (!attempt) return outgoing.destroy(new Error('the request has no exchange'));
          attempt.outgoing = outgoing;
          attempt.bytesBefore = outgoing.socket?.bytesRead ?? 0;
          bodies.set(outgoing, attempt.body);
          prepareRequest(outgoing, attempt);
          // Every request is waited for, also one that ends without an answer and without an error.
          const lose = (): void => attempt.fail(new Error('the connection closed without an answer'));
          outgoing.once('close', lose).once('response', () => outgoing.removeListener('close', lose));
          outgoing.setTimeout(timeoutMillis, () =>
            outgoing.destroy(new UpstreamTimeout(`no answer within ${timeoutMillis / 1000} seconds`)),
          );
          return undefined;
        });
        server.on('proxyRes', (answer, incoming) => {
          const settle = attempts.get(incoming)?.settle;
          if (settle) collect(answer, settle, { description, isHead: incoming.method === 'HEAD' });
        });
        server.on('error', (cause, incoming) => {
          if (incoming) attempts.get(incoming)?.fail(cause);
        });
        server.on('econnreset', (cause, incoming) => attempts.get(incoming)?.fail(cause));
      },
    ],
  });
}

function prepareRequest(outgoing: ClientRequest, { path, host, body, headers }: Attempt): void {
  // As it was authorized: nothing joins or resolves its parts.
  outgoing.path = path;
  if (host !== undefined) outgoing.setHeader('host', host);
  for (const [name, value] of headers) outgoing.setHeader(name, value);
  // Its framing was signed: it is sent in chunks again.
  if (outgoing.hasHeader('transfer-encoding')) outgoing.removeHeader('content-length');
  else if (body.length > 0) outgoing.setHeader('content-length', body.length);
}

const READS = /^(?:Read|List)$/;

/** Whether doing it twice changes nothing: the access level of every checked action is Read or List. */
const onlyReads = ({ checks }: ForwardedCall): boolean =>
  checks.length > 0 &&
  checks.every(({ action }) => {
    const [service = '', name = ''] = action.split(':');
    return READS.test(iamActions().describe(service, name)?.access ?? '');
  });

const RESETS: ReadonlySet<unknown> = new Set(['ECONNRESET', 'EPIPE']);

/** Whether a connection that was kept from before ended without a byte of the response: the upstream had closed it. */
function isReset({ outgoing, bytesBefore }: Attempt, cause: unknown): boolean {
  return (
    outgoing?.reusedSocket === true &&
    RESETS.has((cause as NodeJS.ErrnoException).code) &&
    outgoing.socket?.bytesRead === bytesBefore
  );
}

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
