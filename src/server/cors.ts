import { type HttpRequest, type HttpResponse, onlyHeader } from '../lib/http-message.ts';
import type { CallHandler } from './call-handler.ts';

/** Which pages may call what. */
export interface CorsOptions {
  /** E.g. `http://localhost:5173`. */
  readonly origins: readonly string[];
  /** Paths of the operations that browsers call; all of them are POST. */
  readonly paths: readonly string[];
}

/** What a page may read of a response, besides what every page may. */
const EXPOSED = 'x-amzn-requestid, x-amzn-errortype, x-authz-decision';

/** How long a browser may remember the answer to a preflight request, in seconds: the most that Chromium allows. */
const MAX_AGE_SECONDS = 7_200;

const HEADER_NAMES = /^[\w!#$%&'*+.^`|~-]+(?:, ?[\w!#$%&'*+.^`|~-]+)*$/;

/**
 * Lets pages of the given origins call the given paths. A preflight request is answered here: it is not a call, so nothing
 * is authenticated or recorded. Credentials of the browser (cookies) are not allowed: the signature is what counts.
 * @see https://fetch.spec.whatwg.org/#http-cors-protocol
 */
export function withCors(handler: CallHandler, { origins, paths }: CorsOptions): CallHandler {
  if (origins.length === 0) return handler;
  const [allowed, covered] = [new Set(origins), new Set(paths)];
  const decorated = (request: HttpRequest, response: HttpResponse): HttpResponse => {
    if (!covered.has(pathOf(request))) return response;
    const origin = onlyHeader(request, 'origin');
    const isAllowed = origin !== undefined && allowed.has(origin);
    const headers = { ...withoutCors(response.headers), vary: varyOf(response.headers.vary) };
    const shared = isAllowed && {
      'access-control-allow-origin': origin,
      'access-control-expose-headers': EXPOSED,
    };
    return { ...response, headers: { ...headers, ...shared } };
  };
  return {
    admit: async (head) => {
      const admission = await handler.admit(head);
      return { ...admission, refuse: async () => decorated(head, await admission.refuse()) };
    },
    run: async (request, exchange) => {
      const origin = onlyHeader(request, 'origin');
      const isKnown = origin !== undefined && allowed.has(origin) && covered.has(pathOf(request));
      return isKnown && isPreflight(request)
        ? preflightResponse(request, origin)
        : decorated(request, await handler.run(request, exchange));
    },
    refuse: async (request, error) => decorated(request, await handler.refuse(request, error)),
  };
}

const isPreflight = (request: HttpRequest): boolean =>
  request.method === 'OPTIONS' && onlyHeader(request, 'access-control-request-method') !== undefined;

/** The headers that a page asks for are those that its SDK signs; they differ from version to version. */
function preflightResponse(request: HttpRequest, origin: string): HttpResponse {
  const wanted = onlyHeader(request, 'access-control-request-headers');
  const isPrivate = onlyHeader(request, 'access-control-request-private-network') === 'true';
  return {
    status: 204,
    headers: {
      'access-control-allow-origin': origin,
      'access-control-allow-methods': 'POST',
      ...(wanted !== undefined && HEADER_NAMES.test(wanted) && { 'access-control-allow-headers': wanted }),
      // A page that is not of this machine asks for this as well.
      ...(isPrivate && { 'access-control-allow-private-network': 'true' }),
      'access-control-max-age': String(MAX_AGE_SECONDS),
      vary: 'Origin, Access-Control-Request-Headers',
    },
    body: '',
  };
}

const pathOf = ({ target }: HttpRequest): string => target.split('?', 1)[0] ?? '';

/** An upstream may have a setting of its own: the proxy's is the one that counts. */
const withoutCors = (headers: HttpResponse['headers']): HttpResponse['headers'] =>
  Object.fromEntries(
    Object.entries(headers).filter(([name]) => !name.toLowerCase().startsWith('access-control-')),
  );

function varyOf(given: string | string[] | undefined): string {
  const named = [given ?? []].flat().join(', ');
  return named === '' ? 'Origin' : `${named}, Origin`;
}
