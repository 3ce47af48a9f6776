import { randomUUID } from 'node:crypto';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import {
  type ErrorRequestHandler,
  json,
  type Request,
  type RequestHandler,
  type Response,
  Router,
} from 'express';
import type { Diagnostic } from '../lib/errors.ts';
import { type Health, type Mode, unavailabilities } from './health.ts';
import type { Metrics } from './metrics.ts';
import { MODE_BODY } from './requests.ts';

export interface AdminOptions {
  /** The host that the server listens on, and the names that the configuration allows. */
  readonly hosts: readonly string[];
  readonly metrics: Metrics;
  readonly health: () => Health;
  readonly setMode: (mode: Mode) => void | Promise<void>;
  /** Reads principals and policies anew; the diagnostics that kept it from counting, or none. */
  readonly reload: () => Promise<readonly Diagnostic[]>;
  /** Endpoints that have a file of their own. */
  readonly more?: readonly Router[];
}

/** The project's own endpoints, to be mounted at `/_authz`. */
export function adminRouter(options: AdminOptions): Router {
  const { metrics } = options;
  const router = Router({ caseSensitive: true, strict: true });
  router.use(withRequestId, onlyOwnHosts(options.hosts), onlyFromOwnPages, onlyWithAdminHeader);

  router.get('/health', (_, response) => void response.json(options.health()));
  router.get('/health/live', answerOk);
  router.get(
    '/health/ready',
    answerReady(() => options.health().problems),
  );

  router.put('/mode', json({ type: () => true }), async (request, response) => {
    const body = MODE_BODY.safeParse(request.body);
    if (!body.success)
      return refuse(response, 400, 'InvalidMode', 'Send {"mode":"enforce"} or {"mode":"audit"}.');
    await options.setMode(body.data.mode);
    return void response.json(body.data);
  });
  router.post('/reload', async (_, response) => {
    const problems = await options.reload();
    response.status(problems.length === 0 ? 200 : 422).json({ problems });
  });
  router.get('/metrics', async (_, response) => {
    const { contentType, text } = await metrics.exposition();
    response.type(contentType).send(text);
  });

  router
    .all(['/health', '/health/live', '/health/ready', '/metrics'], only('GET'))
    .all('/mode', only('PUT'))
    .all('/reload', only('POST'));
  finish(router, options.more);
  return router;
}

/** Whatever else there is, and an answer for what there is not. */
function finish(router: Router, more: readonly Router[] = []): void {
  for (const each of more) router.use(each);
  router.use((request, response) =>
    refuse(response, 404, 'NotFound', `There is no ${request.originalUrl.split('?')[0]}.`),
  );
  router.use(answerFailure);
}

/** The answer for every other method of a path. */
export const only =
  (...methods: readonly string[]): RequestHandler =>
  (request, response) => {
    const path = request.originalUrl.split('?')[0];
    response.setHeader('allow', methods.join(', '));
    const wanted = methods.join(' or ');
    refuse(response, 405, 'MethodNotAllowed', `${path} is called with ${wanted}, not ${request.method}.`);
  };

/** For the health checks of containers: responds whenever the server listens. */
const answerOk: RequestHandler = (_, response) => void response.json({ status: 'ok' });

/** It listens only once everything is loaded, so it is ready unless something that requests need is away. */
const answerReady =
  (problems: () => readonly Diagnostic[]): RequestHandler =>
  (_, response) => {
    const away = unavailabilities(problems());
    if (away.length === 0) return void response.json({ status: 'ok' });
    return void response.status(503).json({ status: 'unavailable', problems: away });
  };

/** Of a stub behind a port of its own: its health, and its own endpoints. */
export function stubAdminRouter(
  hosts: readonly string[],
  problems: () => readonly Diagnostic[],
  more: readonly Router[],
): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router.use(withRequestId, onlyOwnHosts(hosts), onlyFromOwnPages, onlyWithAdminHeader);
  router.get('/health/live', answerOk);
  router.get(['/health', '/health/ready'], answerReady(problems));
  finish(router, more);
  return router;
}

/**
 * Refuses hosts that are not this server's, so that a web page whose name was rebound to this address learns nothing.
 * An address cannot be rebound; a name can, so only the names that this machine has are taken.
 */
function onlyOwnHosts(hosts: readonly string[]): RequestHandler {
  const names = new Set(['localhost', hostname(), ...hosts].map((name) => name.toLowerCase()));
  return (request, response, next) => {
    const host = (request.headers.host ?? '')
      .toLowerCase()
      .replace(/:\d+$/, '')
      .replace(/^\[(.*)\]$/, '$1');
    if (names.has(host) || isIP(host) !== 0) return next();
    return refuse(
      response,
      403,
      'HostNotAllowed',
      host === ''
        ? '/_authz needs a Host header.'
        : `/_authz answers to the names of this machine only, not to ${host}; to allow it, add it to listen.adminHosts (--admin-hosts, AUTHZ_ADMIN_HOSTS).`,
    );
  };
}

/** As every response of AWS and of the request path has it. */
const withRequestId: RequestHandler = (_, response, next) => {
  response.setHeader('x-amzn-requestid', randomUUID());
  next();
};

/**
 * Refuses what a browser sends on behalf of another site. Following a link to this one is not among it.
 * @see https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Sec-Fetch-Site
 */
const onlyFromOwnPages: RequestHandler = (request, response, next) => {
  const site = request.headers['sec-fetch-site'];
  const isForeign = site === 'cross-site' || site === 'same-site';
  const isLink = request.method === 'GET' && request.headers['sec-fetch-mode'] === 'navigate';
  if (!isForeign || isLink) return next();
  return refuse(response, 403, 'CrossSiteRequest', '/_authz does not accept requests from other websites.');
};

/** A browser cannot send this header to another site; `fetch` from a page would have to ask first, and is not answered. */
const onlyWithAdminHeader: RequestHandler = (request: Request, response, next) => {
  if (
    request.method === 'GET' ||
    request.method === 'HEAD' ||
    request.headers['x-authz-admin'] !== undefined
  ) {
    return next();
  }
  return refuse(
    response,
    403,
    'AdminHeaderMissing',
    'State-changing requests require the x-authz-admin header (any value).',
  );
};

/** A body that is no JSON, or a failure of our own; Express tells its error handlers by their four parameters. */
const answerFailure: ErrorRequestHandler = (
  cause: { status?: number; message?: string },
  _,
  response,
  next,
) => {
  if (response.headersSent) return next(cause);
  const status = cause.status ?? 500;
  return refuse(
    response,
    status,
    status < 500 ? 'InvalidRequest' : 'InternalFailure',
    cause.message ?? String(cause),
  );
};

export function refuse(response: Response, status: number, code: string, message: string): void {
  response.status(status).json({ error: { code, message } });
}
