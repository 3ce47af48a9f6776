import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openAwsManagedPolicies } from '../../../src/directory/managed-policies.ts';
import { SortedLines } from '../../../src/directory/sorted-lines.ts';
import { fromValue } from '../../../src/lib/document.ts';
import { parsePolicyDocument } from '../../../src/policy/parse.ts';
import { TemporaryFolder } from '../../e2e/temporary-folder.ts';

describe('AWS managed policies', () => {
  const policies = openAwsManagedPolicies();

  it('are found by name', () => {
    expect(policies.find('AmazonPersonalizeFullAccess')).toMatchObject({
      name: 'AmazonPersonalizeFullAccess',
      arn: 'arn:aws:iam::aws:policy/service-role/AmazonPersonalizeFullAccess',
      path: '/service-role/',
      defaultVersionId: 'v2',
      updateDate: '2019-05-30T23:46:59+00:00',
    });
  });

  it.each(['aws', 'aws-cn'])('are found by ARN of the partition %s', (partition) => {
    const arn = `arn:${partition}:iam::aws:policy/service-role/AmazonPersonalizeFullAccess`;
    expect(policies.find(arn)?.name).toBe('AmazonPersonalizeFullAccess');
  });

  it.each([
    'arn:aws:iam::aws:policy/AmazonPersonalizeFullAccess',
    'arn:aws:iam::123456789012:policy/service-role/AmazonPersonalizeFullAccess',
    'amazonpersonalizefullaccess',
    'AmazonPersonalizeFull',
    '',
    '__proto__',
  ])('are not found by %j', (name) => {
    expect(policies.find(name)).toBeUndefined();
  });

  it('are searched for in the file a few times only, however many names are asked for', () => {
    const file = new SortedLines(
      pathToFileURL(`${import.meta.dirname}/../../../src/directory/generated/aws-managed-policies.jsonl`),
    );
    let searches = 0;
    const find = file.find.bind(file);
    file.find = (...question) => {
      searches += 1;
      return find(...question);
    };
    const many = openAwsManagedPolicies(file);
    for (let index = 0; index < 1000; index += 1) {
      expect(many.find(`own-policy-${index}`)).toBeUndefined();
      expect(many.find(`team/own-policy-${index}`)).toBeUndefined();
    }
    expect(searches).toBeLessThan(40);
    expect(many.find('ReadOnlyAccess')?.name).toBe('ReadOnlyAccess');
  });

  it('are all valid policies', () => {
    const broken = policies.names().filter((name) => {
      const found = policies.find(name);
      return !found || !parsePolicyDocument(fromValue(found.document)).ok;
    });
    expect(policies.names().length).toBeGreaterThanOrEqual(1485);
    expect(broken).toEqual([]);
  });

  it('are found wherever they are in the file', () => {
    const names = policies.names();
    expect(names).toEqual(names.toSorted());
    expect(names.filter((name) => openAwsManagedPolicies().find(name)?.name !== name)).toEqual([]);
  });
});

describe('lines of a sorted file', () => {
  const keyOf = (line: string): string => line.slice(0, line.indexOf(' '));
  const found = (lines: readonly string[], key: string, end = '\n'): string | undefined => {
    using folder = new TemporaryFolder({ lines: lines.map((line) => `${line}${end}`).join('') });
    return new SortedLines(pathToFileURL(`${folder.path}/lines`)).find(key, keyOf);
  };

  it('are found when they are longer than what is read at a time', () => {
    const lines = ['a', 'b', 'c', 'd', 'e'].map((key, index) => `${key} ${key.repeat(index * 20_000)}`);

    for (const line of lines) expect(found(lines, keyOf(line))).toBe(line);
    expect(['', 'aa', 'f'].map((key) => found(lines, key))).toEqual([undefined, undefined, undefined]);
  });

  it('are found in a file of one line, and not in an empty one', () => {
    expect(found(['a 1'], 'a', '')).toBe('a 1');
    expect(found([], 'a')).toBeUndefined();
  });

  it('is the line whole, with characters of several bytes', () => {
    const lines = ['a é', `b ${'€'.repeat(20_000)}`, 'c ü'];

    for (const line of lines) expect(found(lines, keyOf(line))).toBe(line);
  });
});
