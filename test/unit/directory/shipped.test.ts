import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { readConfig } from '../../../src/config/read-config.ts';
import { userCaller } from '../../../src/directory/caller.ts';
import type { Directory } from '../../../src/directory/directory.ts';
import { readDirectory } from '../../../src/directory/read-directory.ts';
import { decide } from '../../../src/engine/decide.ts';
import { arnOf } from '../../../src/lib/identifiers.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

async function shipped(): Promise<Directory> {
  const config = readConfig({ env: {}, flags: {}, workingFolder: ROOT });
  if (!config.ok) throw new Error(JSON.stringify(config.error));
  const { principals: principalsFile, policies: policiesFolder, account, partition } = config.value;
  const directory = await readDirectory({ principalsFile, policiesFolder, account, partition });
  if (!directory.ok) throw new Error(JSON.stringify(directory.error));
  return directory.value;
}

const directory = await shipped();

const SHOP = arnOf('arn:aws:personalize:us-east-1:123456789012:dataset-group/shop');

function decided(userName: string, action: string, context: Readonly<Record<string, string>> = {}) {
  const user = directory.users.get(userName);
  if (!user) throw new Error(`no user ${userName}`);
  const { principal, policies } = userCaller(directory, user);
  const request = { principal, action, resource: SHOP, context: new Map(Object.entries(context)) };
  return decide(request, policies).decision;
}

it('warns only of the two actions in the documentation that AWS removed', () => {
  expect(directory.warnings.map(({ rule, file, line, column }) => ({ rule, file, line, column }))).toEqual([
    { rule: 'retired-action', file: 'policies/personalize-read-only.json', line: 13, column: 9 },
    { rule: 'retired-action', file: 'policies/personalize-read-only.json', line: 15, column: 9 },
  ]);
});

it('attaches every policy in the folder', () => {
  const unused = directory.policies.filter(({ attachments }) => attachments.length === 0);
  expect(unused.map(({ policy }) => policy.name)).toEqual([]);
});

it('contains the example key of the AWS documentation, and otherwise only clearly local keys', () => {
  const keys = [...directory.users.values()].flatMap(({ accessKeys }) => accessKeys);
  const [example, ...local] = keys;
  expect(example).toEqual({
    id: 'AKIAIOSFODNN7EXAMPLE',
    secret: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    status: 'Active',
  });
  expect(
    local.filter(({ id, secret }) => !/^AKIALOCAL\w{11}$/.test(id) || !/^local-only-/.test(secret)),
  ).toEqual([]);
});

it.each([
  ['alice', 'personalize:CreateDatasetGroup', {}, 'allowed'],
  ['alice', 'iam:PassRole', { 'iam:passedtoservice': 'personalize.amazonaws.com' }, 'allowed'],
  ['alice', 'iam:PassRole', { 'iam:passedtoservice': 'ec2.amazonaws.com' }, 'implicitDeny'],
  ['alice', 'cloudwatch:PutMetricAlarm', {}, 'allowed'],
  ['bob', 'personalize:DescribeDatasetGroup', {}, 'allowed'],
  ['bob', 'personalize:DeleteDatasetGroup', {}, 'implicitDeny'],
  ['owner', 'personalize:DeleteDatasetGroup', {}, 'allowed'],
  ['owner', 'cloudwatch:ListMetrics', {}, 'implicitDeny'],
  ['console-viewer', 'personalize:ListSolutions', {}, 'allowed'],
  ['console-viewer', 'personalize:CreateSolution', {}, 'implicitDeny'],
  ['office-analyst', 'personalize:ListSolutions', { 'aws:sourceip': '127.0.0.1' }, 'allowed'],
  ['office-analyst', 'personalize:ListSolutions', { 'aws:sourceip': '198.51.100.7' }, 'implicitDeny'],
  ['contractor', 'personalize:CreateSolution', { 'aws:currenttime': '2026-11-24T00:00:00Z' }, 'allowed'],
  ['contractor', 'personalize:CreateSolution', { 'aws:currenttime': '2031-01-01T00:00:00Z' }, 'implicitDeny'],
  ['tls-client', 'personalize:ListSolutions', { 'aws:securetransport': 'true' }, 'allowed'],
  ['tls-client', 'personalize:ListSolutions', { 'aws:securetransport': 'false' }, 'explicitDeny'],
  ['release-manager', 'personalize:DeleteDatasetGroup', {}, 'implicitDeny'],
  ['release-manager', 'personalize:DeleteDatasetGroup', { 'aws:multifactorauthpresent': 'true' }, 'allowed'],
] as const)('%s asks for %s with %o: %s', (user, action, context, decision) => {
  expect(decided(user, action, context)).toBe(decision);
});
