import type { SignedHeaders } from './signed-headers.ts';

/** What a canonical request is made of. */
export interface CanonicalParts {
  readonly method: string;
  readonly path: string;
  readonly headers: SignedHeaders;
  readonly bodyHash: string;
}

/** Neither `.` nor `//` is resolved in such a path, and nothing is encoded. */
const PLAIN_PATH = /^(?:\/[\w~-]+)+$/;

/** A value without blanks at its ends, and with none inside but single spaces. */
const FOLDED = /^\s|\s$|\s\s|[^\S ]/;

/**
 * The canonical request of a request that has nothing to encode and nothing to fold, as most have: a plain path, no query,
 * and values without disputed or repeated blanks. The text is the one that aws4 builds, at a tenth of its cost.
 *
 * @returns `undefined` where there is something: aws4 then builds it
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html#create-canonical-request
 */
export function plainCanonicalRequest({
  method,
  path,
  headers,
  bodyHash,
}: CanonicalParts): string | undefined {
  if (path !== '/' && !PLAIN_PATH.test(path)) return undefined;
  let lines = '';
  let names = '';
  for (const pair of headers) {
    if (FOLDED.test(pair[1])) return undefined;
    lines += `${pair[0]}:${pair[1]}\n`;
    names += names === '' ? pair[0] : `;${pair[0]}`;
  }
  return `${method}\n${path}\n\n${lines}\n${names}\n${bodyHash}`;
}
