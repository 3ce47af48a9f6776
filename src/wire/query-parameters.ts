/** More parameters than any call has: a PutMetricData of 1 MB has at most about 25,000. */
export const MAX_PARAMETERS = 50_000;

const ESCAPES = /(?:%[0-9a-fA-F]{2})+/g;
const UTF_8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** A parameter of a form or a query, decoded. */
export type Parameter = readonly [name: string, value: string];

/** Path and query of a request as they came, nothing decoded. */
export function splitTarget(target: string): { readonly path: string; readonly query: string } {
  const mark = target.indexOf('?');
  return mark < 0
    ? { path: target, query: '' }
    : { path: target.slice(0, mark), query: target.slice(mark + 1) };
}

/**
 * The parameters of a form or a query in the order sent, in time linear in its length: Node's `URLSearchParams` is
 * quadratic in their number. Each part is decoded on its own as the URL standard decodes forms: `+` is a space, a
 * broken escape stands for itself, and between two `&` without a character there is no parameter.
 * @see https://url.spec.whatwg.org/#urlencoded-parsing
 */
export function* splitParameters(encoded: string): Generator<Parameter> {
  let start = 0;
  while (start < encoded.length) {
    const next = encoded.indexOf('&', start);
    const end = next < 0 ? encoded.length : next;
    if (end > start) yield readPair(encoded.slice(start, end));
    start = end + 1;
  }
}

/** How many parameters a form or a query has at the most, without reading them; counting ends beyond the limit. */
export function hasTooManyParameters(encoded: string): boolean {
  let count = 0;
  for (let at = encoded.indexOf('&'); at >= 0; at = encoded.indexOf('&', at + 1)) {
    count += 1;
    if (count >= MAX_PARAMETERS) return true;
  }
  return false;
}

/** Form fields by name; for a field given twice the first value is used, as on STS. */
export function readParameters(encoded: string): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const [name, value] of splitParameters(encoded)) {
    if (!parameters.has(name)) parameters.set(name, value);
  }
  return parameters;
}

/** The first value of one parameter; nothing behind it is read. */
export function findParameter(encoded: string, wanted: string): string | undefined {
  for (const [name, value] of splitParameters(encoded)) if (name === wanted) return value;
  return undefined;
}

function readPair(pair: string): Parameter {
  const equals = pair.indexOf('=');
  return equals < 0 ? [decode(pair), ''] : [decode(pair.slice(0, equals)), decode(pair.slice(equals + 1))];
}

function decode(part: string): string {
  const text = part.includes('+') ? part.replaceAll('+', ' ') : part;
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    // One escape is broken or no UTF-8: all others are decoded.
    return text.replace(ESCAPES, (run) => UTF_8.decode(Buffer.from(run.replaceAll('%', ''), 'hex')));
  }
}
