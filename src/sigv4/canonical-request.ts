import { type HttpRequest, onlyHeader } from '../lib/http-message.ts';
import { memoizeFor } from '../lib/memoize.ts';

/** Neither `.` nor `//` is resolved in such a path, and nothing is encoded. A query is no part of it. */
const PLAIN_PATH = /^(?:\/[\w~-]+)+$/;

/** The characters of session tokens, checked in one pass. */
const VISIBLE = /^[\x21-\x7e]*$/;
/** A value with blanks at its ends, or with others inside than single spaces. */
const UNFOLDED = /^\s|\s$|\s\s|[^\S ]/;

/** More names than a client signs: their values are not searched for one by one. */
const MOST_NAMES = 32;

/**
 * The canonical request of a request that leaves nothing open, as most: nothing to encode in its target, each listed header
 * sent once, no blanks to fold. It is the text that aws4 builds, without the objects that aws4 makes on the way.
 *
 * @param names of the signed headers, as listed
 * @returns `undefined` if the request is not a plain one: the general path decides
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html#create-canonical-request
 */
export function plainCanonicalRequest(
  request: HttpRequest,
  names: readonly string[],
  bodyHash: string,
): string | undefined {
  const { method, target } = request;
  const { isPlain, lineStarts, end } = frameOf(names);
  if (!isPlain || (target !== '/' && !PLAIN_PATH.test(target))) return undefined;
  let text = `${method}\n${target}\n`;
  for (let index = 0; index < names.length; index += 1) {
    const value = onlyHeader(request, names[index] ?? '');
    if (value === undefined || !isFolded(value)) return undefined;
    text += (lineStarts[index] ?? '') + value;
  }
  return text + end + bodyHash;
}

const isFolded = (value: string): boolean => VISIBLE.test(value) || !UNFOLDED.test(value);

interface Frame {
  /** In lower case, sorted, each name once, and not too many. */
  readonly isPlain: boolean;
  /** What is before each value. */
  readonly lineStarts: readonly string[];
  /** What is between the last value and the hash of the body. */
  readonly end: string;
}

/** What is the same in all canonical requests with these headers: the lists of clients are few. */
const frameOf = memoizeFor(
  (names: readonly string[]): Frame => ({
    isPlain:
      names.length > 0 &&
      names.length <= MOST_NAMES &&
      names.every(
        (name, index) => name === name.toLowerCase() && (index === 0 || (names[index - 1] ?? '') < name),
      ),
    lineStarts: names.map((name) => `\n${name}:`),
    end: `\n\n${names.join(';')}\n`,
  }),
);
