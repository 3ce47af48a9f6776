import { describe, expect, it } from 'vitest';
import type { PolicySource } from '../../../src/directory/policy-files.ts';
import { type CheckedNames, checkNames } from '../../../src/directory/policy-names.ts';

/** As files are listed: sorted by name. */
const filesOf = (...files: readonly string[]): readonly PolicySource[] =>
  files.map((file) => ({
    name: file.slice(0, file.lastIndexOf('.')),
    file,
    text: '{}',
    format: 'json',
    absoluteFile: `/policies/${file}`,
  }));

const messagesOf = ({ diagnostics }: CheckedNames): readonly string[] =>
  diagnostics.map(({ file, message }) => `${file}: ${message}`);

const twice = (file: string, other: string, name: string): string =>
  `${file}: "${other}" already defines the policy "${name}"; policy names are case-insensitive`;

describe('the names of policies', () => {
  it('are unique, whatever their case and extension, and of the form that IAM allows', () => {
    const checked = checkNames(filesOf('A.json', 'a.yaml', 'b c.json', 'team/b.json', 'team/b.yaml'));
    expect(messagesOf(checked)).toEqual([
      twice('a.yaml', 'A.json', 'a'),
      'b c.json: "b c" is not a valid policy name: use at most 128 letters, digits or characters of _+=,.@- after the last "/"',
      twice('team/b.yaml', 'team/b.json', 'team/b'),
    ]);
    expect(messagesOf(checkNames([{ name: 'a'.repeat(129), document: {} }]))).toHaveLength(1);
    expect(messagesOf(checkNames(filesOf(`${'path/'.repeat(100)}${'a'.repeat(13)}.json`)))).toHaveLength(1);
    expect(messagesOf(checkNames(filesOf(`${'path/'.repeat(100)}${'a'.repeat(12)}.json`)))).toEqual([]);
  });

  it('are not checked again where only documents changed', () => {
    const before = checkNames(filesOf('A.json', 'a.yaml'));
    const after = checkNames(filesOf('A.json', 'a.yaml'), before);
    expect(after.diagnostics).toBe(before.diagnostics);
    expect(after.sources).not.toBe(before.sources);
  });

  it.each([
    ['the last file is gone', ['A.json'], []],
    [
      'a file is new',
      ['A.json', 'a.yaml', 'a.yml'],
      [twice('a.yaml', 'A.json', 'a'), twice('a.yml', 'A.json', 'a')],
    ],
    ['a file has another extension', ['A.json', 'a.yml'], [twice('a.yml', 'A.json', 'a')]],
    ['a file has another name', ['A.json', 'b.yaml'], []],
  ])('are checked again where %s', (_, files, messages) => {
    const before = checkNames(filesOf('A.json', 'a.yaml'));
    expect(messagesOf(checkNames(filesOf(...files), before))).toEqual(messages);
  });
});
