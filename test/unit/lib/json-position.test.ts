import { describe, expect, it } from 'vitest';
import { toValue } from '../../../src/lib/document.ts';
import { readJson } from '../../../src/lib/json-position.ts';

/** `line:column message` of every fault. */
function faults(text: string): string[] {
  const read = readJson(text);
  return read.ok ? [] : read.error.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

describe('readJson', () => {
  it('keeps the place of every key and value', () => {
    expect(readJson('{\n  "a": [1.0, "x"]\n}')).toEqual({
      ok: true,
      value: {
        kind: 'object',
        position: { line: 1, column: 1 },
        entries: [
          {
            key: 'a',
            keyPosition: { line: 2, column: 3 },
            value: {
              kind: 'array',
              position: { line: 2, column: 8 },
              items: [
                { kind: 'scalar', value: 1, text: '1.0', position: { line: 2, column: 9 } },
                { kind: 'scalar', value: 'x', text: 'x', position: { line: 2, column: 14 } },
              ],
            },
          },
        ],
      },
    });
  });

  it('keeps the spelling of a number that a double cannot hold', () => {
    const read = readJson('12345678901234567890');
    expect(read.ok && read.value.kind === 'scalar' && read.value.text).toBe('12345678901234567890');
  });

  it('keeps both of two equal keys', () => {
    const read = readJson('{"a":1,"a":2}');
    expect(read.ok && read.value.kind === 'object' && read.value.entries.length).toBe(2);
  });

  it('passes over a byte order mark', () => {
    expect(readJson('\uFEFF{"a":1}').ok).toBe(true);
  });

  it.each([
    ['a comment', '{\n  // no\n  "a": 1\n}', ['2:3 JSON has no comments']],
    [
      'an unknown word',
      '{"a": yes}',
      [
        '1:7 this is no JSON value: text needs double quotes; only true, false, null and numbers stand without',
      ],
    ],
    ['a missing comma', '{"a": 1\n "b": 2}', ['2:2 a comma is expected before this']],
    [
      'a trailing comma in an object',
      '{"a": 1,}',
      ['1:9 a key in double quotes is expected here (no comma may follow the last entry)'],
    ],
    [
      'a trailing comma in a list',
      '[1,]',
      ['1:4 a value is expected here (no comma may follow the last item)'],
    ],
    ['a missing colon', '{"a" 1}', ['1:6 a colon is expected after the key']],
    ['a missing brace', '{"a": 1', ['1:8 a closing brace } is missing']],
    ['a missing bracket', '[1', ['1:3 a closing bracket ] is missing']],
    ['text after the end', '{}\n{}', ['2:1 the document has ended before this; nothing may follow it']],
    ['an open text', '["a\n]', ['1:2 the closing double quote of this text is missing']],
    ['nothing at all', ' \n', ['1:1 the document is empty']],
  ])('refuses %s', (_name, text, wanted) => {
    expect(faults(text)).toEqual(wanted);
  });

  it('tells every fault at once', () => {
    expect(faults('{"a": yes,\n "b" 2,\n "c": 3,}')).toHaveLength(3);
  });

  it('refuses a document that is nested too deep instead of overflowing the stack', () => {
    expect(faults('['.repeat(200_000))).toEqual(['1:101 the document is nested deeper than 100 levels']);
  });

  it('reads what JSON.parse reads', () => {
    const text = '{"a":[{"b":null},true,-1.5e3,"\\u00e9\\n"],"":{}}';
    const read = readJson(text);
    expect(read.ok && toValue(read.value)).toEqual(JSON.parse(text));
  });
});
