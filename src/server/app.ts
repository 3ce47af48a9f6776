import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { type AwsError, awsError } from '../lib/errors.ts';
import { err, type Result } from '../lib/result.ts';
import { turnEnd } from '../upstreams/turn-end.ts';
import type { Exchange } from '../upstreams/upstream.ts';
import { encodeError } from '../wire/encode-error.ts';
import type { BodyAdmission, CallHandler } from './call-handler.ts';
import { behindProxies, type ClientOf } from './client-address.ts';
import { type CorsOptions, withCors } from './cors.ts';
import {
  BODY_SILENCE_MILLIS,
  type BodyBudget,
  createBodyBudget,
  declaredLength,
  readBody,
  SMALL_BODY_BYTES,
  type UnreadBody,
} from './read-body.ts';
import { readHead } from './read-request.ts';
import { send, sendEarly } from './send-response.ts';

export interface AppOptions {
  /** Opens the project's own pages, for the first request to one of them. `calls` answers what is none of them. */
  readonly openPages?: (calls: RequestListener) => Promise<RequestListener>;
  readonly trustedProxies?: readonly string[];
  readonly limits?: BodyLimits;
  /** Pages that may call it; none unless given. */
  readonly cors?: CorsOptions;
}

/** Bytes of bodies that are held at a time, over all connections. */
export interface BodyLimits {
  /** Whose signature is not proved yet. */
  readonly unauthenticatedBytes: number;
  /** Whose sender is proved by the head alone: uploads to S3. */
  readonly uploadBytes: number;
}

export const DEFAULT_LIMITS: BodyLimits = {
  unauthenticatedBytes: 64 * 1024 * 1024,
  uploadBytes: 256 * 1024 * 1024,
};

/** What the server does with a request: the project's own endpoints under `/_authz`, AWS's API everywhere else. */
export function createApp(
  handler: CallHandler,
  { openPages, trustedProxies = [], limits = DEFAULT_LIMITS, cors = NO_CORS }: AppOptions = {},
): RequestListener {
  const calls = withCors(handler, cors);
  const clientOf = behindProxies(trustedProxies);
  const budgets = {
    unauthenticated: createBodyBudget(limits.unauthenticatedBytes),
    authenticated: createBodyBudget(limits.uploadBytes),
  };
  const answer = lastResort((incoming, outgoing) =>
    answerAws(calls, { incoming, outgoing }, clientOf, budgets),
  );
  if (openPages === undefined) return answer;
  let pages: Promise<RequestListener> | undefined;
  const answerPage = lastResort(async (incoming, outgoing) => {
    // docs/decisions/0006: Express is loaded when it has something to route.
    pages ??= openPages(answer);
    (await pages)(incoming, outgoing);
  });
  return (incoming, outgoing) => (isForOwnPages(incoming) ? answerPage : answer)(incoming, outgoing);
}

/** Handlers do not reject, and every response can be written: if one fails all the same, the client gets an error. */
const lastResort =
  (respond: (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void>): RequestListener =>
  (incoming, outgoing) => {
    respond(incoming, outgoing).catch((cause: unknown) => {
      if (outgoing.headersSent) return void outgoing.destroy();
      send(outgoing, encodeError(awsError('InternalFailure', String(cause)), undefined, ''));
    });
  };

/** Below it are the project's own endpoints. */
export const ADMIN_PATH = '/_authz';

/** Whether a route of the Express application could match; every other request is a call of AWS's API. */
const isForOwnPages = ({ url = '', method }: IncomingMessage): boolean =>
  url.startsWith(ADMIN_PATH) || (url === '/' && method !== 'POST');

const NO_CORS: CorsOptions = { origins: [], paths: [] };

interface Budgets {
  readonly unauthenticated: BodyBudget;
  readonly authenticated: BodyBudget;
}

async function answerAws(
  handler: CallHandler,
  exchange: Exchange,
  clientOf: ClientOf,
  budgets: Budgets,
): Promise<void> {
  const { incoming, outgoing } = exchange;
  const head = readHead(incoming, clientOf);
  const length = declaredLength(incoming);
  const isSmall = length !== undefined && length <= SMALL_BODY_BYTES;
  const admission = isSmall ? SMALL : await handler.admit(head);
  const budget = admission.authenticated ? budgets.authenticated : budgets.unauthenticated;
  let taken = 0;
  const take = (bytes: number): boolean => {
    if (!budget.take(bytes, isSmall)) return false;
    taken += bytes;
    return true;
  };
  try {
    // A client that asks first is spared sending what would be refused.
    if (length === undefined || length <= admission.maxBytes) continueIfAsked(exchange);
    let body: Result<Buffer, UnreadBody>;
    try {
      body = await (outgoing.destroyed
        ? err('silent' as const)
        : readBody(incoming, { maxBytes: admission.maxBytes, take }));
    } catch {
      // The client disconnected during its body: there is no one to respond to, and nothing was decided.
      return void outgoing.destroy();
    }
    if (body.ok) {
      const response = await handler.run({ ...head, body: body.value }, exchange);
      await turnEnd();
      return send(outgoing, response);
    }
    const refusal =
      body.error === 'too-large' ? admission.refuse() : handler.refuse(head, UNREAD[body.error]);
    return sendEarly(exchange, await refusal);
  } finally {
    budget.give(taken);
  }
}

/** Its length is declared: Node reads no more. */
const SMALL: BodyAdmission = {
  maxBytes: SMALL_BODY_BYTES,
  authenticated: false,
  refuse: () => Promise.reject(new Error('a small body is not too large')),
};

const UNREAD: Readonly<Record<Exclude<UnreadBody, 'too-large'>, AwsError>> = {
  'no-room': awsError(
    'SlowDown',
    'Too many request bodies are being received at the same time. Send the request again later.',
  ),
  silent: awsError(
    'RequestTimeout',
    `Your socket connection to the server was not read from or written to within ${BODY_SILENCE_MILLIS / 1000} seconds.`,
  ),
};

/** As Node recognizes such a request. */
const ASKS_FIRST = /(?:^|\W)100-continue(?:$|\W)/i;

/** Tells a client that waits for it to send the body. */
export function continueIfAsked({ incoming, outgoing }: Exchange): void {
  if (incoming.httpVersion === '1.1' && ASKS_FIRST.test(incoming.headers.expect ?? ''))
    outgoing.writeContinue();
}
