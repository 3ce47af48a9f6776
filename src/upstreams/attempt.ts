import type { ClientRequest, IncomingMessage } from 'node:http';
import type { AwsError } from '../lib/errors.ts';
import type { HttpResponse } from '../lib/http-message.ts';
import { err, type Result } from '../lib/result.ts';
import { endMessage } from './end-message.ts';
import type { ForwardedHeaders } from './forwarded-headers.ts';
import type { Address } from './upstream.ts';
import { UpstreamReset, upstreamError } from './upstream-error.ts';
import { collect } from './upstream-response.ts';

/** A request as it leaves. */
export interface OutgoingCall extends Address {
  readonly method: string;
  readonly headers: ForwardedHeaders['headers'];
  /** Set on the request once it exists, over all others. */
  readonly finalHeaders: readonly (readonly [name: string, value: string | readonly string[]])[];
  readonly body: Uint8Array;
}

/**
 * One attempt to have a request answered. http-proxy-middleware takes it for both messages that it forwards between, and
 * finds here what it reads of them. The client's own messages are not given to it: the body was read, the response is
 * written once it is complete, and none of the library's listeners is left on them.
 */
export class Attempt {
  // Of a request.
  readonly method: string;
  readonly headers: ForwardedHeaders['headers'];
  /** Empty, so that no path is parsed: the request leaves for the path that was authorized. */
  readonly url = '';
  readonly httpVersionMajor = 1;
  // Of a response: ended, so that nothing is piped into it.
  readonly finished = true;
  readonly headersSent = true;
  readonly writableFinished = false;

  readonly answer: Promise<Result<HttpResponse, AwsError>>;
  /** Whether a kept connection was lost before a byte of the response. */
  isReset = false;
  isSettled = false;

  readonly #call: OutgoingCall;
  readonly #description: string;
  readonly #resolve: (result: Result<HttpResponse, AwsError>) => void;
  readonly #closeListeners: (() => void)[] = [];
  #isAbandoned = false;
  #isAnswered = false;
  #outgoing: ClientRequest | undefined;
  /** What the connection had received before this request was sent over it. */
  #bytesBefore = 0;

  constructor(call: OutgoingCall, description: string) {
    const { promise, resolve } = Promise.withResolvers<Result<HttpResponse, AwsError>>();
    this.method = call.method;
    this.headers = call.headers;
    this.answer = promise;
    this.#resolve = resolve;
    this.#call = call;
    this.#description = description;
  }

  /** As of an event emitter: when the response closes before it is written, the library gives up its request. */
  on(event: string, listener: () => void): this {
    if (event !== 'close') return this;
    if (this.#isAbandoned) listener();
    else this.#closeListeners.push(listener);
    return this;
  }

  /** Sends the request, in one write. What Node refuses to send ends this request, and not the process. */
  send(outgoing: ClientRequest): void {
    const { path, host, finalHeaders, body } = this.#call;
    this.#outgoing = outgoing;
    this.#bytesBefore = outgoing.socket?.bytesRead ?? 0;
    // Every request is waited for, also one that ends without an answer and without an error.
    outgoing.on('close', () => {
      if (!this.#isAnswered) this.fail(new Error('the connection closed without an answer'));
    });
    // As it was authorized: nothing joins or resolves its parts.
    outgoing.path = path;
    try {
      if (host !== undefined) outgoing.setHeader('host', host);
      for (const [name, value] of finalHeaders) outgoing.setHeader(name, value);
      // Its framing was signed: it is sent in chunks again.
      if (outgoing.hasHeader('transfer-encoding')) outgoing.removeHeader('content-length');
      else if (body.length > 0) outgoing.setHeader('content-length', body.length);
      endMessage(outgoing, body);
    } catch (cause) {
      outgoing.destroy(cause as Error);
    }
  }

  /** Reads the answer. */
  receive(answer: IncomingMessage): void {
    this.#isAnswered = true;
    collect(answer, this);
  }

  settle(result: Result<HttpResponse, AwsError>): void {
    this.isSettled = true;
    this.#resolve(result);
  }

  /** Settles with what a failure means for the caller; a request that was given up fails, too. */
  fail(cause: unknown): void {
    if (this.isSettled) return;
    this.isReset = this.#wasReset(cause);
    const reason = this.isReset ? new UpstreamReset(messageOf(cause)) : cause;
    this.settle(err(upstreamError(this.#description, reason)));
  }

  /** Settles with the cause and gives the request up. */
  abandon(cause: Error): void {
    if (!this.isSettled) this.settle(err(upstreamError(this.#description, cause)));
    this.#isAbandoned = true;
    for (const listener of this.#closeListeners.splice(0)) listener();
  }

  /** Whether a connection that was kept from before ended without a byte of the response: the upstream had closed it. */
  #wasReset(cause: unknown): boolean {
    return (
      this.#outgoing?.reusedSocket === true &&
      RESETS.has((cause as NodeJS.ErrnoException).code) &&
      this.#outgoing.socket?.bytesRead === this.#bytesBefore
    );
  }
}

const RESETS: ReadonlySet<unknown> = new Set(['ECONNRESET', 'EPIPE']);

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
