import { type ClientRequest, Agent as HttpAgent, type IncomingMessage, ServerResponse } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { createProxyMiddleware } from 'http-proxy-middleware';
import { type AwsError, awsError } from '../lib/errors.ts';
import type { HttpAnswer, HttpRequest } from '../lib/http-message.ts';
import { err, ok, type Result } from '../lib/result.ts';
import type { ServiceName } from '../model/shape.ts';
import { MAX_OBJECT_BYTES } from '../pipeline/body-limits.ts';
import type { Upstream } from './upstream.ts';

export interface HttpUpstreamOptions {
  readonly description: string;
  /** Where requests to a service go. */
  readonly target: (service: ServiceName) => string;
  /** How long the upstream may be silent, in milliseconds. */
  readonly timeoutMillis: number;
  /** The request's headers as they leave, e.g. signed anew; by default as they came, for the upstream's host. */
  readonly sign?: (request: HttpRequest, service: ServiceName) => Promise<Readonly<Record<string, string>>>;
  /** Where in the upstream a request goes: by default to its own path at the upstream's own host. */
  readonly address?: (request: HttpRequest) => Address;
}

export interface Address {
  /** With the query. */
  readonly path: string;
  /** The upstream's own where it is not given. */
  readonly host?: string;
}

interface Exchange extends Address {
  readonly target: string;
  readonly body: Uint8Array;
  readonly signed?: Readonly<Record<string, string>>;
  readonly settle: (result: Result<HttpAnswer, AwsError>) => void;
}

/** RFC 9110 7.6.1, and what only concerned the hop to us: the body is whole and its length known. */
const HOP_BY_HOP = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
];

/** What AWS reads, and policies too: a `Connection` header that names it can not take it out of what was authorized. */
const MEANT = /^(?:x-amz-|if-|content-|range$|user-agent$|referer$|smithy-protocol$)/;

/** What made the caller's signature; it would contradict ours. */
const SIGNATURE_HEADERS = [
  'authorization',
  'date',
  'x-amz-date',
  'x-amz-security-token',
  'x-amz-content-sha256',
];

/** As large as an object that can be put. */
const MAX_ANSWER_BYTES = MAX_OBJECT_BYTES;

class UpstreamTimeout extends Error {}

/**
 * An upstream over HTTP. http-proxy-middleware carries the request, with the bytes that were authorized; the answer is
 * collected and written where all answers are, so that an upstream that is cut off in the middle is a 502 and not half
 * an answer.
 */
