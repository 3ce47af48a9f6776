import { describe, expect, it } from 'vitest';
import { toValue } from '../../../src/lib/document.ts';
import { readYaml } from '../../../src/lib/yaml-position.ts';

/** `line:column message` of every error. */
function diagnostics(text: string): string[] {
  const read = readYaml(text);
  return read.ok ? [] : read.error.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

function value(text: string): unknown {
  const read = readYaml(text);
  return read.ok ? toValue(read.value) : read.error;
}

describe('readYaml', () => {
  it('refuses merge keys by name and place, and takes a quoted key of the same characters', () => {
    expect(diagnostics('base: &base { a: 1 }\nuser:\n  <<: *base\n  b: 2\n')).toEqual([
      expect.stringMatching(/^3:3 merge keys \(<<\) are not supported; write the members out/),
    ]);
    expect(value('"<<": 1')).toEqual({ '<<': 1 });
  });

  it('keeps the position of every key and value', () => {
    expect(readYaml('a:\n  - 1.0\n  - "x"\n')).toEqual({
      ok: true,
      value: {
        kind: 'object',
        position: { line: 1, column: 1 },
        entries: [
          {
            key: 'a',
            keyPosition: { line: 1, column: 1 },
            value: {
              kind: 'array',
              position: { line: 2, column: 3 },
              items: [
                { kind: 'scalar', value: 1, text: '1.0', position: { line: 2, column: 5 } },
                { kind: 'scalar', value: 'x', text: 'x', position: { line: 3, column: 5 } },
              ],
            },
          },
        ],
      },
    });
  });

  it('keeps a date and the word no as strings', () => {
    expect(value('Version: 2012-10-17\nmfa: no\n')).toEqual({ Version: '2012-10-17', mfa: 'no' });
  });

  it('keeps the leading zero of an unquoted account ID', () => {
    const read = readYaml('012345678901');
    expect(read.ok && read.value.kind === 'scalar' && read.value.text).toBe('012345678901');
  });

  it('reports a missing value at its key', () => {
    const read = readYaml('users:\n  alice:\n');
    const users = read.ok && read.value.kind === 'object' ? read.value.entries[0]?.value : undefined;
    const alice = users?.kind === 'object' ? users.entries[0] : undefined;
    expect(alice?.value).toMatchObject({ kind: 'scalar', value: null, position: { line: 2 } });
  });

  it('reads an empty document as null', () => {
    expect(value('# only a comment\n')).toBeNull();
  });

  it('keeps both of duplicate keys', () => {
    const read = readYaml('a: 1\na: 2\n');
    expect(read.ok && read.value.kind === 'object' && read.value.entries.length).toBe(2);
  });

  it('expands an alias', () => {
    expect(value('a: &x [1]\nb: *x\n')).toEqual({ a: [1], b: [1] });
  });

  it('rejects aliases that expand without end', () => {
    const bomb = ['a0: &a0 [x, x]'];
    for (let n = 1; n < 40; n += 1) bomb.push(`a${n}: &a${n} [*a${n - 1}, *a${n - 1}]`);
    expect(diagnostics(bomb.join('\n'))[0]).toContain('has more than 100000 values');
    expect(diagnostics('a: &x [*x]\n')[0]).toContain('nested deeper than 100 levels');
  });

  it('reports syntax errors with their position', () => {
    expect(diagnostics('a: [1, 2\nb: 3\n')[0]).toMatch(/^2:1 /);
  });

  it('rejects an unknown tag', () => {
    expect(diagnostics('a: !Ref b\n')).toEqual(['1:4 Unresolved tag: !Ref']);
  });

  it('rejects a key that is a list', () => {
    expect(diagnostics('? [a]\n: 1\n')).toEqual(['1:3 a key must be a single word or string']);
  });

  it('rejects a second document', () => {
    expect(diagnostics('a: 1\n---\nb: 2\n')).toHaveLength(1);
  });
});
