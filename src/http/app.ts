import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import express, { type Express, type Response, type Router } from 'express';
import type { AwsError } from '../errors.ts';
import type { HttpAnswer, HttpRequest } from '../http-message.ts';
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
export function createApp(answerer: Answerer, admin?: Router): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag').enable('case sensitive routing');
  if (admin) app.use('/_authz', admin);
  app.use(async (incoming, outgoing) => {
    const head = readHead(incoming);
    let body: Awaited<ReturnType<typeof readBody>>;
    try {
      body = await readBody(incoming);
    } catch {
      // The client went away in the middle of its body: there is nobody to answer, and nothing was decided.
      return void outgoing.destroy();
    }
    if (!body.ok) {
      const answer = await answerer.refuse(head, body.error);
      // The rest of the body is on its way still; this connection can not carry another request.
      outgoing.setHeader('connection', 'close');
      incoming.resume();
      return send(outgoing, answer);
    }
    return send(outgoing, await answerer.run({ ...head, body: body.value }, { incoming, outgoing }));
  });
  return app;
}

function send(outgoing: Response, { status, headers, body }: HttpAnswer): void {
  if (outgoing.destroyed) return;
  outgoing.writeHead(status, STATUS_CODES[status] ?? '', {
    ...headers,
    'content-length': Buffer.byteLength(body),
  });
  outgoing.end(body);
}
