import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_DEPTH } from '../../../src/lib/document.ts';
import { keysIn, parseJson } from '../../../src/lib/parse-json.ts';

/** A JSON string in which some characters are escaped, and the text that it means. */
const spelled = fc
  .array(fc.tuple(fc.constantFrom('\\', '"', 'u', '0', '6', '1', 'a', 'é', '\n', '/'), fc.boolean()), {
    minLength: 1,
    maxLength: 8,
  })
  .map((characters) => ({
    text: characters.map(([character]) => character).join(''),
    source: `"${characters
      .map(([character, isEscaped]) =>
        isEscaped
          ? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
          : JSON.stringify(character).slice(1, -1),
      )
      .join('')}"`,
  }));

let parents = 0;
/** Objects with a first key of their own: V8 remembers which key came after it. */
const parent = (): string => {
  parents += 1;
  return `"parent ${parents}":0`;
};

describe('JSON of others', () => {
  it.each([
    [String.raw`"\\u0072o"`, String.raw`"\u0072oleArn"`, 'roleArn'],
    [String.raw`"role\\u0"`, String.raw`"role\u0041rn"`, 'roleArn'],
    [String.raw`"\\"`, String.raw`"\""`, '"'],
  ])('keeps a key with an escape after an object with the key %s', (before, source, key) => {
    const first = parent();
    parseJson(`{${first},${before}:1}`);
    expect(Object.keys(parseJson(`{${first},${source}:2}`) as object)[1]).toBe(key);
  });

  it('has the keys and values that it spells, whatever was read before', () => {
    fc.assert(
      fc.property(spelled, spelled, spelled, (before, key, value) => {
        const first = parent();
        parseJson(`{${first},${before.source}:1}`);
        const source = `[{${first},${key.source} : {${key.source}:${value.source}}}]`;
        const [object] = parseJson(source) as [Record<string, Record<string, string>>];
        expect(Object.keys(object).filter((name) => !name.startsWith('parent'))).toEqual([key.text]);
        expect(object[key.text]).toEqual({ [key.text]: value.text });
        expect(keysIn(source).count).toBe(3);
      }),
    );
  });

  it('is read by JSON.parse where no key has an escape', () => {
    const deep = '['.repeat(MAX_DEPTH + 1) + ']'.repeat(MAX_DEPTH + 1);
    expect(() => parseJson(deep)).not.toThrow();
    expect(parseJson(String.raw`{"a":"\"b\":","c":["\\",1e3,null]}`)).toEqual({
      a: '"b":',
      c: ['\\', 1000, null],
    });
  });

  it('keeps __proto__ as a key, and the last of two equal keys', () => {
    const value = parseJson(String.raw`{"__proto__":1,"\u0061":2,"a":3}`) as object;
    expect(Object.entries(value)).toEqual([
      ['__proto__', 1],
      ['a', 3],
    ]);
  });

  it.each([
    ['is no JSON', String.raw`{"\u0061":1`],
    [
      'has such a key and is nested too deeply',
      String.raw`{"\u0061":${'['.repeat(MAX_DEPTH)}${']'.repeat(MAX_DEPTH)}}`,
    ],
  ])('is refused where it %s', (_, text) => {
    expect(() => parseJson(text)).toThrow(SyntaxError);
  });
});
