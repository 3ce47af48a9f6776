import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AwsError } from '../lib/errors.ts';
import type { HttpRequest, HttpResponse } from '../lib/http-message.ts';
import type { Result } from '../lib/result.ts';
import type { Operation } from '../model/shape.ts';

/** The HTTP exchange of a request, for watching or forwarding it. */
export interface Exchange {
  readonly incoming: IncomingMessage;
  /** Closed when the client goes away: the response is not needed any more. */
  readonly outgoing: ServerResponse;
}

/** An authorized call, as far as forwarding depends on it. */
export interface ForwardedCall {
  readonly request: HttpRequest;
  readonly route: { readonly operation: Operation };
  readonly checks: readonly { readonly action: string }[];
  readonly credential?: { readonly signedHeaders: readonly string[] };
}

/** Where in an upstream a request goes. */
export interface Address {
  /** With the query. */
  readonly path: string;
  /** The upstream's own where it is not given. */
  readonly host?: string;
}

/** Responds to authorized calls from another server. A failure is an error with a 502 or 504, never an exception. */
export interface HttpUpstream extends AsyncDisposable {
  /** As the banner names it. */
  readonly description: string;
  send(call: ForwardedCall, exchange: Exchange): Promise<Result<HttpResponse, AwsError>>;
  close(): Promise<void>;
}
