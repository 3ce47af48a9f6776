const SURROGATE_ESCAPE = /\\u[dD][89a-fA-F]/;

/**
 * Whether a string of a JSON text, a key among them, has half of a surrogate pair. Parsers keep it, replace it or fail on it:
 * what was authorized could differ from what an upstream reads. `value` is what `JSON.parse` made of `text`.
 */
export function hasLoneSurrogate(text: string, value: unknown): boolean {
  return SURROGATE_ESCAPE.test(text) && !isWellFormed(value);
}

/** Not recursive: nesting is as deep as the sender likes. */
function isWellFormed(value: unknown): boolean {
  const open = [value];
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next === 'string' && !next.isWellFormed()) return false;
    if (typeof next !== 'object' || next === null) continue;
    if (!Array.isArray(next) && !Object.keys(next).every((key) => key.isWellFormed())) return false;
    for (const item of Object.values(next)) open.push(item);
  }
  return true;
}
