/** A parameter of the query, decoded. */
export type Parameter = readonly [name: string, value: string];

/** The request target in its two parts: the path as it was sent, and the query's parameters in the order sent. */
export interface RequestTarget {
  readonly path: string;
  readonly parameters: readonly Parameter[];
}

/**
 * Splits a request target; `undefined` where it is not an absolute path, or where the query has a broken escape or one
 * that is not UTF-8: decoders disagree on what those mean, so that what was signed would not be what is read.
 * `+` is a space, as AWS and the form decoders read it; between two `&` without text there is no parameter.
 */
export function readTarget(target: string): RequestTarget | undefined {
  if (!target.startsWith('/') || !target.isWellFormed()) return undefined;
  const mark = target.indexOf('?');
  if (mark < 0) return { path: target, parameters: NONE };
  const parameters = readParameters(target.slice(mark + 1));
  return parameters && { path: target.slice(0, mark), parameters };
}

const NONE: readonly Parameter[] = [];

function readParameters(query: string): readonly Parameter[] | undefined {
  try {
    return query
      .split('&')
      .filter((pair) => pair !== '')
      .map(readParameter);
  } catch {
    return undefined;
  }
}

function readParameter(pair: string): Parameter {
  const equals = pair.indexOf('=');
  return equals < 0 ? [decode(pair), ''] : [decode(pair.slice(0, equals)), decode(pair.slice(equals + 1))];
}

/** @throws URIError for a broken escape. */
const decode = (text: string): string => decodeURIComponent(text.replaceAll('+', ' '));

/**
 * The query of the canonical request: every parameter encoded, sorted by name and then by value.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html#create-canonical-request
 */
export function canonicalQuery(parameters: readonly Parameter[]): string {
  return parameters
    .map(([name, value]): Parameter => [uriEncode(name), uriEncode(value)])
    .sort(([name, value], [otherName, otherValue]) => compare(name, otherName) || compare(value, otherValue))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

const compare = (one: string, other: string): number => (one < other ? -1 : Number(one > other));

/** Percent-encodes all but RFC 3986's unreserved characters. */
export const uriEncode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
