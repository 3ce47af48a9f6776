import fc from 'fast-check';
import { expect, it } from 'vitest';
import { matchesCodes, matchesPattern, parsePattern, wildcardCodes } from '../../src/lib/wildcard.ts';

/** The reference implementation: matches one character at a time. */
function means(pattern: string, text: string): boolean {
  const [first, rest] = [pattern[0], pattern.slice(1)];
  if (first === undefined) return text === '';
  if (first === '*') return means(rest, text) || (text !== '' && means(pattern, text.slice(1)));
  return text !== '' && (first === '?' || first === text[0]) && means(rest, text.slice(1));
}

const textOf = (alphabet: string, maxLength: number) =>
  fc.array(fc.constantFrom(...alphabet), { maxLength }).map((characters) => characters.join(''));

it('matches what the reference implementation matches', () => {
  fc.assert(
    fc.property(textOf('ab*?', 7), textOf('ab*', 9), (pattern, text) => {
      expect(matchesPattern(parsePattern(pattern), text)).toBe(means(pattern, text));
    }),
    { numRuns: 5000 },
  );
});

/** Counts the character comparisons. */
function looksAt(pattern: string, text: string): number {
  let looks = 0;
  const counted = Object.assign(Object(text), {
    charCodeAt: (index: number) => {
      looks += 1;
      return text.charCodeAt(index);
    },
  });
  matchesCodes(wildcardCodes(pattern), counted, 0, text.length);
  return looks;
}

it.each([1, 10, 100, 1000])(
  'compares each character a few times only, with %i unmatched asterisks',
  (stars) => {
    const [pattern, text] = [`${'a*'.repeat(stars)}b`, 'a'.repeat(5000)];
    expect(looksAt(pattern, text)).toBeLessThanOrEqual(2 * (text.length + pattern.length));
  },
);

it('never makes more comparisons than string length times pattern length', () => {
  fc.assert(
    fc.property(textOf('aab*?', 30), textOf('aab', 200), (pattern, text) => {
      expect(looksAt(pattern, text)).toBeLessThanOrEqual((text.length + 1) * (pattern.length + 1));
    }),
  );
});
