import { type HttpRequest, headerValues, isNamed } from '../lib/http-message.ts';
import { memoizeFor } from '../lib/memoize.ts';

/** Headers that AWS or an HTTP server reads, policies too. */
const READ =
  /^(?:x-amz-.*|if-.*|content-.*|authorization|connection|date|expect|host|range|referer|smithy-protocol|transfer-encoding|user-agent)$/;

/** Headers with which some servers take another method or address than the request's own. */
const OVERRIDES: ReadonlySet<string> = new Set([
  'x-http-method',
  'x-http-method-override',
  'x-method-override',
  'x-original-url',
  'x-rewrite-url',
]);

/** A name that may be of either kind: most have nothing that is folded, and override nothing. */
const SUSPICIOUS = /[^a-z0-9-]|^x-(?:http|method|original|rewrite)-/i;

/** How one connection carries a request: forwarded with the signature it would contradict the body's length. */
const FRAMING: readonly string[] = ['trailer', 'transfer-encoding', 'upgrade', 'expect'];

const NONE: readonly string[] = [];

/** The first name of such a header, or no text. The lists of clients are few: each is looked at once. */
const framingOf = memoizeFor(
  (names: readonly string[]) => names.find((name) => FRAMING.some((framing) => isNamed(name, framing))) ?? '',
);

/**
 * What is wrong with the headers of a request where two servers could read them differently: CGI and WSGI fold `_` and
 * other characters of a name, so that `X_Amz_Target` becomes another `x-amz-target`, signed or not.
 *
 * @returns `undefined` where nothing is
 */
export function headerAmbiguity(
  { headers }: Pick<HttpRequest, 'headers'>,
  signed: readonly string[] = NONE,
): string | undefined {
  const framing = framingOf(signed);
  if (framing !== '') return `The header ${framing} is of one connection, and cannot be signed.`;
  for (const pair of headers) {
    const name = pair[0];
    if (!SUSPICIOUS.test(name)) continue;
    const lower = name.toLowerCase();
    const folded = lower.replace(/[^a-z0-9]/g, '-');
    if (OVERRIDES.has(folded)) return `The header ${name} could name another request.`;
    if (folded !== lower && READ.test(folded)) return `The header ${name} could be read as ${folded}.`;
  }
  return undefined;
}

/** No parameter, or UTF-8 as the charset: in another one the same bytes are another text. */
const UTF_8_ONLY = /^[^;]*(?:;\s*charset=(?:utf-8|"utf-8")\s*)?$/i;

/** Whether the content type declares UTF-8 text or no charset. */
export const isInUtf8 = (request: Pick<HttpRequest, 'headers'>): boolean =>
  headerValues(request, 'content-type').every((value) => UTF_8_ONLY.test(value));
