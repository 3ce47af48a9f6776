import { describe, expect, it } from 'vitest';
import {
  literalCodes,
  matchesPattern,
  parsePattern,
  toPattern,
  wildcardCodes,
} from '../../../src/lib/wildcard.ts';

const matches = (pattern: string, text: string): boolean => matchesPattern(parsePattern(pattern), text);

describe('a wildcard pattern', () => {
  it.each([
    ['', '', true],
    ['', 'a', false],
    ['*', '', true],
    ['*', 'anything/at:all', true],
    ['?', 'a', true],
    ['?', '', false],
    ['a*', 'a', true],
    ['a*', 'ba', false],
    ['*a', 'bba', true],
    ['a*b*c', 'a-b-b-c', true],
    ['a*b*c', 'a-c-b', false],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['a**b', 'ab', true],
    ['*?', '', false],
    ['?*', 'ab', true],
    ['*ab', 'aab', true],
    ['a.c', 'abc', false],
    ['[ab]', 'a', false],
    ['a\nb*', 'a\nbc', true],
  ])('%j against %j: %s', (pattern, text, expected) => {
    expect(matches(pattern, text)).toBe(expected);
  });

  it('matches a part of a string', () => {
    expect(matchesPattern(parsePattern('b*'), 'abcd', 1, 3)).toBe(true);
    expect(matchesPattern(parsePattern('bc'), 'abcd', 1, 3)).toBe(true);
    expect(matchesPattern(parsePattern('*d'), 'abcd', 1, 3)).toBe(false);
  });

  it('has no wildcards in inserted literals', () => {
    const pattern = toPattern([...wildcardCodes('a'), ...literalCodes('*'), ...wildcardCodes('*')]);
    expect(matchesPattern(pattern, 'a*b')).toBe(true);
    expect(matchesPattern(pattern, 'abb')).toBe(false);
  });

  it('has a shape that an index can use', () => {
    expect(['ab', 'ab*', 'a*b', 'a?'].map((text) => parsePattern(text).shape)).toEqual([
      'exact',
      'prefix',
      'general',
      'general',
    ]);
    expect(parsePattern('ab*c').prefix).toBe('ab');
  });
});
