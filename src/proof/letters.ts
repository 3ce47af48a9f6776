import { type Codes, isVariable, lettersOf, OTHER } from './codes.ts';

/** Letters that people read well, in the order in which they stand for one that no pattern asks for. */
const READABLE = 'xyzabcdefghijklmnopqrstuvwXYZABCDEFGHIJKLMNOPQRSTUVW0123456789-_';

/** A word as text: a letter that no pattern asks for is a readable one, a variable is too (its value is not known). */
export function readableText(word: readonly number[], patterns: readonly Codes[]): string {
  const asked = new Set(patterns.flatMap((codes) => codes.flatMap(lettersOf)));
  const free = freeLetter(asked);
  return word
    .map((letter) => String.fromCharCode(letter === OTHER || isVariable(letter) ? free : letter))
    .join('');
}

function freeLetter(asked: ReadonlySet<number>): number {
  for (let index = 0; index < READABLE.length; index += 1)
    if (!asked.has(READABLE.charCodeAt(index))) return READABLE.charCodeAt(index);
  let letter = 0x4e00;
  while (asked.has(letter)) letter += 1;
  return letter;
}
