/**
 * Whether an object in a JSON text has the same key twice. `value` is what `JSON.parse` made of `text`: it keeps the
 * last of two, so the text then holds more keys than the value.
 */
export function hasDuplicateKey(text: string, value: unknown): boolean {
  return keysIn(text) !== keysOf(value);
}

/** Keys written in a valid JSON text: the strings that a colon follows. */
function keysIn(text: string): number {
  let keys = 0;
  for (let start = text.indexOf('"'); start >= 0; ) {
    let end = start + 1;
    while (text[end] !== '"') end += text[end] === '\\' ? 2 : 1;
    end += 1;
    while (isWhiteSpace(text[end])) end += 1;
    if (text[end] === ':') keys += 1;
    start = text.indexOf('"', end);
  }
  return keys;
}

function isWhiteSpace(character: string | undefined): boolean {
  return character === ' ' || character === '\n' || character === '\r' || character === '\t';
}

/** Keys held by all objects inside a value. Not recursive: nesting is as deep as the sender likes. */
function keysOf(value: unknown): number {
  let keys = 0;
  const open = [value];
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next !== 'object' || next === null) continue;
    const inside: unknown[] = Array.isArray(next) ? next : Object.values(next);
    if (!Array.isArray(next)) keys += inside.length;
    for (const item of inside) open.push(item);
  }
  return keys;
}
