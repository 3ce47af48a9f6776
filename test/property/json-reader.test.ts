import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toValue } from '../../src/lib/document.ts';
import { readJson } from '../../src/lib/json-position.ts';
import { readPlainJson } from '../../src/lib/plain-json.ts';

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

/** A document without its positions. */
const withoutPositions = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (key, each) => (/position$/i.test(key) ? undefined : each)));

describe('readPlainJson', () => {
  it('returns the document of readJson without its positions, or leaves it to readJson', () => {
    const duplicates = fc
      .array(fc.tuple(fc.constantFrom('a', 'b', '"', '\\', ':', '__proto__', '7'), fc.json({ maxDepth: 1 })))
      .map((all) => `{${all.map(([key, value]) => `${JSON.stringify(key)} : ${value}`).join(',')}}`);
    fc.assert(
      fc.property(fc.oneof(almostJson, duplicates), (text) => {
        const read = readPlainJson(text);
        if (read === undefined) return;
        const wanted = readJson(text);
        expect(wanted.ok && withoutPositions(wanted.value)).toEqual(withoutPositions(read));
      }),
      { numRuns: 2000 },
    );
  });

  it.each(['{"a":"1","a":"2"}', '{"a":1}', '{"a":}', '', `${'['.repeat(200)}${']'.repeat(200)}`])(
    'leaves %s to readJson',
    (text) => expect(readPlainJson(text)).toBeUndefined(),
  );

  it('reads strings with colons and braces', () => {
    const value = { 'a:': 'b:}', c: ['{', { d: null, e: true }] };
    const read = readPlainJson(JSON.stringify(value));
    expect(read && toValue(read)).toEqual(value);
  });

  it('leaves escapes to readJson: JSON.parse of Node 24 can take an escaped key for one that it parsed before', () => {
    const before = String.raw`{"a":[],"\\":[]}`;
    const escaped = String.raw`{"a":[],"\"":[]}`;
    for (let index = 0; index < 100; index += 1) readPlainJson(before);
    expect(readPlainJson(escaped)).toBeUndefined();
    const read = readJson(escaped);
    expect(read.ok && Object.keys(toValue(read.value) as object)).toEqual(['a', '"']);
  });
});
