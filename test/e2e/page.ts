/** What a page sees of a response. */
export interface PageResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** Names that a page may read and send without asking. @see https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name */
const READABLE = ['cache-control', 'content-language', 'content-length', 'content-type', 'expires', 'pragma'];

/**
 * Fetches as a browser does for a page of an origin: asks with a preflight request, sends only what was allowed, and shows
 * only what may be read.
 * @throws TypeError where the browser would, and the page learns nothing
 */
export async function fetchFromPage(
  origin: string,
  url: string,
  request: { readonly headers: Readonly<Record<string, string>>; readonly body: string },
): Promise<PageResponse> {
  const names = Object.keys(request.headers)
    .map((name) => name.toLowerCase())
    .sort();
  const preflight = await fetch(url, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': names.join(','),
    },
  });
  await preflight.arrayBuffer();
  const listed = (name: string): readonly string[] =>
    (preflight.headers.get(name) ?? '').split(',').map((each) => each.trim().toLowerCase());
  if (!preflight.ok || preflight.headers.get('access-control-allow-origin') !== origin)
    throw new TypeError('Failed to fetch: the preflight request was not allowed');
  if (!listed('access-control-allow-methods').includes('post'))
    throw new TypeError('Failed to fetch: the method is not allowed');
  const refused = names.find((name) => !listed('access-control-allow-headers').includes(name));
  if (refused !== undefined) throw new TypeError(`Failed to fetch: the header ${refused} is not allowed`);
  const response = await fetch(url, {
    method: 'POST',
    headers: { ...request.headers, origin },
    body: request.body,
  });
  const text = await response.text();
  if (response.headers.get('access-control-allow-origin') !== origin)
    throw new TypeError('Failed to fetch: the response must not be read');
  const exposed = (response.headers.get('access-control-expose-headers') ?? '').split(', ');
  const headers = [...response.headers].filter(([name]) => [...READABLE, ...exposed].includes(name));
  return { status: response.status, headers: Object.fromEntries(headers), text };
}
