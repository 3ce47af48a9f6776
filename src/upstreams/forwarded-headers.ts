import type { IncomingMessage } from 'node:http';

/** RFC 9110 7.6.1, and headers about the connection to this proxy: the body is complete and its length known. */
export const HOP_BY_HOP = [
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

/** What AWS reads, and policies too: a `Connection` header that names it cannot take it out of what was authorized. */
const MEANT = /^(?:authorization$|host$|x-amz-|if-|content-|range$|user-agent$|referer$|smithy-protocol$)/;

/** What made the caller's signature; it would contradict ours. */
const SIGNATURE_HEADERS = [
  'authorization',
  'date',
  'x-amz-date',
  'x-amz-security-token',
  'x-amz-content-sha256',
];

/**
 * Removes headers about the connection to this proxy, and the caller's signature if the request is signed again.
 * @param signed the headers that the caller signed: none of them is hop-by-hop, or the signature would no longer hold
 * @returns what is to be set on the request that leaves: signed headers that an HTTP client would otherwise interpret
 * itself, and those that were sent on several lines, which Node has joined
 */
export function prepareHeaders(
  { headers, headersDistinct }: IncomingMessage,
  signed: readonly string[],
  isSignedAnew: boolean,
): readonly (readonly [name: string, value: string | readonly string[]])[] {
  const isKept = (name: string): boolean => !isSignedAnew && signed.includes(name);
  const named = (headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase());
  const kept = HOP_BY_HOP.filter(isKept).flatMap((name) => {
    const value = headers[name];
    return typeof value === 'string' ? [[name, value] as const] : [];
  });
  const ours = named.filter((name) => !signed.includes(name) && !MEANT.test(name));
  for (const name of [...HOP_BY_HOP, ...ours]) delete headers[name];
  if (isSignedAnew) for (const name of SIGNATURE_HEADERS) delete headers[name];
  const repeated = Object.entries(headersDistinct).flatMap(([name, values = []]) =>
    values.length > 1 && headers[name] === values.join(', ') ? [[name, values] as const] : [],
  );
  return isSignedAnew ? kept : [...kept, ...repeated];
}
