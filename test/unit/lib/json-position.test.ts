import { describe, expect, it } from 'vitest';
import { toValue } from '../../../src/lib/document.ts';
import { readJson } from '../../../src/lib/json-position.ts';

/** `line:column message` of every error. */
function diagnostics(text: string): string[] {
  const read = readJson(text);
  return read.ok ? [] : read.error.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

describe('readJson', () => {
  it('keeps the position of every key and value', () => {
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

  it('keeps both of duplicate keys', () => {
    const read = readJson('{"a":1,"a":2}');
    expect(read.ok && read.value.kind === 'object' && read.value.entries.length).toBe(2);
  });

  it('skips a byte order mark', () => {
    expect(readJson('\uFEFF{"a":1}').ok).toBe(true);
  });

  it.each([
    ['a comment', '{\n  // no\n  "a": 1\n}', ['2:3 JSON does not support comments']],
    [
      'an unknown word',
      '{"a": yes}',
      [
        '1:7 this is not a JSON value: strings need double quotes; only true, false, null and numbers are written without',
      ],
    ],
    ['a missing comma', '{"a": 1\n "b": 2}', ['2:2 expected a comma before this']],
    [
      'a trailing comma in an object',
      '{"a": 1,}',
      ['1:9 expected a key in double quotes (a comma after the last entry is not allowed)'],
    ],
    [
      'a trailing comma in a list',
      '[1,]',
      ['1:4 expected a value (a comma after the last item is not allowed)'],
    ],
    ['a missing colon', '{"a" 1}', ['1:6 expected a colon after the key']],
    ['a missing brace', '{"a": 1', ['1:8 missing closing brace }']],
    ['a missing bracket', '[1', ['1:3 missing closing bracket ]']],
    ['content after the end', '{}\n{}', ['2:1 unexpected content after the end of the document']],
    ['an unterminated string', '["a\n]', ['1:2 missing closing double quote of this string']],
    ['nothing at all', ' \n', ['1:1 the document is empty']],
  ])('rejects %s', (_name, text, wanted) => {
    expect(diagnostics(text)).toEqual(wanted);
  });

  it('reports every error at once', () => {
    expect(diagnostics('{"a": yes,\n "b" 2,\n "c": 3,}')).toHaveLength(3);
  });

  it('rejects a document that is nested too deeply instead of overflowing the stack', () => {
    expect(diagnostics('['.repeat(200_000))).toEqual(['1:101 the document is nested deeper than 100 levels']);
  });

  it('reads what JSON.parse reads', () => {
    const text = '{"a":[{"b":null},true,-1.5e3,"\\u00e9\\n"],"":{}}';
    const read = readJson(text);
    expect(read.ok && toValue(read.value)).toEqual(JSON.parse(text));
  });
});
