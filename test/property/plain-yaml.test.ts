import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { toValue } from '../../src/lib/document.ts';
import { readPlainDocument, readPlainValue } from '../../src/lib/plain-yaml.ts';
import { readFullYaml } from '../../src/lib/yaml-position.ts';
import { runs } from './runs.ts';

/** Words that parsers of YAML read in different ways, and words of principals and policies. */
const word = fc.constantFrom(
  ...[
    'a',
    'b c',
    'users',
    'aws:SourceIp',
    'personalize:Get*',
    'arn:aws:x:::y/*',
    '/path/',
    '10.0.0.0/8',
    'é',
    '😀',
  ],
  ...[
    '1',
    '0',
    '-1',
    '1.0',
    '01',
    '0x1',
    '1e3',
    '+1',
    '.5',
    '5.',
    '.inf',
    'NaN',
    '-0',
    '1_000',
    '12:30',
    '1.2.3',
  ],
  ...[
    'null',
    '~',
    'true',
    'no',
    '2012-10-17',
    '<<',
    '=',
    '$x',
    '${v}',
    '(x)',
    ';',
    '^',
    '<a',
    '::',
    ':a',
    'a:',
    'a::b',
  ],
  ...[
    "it's",
    '"q"',
    "'q'",
    'a#b',
    'a #b',
    'a: b',
    '*',
    '&x',
    '!t',
    '-',
    '- a',
    '-a',
    '?',
    '{a}',
    '[b]',
    'a,b',
    '@x',
  ],
  ...[
    '|',
    '>',
    '%',
    '`',
    '',
    ' lead',
    'trail ',
    'a\nb',
    'a\\b',
    '"a\\nb"',
    '"\\x41"',
    '\t',
    '...',
    '--- x',
    '\u2028',
  ],
);

const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    fc.oneof(word, fc.constantFrom(null, true, 12, 1.5)),
    fc.array(tie('any'), { maxLength: 4 }),
    fc.dictionary(word, tie('any'), { maxKeys: 4 }),
  ),
})).any;

const style = fc.record({
  collectionStyle: fc.constantFrom('any' as const, 'block' as const, 'flow' as const),
  indent: fc.constantFrom(2, 3, 4),
  indentSeq: fc.boolean(),
  lineWidth: fc.constantFrom(0, 80),
  defaultStringType: fc.constantFrom('PLAIN' as const, 'QUOTE_SINGLE' as const, 'QUOTE_DOUBLE' as const),
});

const line = fc
  .tuple(fc.nat(4), fc.constantFrom('', '', '- ', '-'), word, word, fc.constantFrom('', ' ', ' # c', '#c'))
  .chain(([indent, dash, one, other, end]) =>
    fc
      .constantFrom(
        `${one}: ${other}`,
        `${one}:`,
        one,
        `{ ${one}: ${other}, x: [${other}, ${one}] }`,
        `${one}: [${other}]`,
        `"${one}": '${other}'`,
        '# c',
        '',
      )
      .map((text) => ' '.repeat(indent) + dash + text + end),
  );

/** YAML as programs and people write it, and things like it. */
const almostYaml = fc.oneof(
  fc.tuple(value, style).map(([of, options]) => stringify(of, options)),
  fc
    .tuple(fc.array(line, { maxLength: 7 }), fc.constantFrom('\n', '\r\n'))
    .map(([lines, end]) => lines.join(end)),
  fc
    .array(fc.constantFrom(...'ab:- #,[]{}"\'\n\n  12.*&!|>?%@~+\\\r\t='), { maxLength: 16 })
    .map((all) => all.join('')),
);

const edited = fc
  .tuple(almostYaml, fc.nat(), fc.nat(1), fc.constantFrom('', '', ...'a:- #,[]{}"\'\n 1*&!|>'))
  .map(([text, at, cut, put]) => {
    const index = at % (text.length + 1);
    return text.slice(0, index) + put + text.slice(index + cut);
  });

describe('readPlainDocument', () => {
  it('returns the document of the full parser with all its positions, or leaves it to that parser', () => {
    let plain = 0;
    fc.assert(
      fc.property(edited, (text) => {
        const read = readPlainDocument(text);
        if (read === undefined) return;
        plain += 1;
        expect({ ok: true, value: read }).toEqual(readFullYaml(text));
        const found = readPlainValue(text);
        if (found !== undefined) expect(found.value).toEqual(toValue(read));
      }),
      { numRuns: runs(50_000) },
    );
    // A reader that leaves everything to the other one would be right, and of no use.
    expect(plain).toBeGreaterThan(0);
  });
});