export function httpUpstream(options: HttpUpstreamOptions): Omit<Upstream, 'tags'> {
  const exchanges = new WeakMap<IncomingMessage, Exchange>();
  const bodies = new WeakMap<ClientRequest, Uint8Array>();
  const agents = { http: new HttpAgent({ keepAlive: true }), https: new HttpsAgent({ keepAlive: true }) };

  const proxy = createProxyMiddleware<IncomingMessage, ServerResponse>({
    router: (incoming) => exchanges.get(incoming)?.target ?? '',
    agent: options.target('personalize').startsWith('https:') ? agents.https : agents.http,
    changeOrigin: true,
    selfHandleResponse: true,
    // One write for header and body; the incoming stream is long consumed.
    buffer: { pipe: (upstream: ClientRequest) => upstream.end(bodies.get(upstream)) } as never,
    // Its own error answers are not AWS's.
    ejectPlugins: true,
    plugins: [
      (server) => {
        server.on('proxyReq', (outgoing, incoming) => {
          const exchange = exchanges.get(incoming);
          if (!exchange) return outgoing.destroy(new Error('the request has no exchange'));
          bodies.set(outgoing, exchange.body);
          // As it was authorized: nothing joins or resolves its parts.
          outgoing.path = exchange.path;
          if (exchange.host !== undefined) outgoing.setHeader('host', exchange.host);
          if (exchange.body.length > 0) outgoing.setHeader('content-length', exchange.body.length);
          for (const [name, value] of Object.entries(exchange.signed ?? {})) outgoing.setHeader(name, value);
          // Somebody waits for every request, also for one that ends without an answer and without an error.
          const ended = new Error('the connection closed without an answer');
          const lose = (): void => exchange.settle(err(upstreamError(options.description, ended)));
          outgoing.once('close', lose).once('response', () => outgoing.removeListener('close', lose));
          outgoing.setTimeout(options.timeoutMillis, () =>
            outgoing.destroy(new UpstreamTimeout(`no answer within ${options.timeoutMillis / 1000} seconds`)),
          );
          return undefined;
        });
        server.on('proxyRes', (answer, incoming) =>
          collect(answer, exchanges.get(incoming)?.settle, {
            ...options,
            isHead: incoming.method === 'HEAD',
          }),
        );
        server.on('error', (cause, incoming) => {
          if (incoming) exchanges.get(incoming)?.settle(err(upstreamError(options.description, cause)));
        });
        server.on('econnreset', (cause, incoming) => {
          exchanges.get(incoming)?.settle(err(upstreamError(options.description, cause)));
        });
      },
    ],
  });

  const close = async (): Promise<void> => {
    agents.http.destroy();
    agents.https.destroy();
  };

  return {
    description: options.description,
    async send({ authorized: { request, route, credential }, incoming, outgoing }) {
      const service = route.service.name;
      let signed: Readonly<Record<string, string>> | undefined;
      try {
        signed = await options.sign?.(request, service);
      } catch (cause) {
        return err(upstreamError(options.description, cause));
      }
      const { promise, resolve } = Promise.withResolvers<Result<HttpAnswer, AwsError>>();
      exchanges.set(incoming, {
        target: options.target(service),
        ...(options.address?.(request) ?? { path: request.target }),
        body: request.body,
        ...(signed && { signed }),
        settle: resolve,
      });
      prepareHeaders(incoming, credential?.signedHeaders ?? [], signed !== undefined);
      // What http-proxy-middleware would write goes nowhere; its `close` is how it learns that the client left.
      const nobody = new ServerResponse(incoming);
      const leave = (): void => {
        resolve(err(upstreamError(options.description, new Error('the client closed the connection'))));
        nobody.emit('close');
      };
      outgoing.once('close', leave);
      if (outgoing.closed) leave();
      void proxy(incoming, nobody, (cause) => {
        if (cause) resolve(err(upstreamError(options.description, cause)));
      });
      const result = await promise;
      outgoing.removeListener('close', leave);
      return result;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Takes away what concerned the hop to us only, and the caller's signature where the request is signed anew. */
function prepareHeaders(incoming: IncomingMessage, kept: readonly string[], signedAnew: boolean): void {
  const named = (incoming.headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase());
  const ours = named.filter((name) => !kept.includes(name) && !MEANT.test(name) && name !== 'host');
  for (const name of [...HOP_BY_HOP, ...ours]) delete incoming.headers[name];
  if (signedAnew) for (const name of SIGNATURE_HEADERS) delete incoming.headers[name];
}

/** Reads an answer to its end; an answer that is cut off, or grows past all measure, is an upstream's failure. */
function collect(
  answer: IncomingMessage,
  settle: Exchange['settle'] | undefined,
  { description, isHead }: { readonly description: string; readonly isHead: boolean },
): void {
  const chunks: Buffer[] = [];
  let size = 0;
  const fail = (): void => {
    const reason =
      size > MAX_ANSWER_BYTES ? `the answer is over ${MAX_ANSWER_BYTES} bytes` : 'the answer was cut off';
    settle?.(err(upstreamError(description, new Error(reason))));
  };
  answer.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES) answer.destroy();
  });
  answer.on('end', () => {
    const { statusCode: status = 0 } = answer;
    if (status < 200) return settle?.(err(upstreamError(description, new Error(`the status is ${status}`))));
    const headers = endToEndHeaders(answer, isHead);
    return settle?.(ok({ status, headers, body: Buffer.concat(chunks, size) }));
  });
  // Both come after `end` too, where the matter is settled already.
  answer.on('error', fail);
  answer.on('close', fail);
}

/** The length of a body is counted anew; that of one which HEAD left out can only be told. */
function endToEndHeaders(answer: IncomingMessage, isHead: boolean): Readonly<Record<string, string>> {
  const dropped = new Set([...HOP_BY_HOP, ...(isHead ? [] : ['content-length'])]);
  return Object.fromEntries(
    Object.entries(answer.headers)
      .filter(([name, value]) => value !== undefined && !dropped.has(name))
      .map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : String(value)]),
  );
}

function upstreamError(description: string, cause: unknown): AwsError {
  const reason = cause instanceof Error ? cause.message || cause.name : String(cause);
  const code = cause instanceof UpstreamTimeout ? 'GatewayTimeout' : 'BadGateway';
  return awsError(code, `The upstream ${description} did not answer: ${reason}`);
}
