import { toValue } from './document.ts';
import { readJson } from './json-position.ts';

/**
 * `JSON.parse` for texts that others write. V8 13.6, the engine of Node 24, can take a key with an escape for a key that it
 * parsed before: after `{"name":"a","\\u0072o":1}`, it reads `{"name":"a","\u0072oleArn":"…"}` without its `roleArn`. A text
 * with an escape in a key is read by jsonc-parser instead.
 * @throws SyntaxError for what is not JSON, and for a text with such a key that is nested deeper than `MAX_DEPTH`
 */
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  if (!text.includes('\\') || !keysIn(text).hasEscape) return value;
  const read = readJson(text);
  if (read.ok) return toValue(read.value);
  throw new SyntaxError(read.error[0]?.message);
}

/** The keys written in a valid JSON text, which are the strings that a colon follows. In time linear in its length. */
export function keysIn(text: string): { readonly count: number; readonly hasEscape: boolean } {
  let count = 0;
  let hasEscape = false;
  for (let start = text.indexOf('"'); start >= 0; ) {
    const end = closingQuote(text, start);
    let next = end + 1;
    while (WHITE_SPACE.has(text.charCodeAt(next))) next += 1;
    if (text.charCodeAt(next) === COLON) {
      count += 1;
      hasEscape ||= text.slice(start, end).includes('\\');
    }
    start = text.indexOf('"', next);
  }
  return { count, hasEscape };
}

const WHITE_SPACE: ReadonlySet<number> = new Set([0x20, 0x0a, 0x0d, 0x09]);
const COLON = 0x3a;
const BACKSLASH = 0x5c;

/** The end of a string that is known to end: the next quote before which the backslashes are pairs. */
function closingQuote(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); ; end = text.indexOf('"', end + 1)) {
    let first = end;
    while (text.charCodeAt(first - 1) === BACKSLASH) first -= 1;
    if ((end - first) % 2 === 0) return end;
  }
}
