import type { IncomingMessage } from 'node:http';

type HeaderValue = string | string[];

/** The headers of a request as they leave. */
export interface ForwardedHeaders {
  /** What the request is created with; names in lower case. */
  readonly headers: Record<string, HeaderValue>;
  /** Hop-by-hop headers that are signed. They are set on the request once it exists: an HTTP client would interpret them. */
  readonly signed: readonly (readonly [name: string, value: HeaderValue])[];
}

/** RFC 9110 7.6.1, and headers about the connection to this proxy: the body is complete and its length known. */
export const HOP_BY_HOP: ReadonlySet<string> = new Set([
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
]);

/** What AWS reads, and policies too: a `Connection` header that names it cannot take it out of what was authorized. */
const MEANT = /^(?:authorization$|host$|x-amz-|if-|content-|range$|user-agent$|referer$|smithy-protocol$)/;

/** What made the caller's signature; it would contradict ours. */
const SIGNATURE_HEADERS: ReadonlySet<string> = new Set([
  'authorization',
  'date',
  'x-amz-date',
  'x-amz-security-token',
  'x-amz-content-sha256',
]);

/**
 * The headers of a request without those about the connection to this proxy, and without the caller's signature if the
 * request is signed again. Those that were sent on several lines, which Node has joined, are on several lines again.
 * @param signed the headers that the caller signed: none of them is hop-by-hop, or the signature would no longer hold
 */
export function forwardedHeaders(
  incoming: Pick<IncomingMessage, 'headers' | 'headersDistinct' | 'rawHeaders'>,
  signed: readonly string[],
  isSignedAnew: boolean,
): ForwardedHeaders {
  const { headers, rawHeaders } = incoming;
  const named = (headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase());
  const kept: [string, HeaderValue][] = [];
  const forwarded: Record<string, HeaderValue> = {};
  let count = 0;
  for (const name in headers) {
    const value = headers[name];
    count += 1;
    if (value === undefined) continue;
    if (HOP_BY_HOP.has(name)) {
      if (!isSignedAnew && signed.includes(name)) kept.push([name, value]);
    } else if (isSignedAnew && SIGNATURE_HEADERS.has(name)) {
      // Left out.
    } else if (!named.includes(name) || signed.includes(name) || MEANT.test(name)) forwarded[name] = value;
  }
  if (!isSignedAnew && count * 2 < rawHeaders.length) separateLines(forwarded, incoming.headersDistinct);
  return { headers: forwarded, signed: kept };
}

function separateLines(
  forwarded: Record<string, HeaderValue>,
  distinct: IncomingMessage['headersDistinct'],
): void {
  for (const [name, values = []] of Object.entries(distinct))
    if (values.length > 1 && forwarded[name] === values.join(', ')) forwarded[name] = values;
}
