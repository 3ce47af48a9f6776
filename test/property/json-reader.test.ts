import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toValue } from '../../src/lib/document.ts';
import { readJson } from '../../src/lib/json-position.ts';

/** JSON with a part removed and another inserted: often invalid. */
const almostJson = fc
  .record({
    text: fc.json({ maxDepth: 4 }),
    at: fc.nat(),
    cut: fc.nat(2),
    put: fc.constantFrom(
      '',
      ',',
      '"',
      '{',
      '}',
      '[',
      ']',
      ':',
      ' ',
      '\n',
      '0',
      '-',
      '.',
      'e',
      '\\',
      '//',
      '/**/',
      '\u00a0',
      '\t',
      'true',
    ),
  })
  .map(({ text, at, cut, put }) => {
    const index = at % (text.length + 1);
    return text.slice(0, index) + put + text.slice(index + cut);
  });

function reference(text: string): { readonly ok: boolean; readonly value?: unknown } {
  try {
    return { ok: true, value: JSON.parse(text) as unknown };
  } catch {
    return { ok: false };
  }
}

describe('readJson', () => {
  it('accepts what JSON.parse accepts, and reads the same value', () => {
    fc.assert(
      fc.property(almostJson, (text) => {
        const wanted = reference(text);
        const read = readJson(text);
        expect(read.ok).toBe(wanted.ok);
        expect(read.ok ? toValue(read.value) : undefined).toEqual(wanted.value);
      }),
      { numRuns: 2000 },
    );
  });
});
