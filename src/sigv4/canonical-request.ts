import { type HttpRequest, isNamed } from '../lib/http-message.ts';
import { isListedInOrder } from './signed-headers.ts';

/** Neither `.` nor `//` is resolved in such a path, and nothing is encoded. A query is no part of it. */
const PLAIN_PATH = /^(?:\/[\w~-]+)+$/;

/** A value with blanks at its ends, or with others inside than single spaces. */
const FOLDED = /^\s|\s$|\s\s|[^\S ]/;

/** More names than a client signs: their values are not searched for one by one. */
const MOST_NAMES = 32;

/**
 * The canonical request of a request that leaves nothing open, as most: nothing to encode in its target, each listed header
 * sent once, no blanks to fold. It is the text that aws4 builds, without the objects that aws4 makes on the way.
 *
 * @param names of the signed headers, as listed
 * @returns `undefined` where something is left open: the general way decides
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html#create-canonical-request
 */
export function plainCanonicalRequest(
  { method, target, headers }: HttpRequest,
  names: readonly string[],
  bodyHash: string,
): string | undefined {
  if (target !== '/' && !PLAIN_PATH.test(target)) return undefined;
  if (names.length > MOST_NAMES || !isListedInOrder(names)) return undefined;
  let text = `${method}\n${target}\n\n`;
  for (const name of names) {
    const value = onlyValue(headers, name);
    if (value === undefined || FOLDED.test(value)) return undefined;
    text += `${name}:${value}\n`;
  }
  return `${text}\n${names.join(';')}\n${bodyHash}`;
}

/** The value of a header that was sent once. */
function onlyValue(headers: HttpRequest['headers'], name: string): string | undefined {
  let found: string | undefined;
  for (const pair of headers) {
    if (!isNamed(pair[0], name)) continue;
    if (found !== undefined) return undefined;
    found = pair[1];
  }
  return found;
}
