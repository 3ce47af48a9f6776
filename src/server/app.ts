import { type IncomingMessage, type RequestListener, type ServerResponse, STATUS_CODES } from 'node:http';
import express, { type Router } from 'express';
import { type AwsError, awsError } from '../lib/errors.ts';
import type { HttpAnswer, HttpRequest } from '../lib/http-message.ts';
import { encodeError } from '../wire/encode-error.ts';
import { behindProxies, type ClientOf } from './client-address.ts';
import { LINGER_MILLIS } from './client-error.ts';
import { readBody, readHead } from './read-request.ts';

/** The exchange that a request came in, for whoever must watch or forward it. */
export interface Exchange {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
}

/** How an app answers a request that is no admin call. */
export interface Answerer {
  /** Never rejects: what fails inside is an answer too. */
  run(request: HttpRequest, exchange: Exchange): Promise<HttpAnswer>;
  /** For a request whose body could not be had. */
  refuse(request: HttpRequest, error: AwsError): Promise<HttpAnswer>;
}

/** The Express application: the project's own endpoints under `/_authz`, AWS's API everywhere else. */
export function createApp(
  answerer: Answerer,
  admin?: Router,
  trustedProxies: readonly string[] = [],
): RequestListener {
  const clientOf = behindProxies(trustedProxies);
  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    try {
      await answerAws(answerer, { incoming, outgoing }, clientOf);
    } catch (cause) {
      // The last line: whoever answers does not throw, and every answer can be written.
      if (outgoing.headersSent) return void outgoing.destroy();
      send(outgoing, encodeError(awsError('InternalFailure', String(cause)), undefined, ''));
    }
  };
  const app = express();
  app.disable('x-powered-by').disable('etag').enable('case sensitive routing');
  if (admin) app.use('/_authz', admin);
  app.use(answer);
  // A target that is no path (`*`, `http://host/…`) is no admin call, and none that a router should take apart.
  return (incoming, outgoing) =>
    incoming.url?.startsWith('/') ? app(incoming, outgoing) : void answer(incoming, outgoing);
}

async function answerAws(answerer: Answerer, exchange: Exchange, clientOf: ClientOf): Promise<void> {
  const { incoming, outgoing } = exchange;
  const head = readHead(incoming, clientOf);
  let body: Awaited<ReturnType<typeof readBody>>;
  try {
    body = await readBody(incoming);
  } catch {
    // The client went away in the middle of its body: there is nobody to answer, and nothing was decided.
    return void outgoing.destroy();
  }
  if (!body.ok) return sendEarly(exchange, await answerer.refuse(head, body.error));
  return send(outgoing, await answerer.run({ ...head, body: body.value }, exchange));
}

function send(outgoing: ServerResponse, { status, headers, body }: HttpAnswer): void {
  if (outgoing.destroyed) return;
  outgoing.writeHead(status, STATUS_CODES[status] ?? '', {
    ...headers,
    ...lengthOf(body, status, outgoing.req, headers),
  });
  outgoing.end(body);
}

/** Of a body that the status leaves out there is none; of one that HEAD leaves out, what the answer says. */
function lengthOf(
  body: HttpAnswer['body'],
  status: number,
  { method }: IncomingMessage,
  { 'content-length': told }: HttpAnswer['headers'],
): Readonly<Record<string, string | number>> {
  if (status === 204 || status === 304) return {};
  const isTold = method === 'HEAD' && told !== undefined && body.length === 0;
  return { 'content-length': isTold ? told : Buffer.byteLength(body) };
}

/**
 * Answers while the body is on its way still. The answer is complete before the connection ends: closed at once, it
 * would be reset under a client that is sending, and many clients read nothing before they have sent everything.
 */
function sendEarly({ incoming, outgoing }: Exchange, { status, headers, body }: HttpAnswer): void {
  if (outgoing.destroyed) return;
  outgoing.writeHead(status, STATUS_CODES[status] ?? '', {
    ...headers,
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  });
  outgoing.write(body);
  // One that waits for `100 Continue` sends nothing more.
  if (incoming.headers.expect !== undefined) return void outgoing.end();
  const end = (): void => {
    clearTimeout(impatience);
    outgoing.end();
  };
  const impatience = setTimeout(end, LINGER_MILLIS);
  incoming.once('end', end).once('close', end).resume();
}
