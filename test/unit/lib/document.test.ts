import { describe, expect, it } from 'vitest';
import { duplicateKeys, fromValue, positionOf, toValue } from '../../../src/lib/document.ts';
import { readJson } from '../../../src/lib/json-position.ts';
import { readYaml } from '../../../src/lib/yaml-position.ts';

const YAML = `users:
  alice:
    groups: [analysts, 7]
  bob: {}
`;

function yaml(text: string) {
  const read = readYaml(text);
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return read.value;
}

describe('positionOf', () => {
  it('finds the value at a path', () => {
    expect(positionOf(yaml(YAML), ['users', 'alice', 'groups', 1])).toEqual({ line: 3, column: 24 });
  });

  it('finds the key of a path', () => {
    expect(positionOf(yaml(YAML), ['users', 'bob'], 'key')).toEqual({ line: 4, column: 3 });
  });

  it('falls back to the nearest existing parent', () => {
    expect(positionOf(yaml(YAML), ['users', 'alice', 'groups', 9])).toEqual({ line: 3, column: 13 });
    expect(positionOf(yaml(YAML), ['users', 'carol', 'path'])).toEqual({ line: 2, column: 3 });
  });

  it('finds no position in a document that was not parsed from a source', () => {
    expect(positionOf(fromValue({ a: [1] }), ['a', 0])).toBeUndefined();
  });
});

describe('toValue', () => {
  it('returns what fromValue was given', () => {
    const value = { a: [1, 'x', null, true, { b: {} }], ['__proto__']: 'a key as any other' };
    expect(toValue(fromValue(value))).toEqual(value);
  });

  it('uses the last of duplicate keys, as JSON.parse does', () => {
    const read = readJson('{"a": 1, "a": 2}');
    expect(read.ok && toValue(read.value)).toEqual({ a: 2 });
  });
});

describe('duplicateKeys', () => {
  it('reports the second of duplicate keys at any depth, with its position', () => {
    const diagnostics = duplicateKeys(yaml('a: 1\nb:\n  - {c: 1, c: 2}\na: 3\n'), 'config/x.yaml');
    expect(diagnostics).toEqual([
      {
        severity: 'error',
        rule: 'duplicate-key',
        message: 'duplicate key "c"',
        file: 'config/x.yaml',
        line: 3,
        column: 12,
      },
      {
        severity: 'error',
        rule: 'duplicate-key',
        message: 'duplicate key "a"',
        file: 'config/x.yaml',
        line: 4,
        column: 1,
      },
    ]);
  });

  it('reports nothing if two objects have the same key', () => {
    expect(duplicateKeys(yaml('- {a: 1}\n- {a: 1}\n'))).toEqual([]);
  });
});
