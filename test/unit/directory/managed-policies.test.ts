import { describe, expect, it, vi } from 'vitest';
import { openAwsManagedPolicies } from '../../../src/directory/managed-policies.ts';
import { fromValue } from '../../../src/lib/document.ts';
import { parsePolicyDocument } from '../../../src/policy/parse.ts';

const line = (name: string, path: string): string =>
  JSON.stringify({
    PolicyName: name,
    Arn: `arn:aws:iam::aws:policy${path}${name}`,
    Path: path,
    DefaultVersionId: 'v1',
    CreateDate: '2020-01-01T00:00:00+00:00',
    UpdateDate: '2021-01-01T00:00:00+00:00',
    Document: { Version: '2012-10-17', Statement: [] },
  });

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

  it('are all valid policies', () => {
    const broken = policies.names().filter((name) => {
      const found = policies.find(name);
      return !found || !parsePolicyDocument(fromValue(found.document)).ok;
    });
    expect(policies.names().length).toBeGreaterThanOrEqual(1485);
    expect(broken).toEqual([]);
  });

  it('are loaded on first use, and only once', () => {
    const read = vi.fn(() => Buffer.from(`${line('A', '/')}\n${line('B', '/x/')}`));
    const opened = openAwsManagedPolicies(read);
    expect(read).not.toHaveBeenCalled();
    expect([opened.find('B')?.path, opened.find('A')?.path, opened.names()]).toEqual([
      '/x/',
      '/',
      ['A', 'B'],
    ]);
    expect(read).toHaveBeenCalledOnce();
  });
});
