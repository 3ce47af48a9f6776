import { writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { cli } from './command-line.ts';
import { TemporaryFolder } from './temporary-folder.ts';

const ROLE = 'arn:aws:iam::123456789012:role/job';
const GROUP = 'arn:aws:personalize:us-east-1:123456789012:dataset-group/shop';

/** A record as AWS writes it. */
const event = (eventName: string, requestParameters: object | null, more: object = {}): object => ({
  eventVersion: '1.09',
  userIdentity: {
    type: 'AssumedRole',
    principalId: 'AROAEXAMPLE:app',
    arn: 'arn:aws:sts::123456789012:assumed-role/job/app',
    accountId: '123456789012',
    sessionContext: { sessionIssuer: { type: 'Role', arn: ROLE, userName: 'job' } },
  },
  eventTime: '2026-11-23T12:00:00Z',
  eventSource: 'personalize.amazonaws.com',
  eventName,
  awsRegion: 'us-east-1',
  sourceIPAddress: '192.0.2.1',
  userAgent: 'aws-sdk-js',
  requestParameters,
  eventID: `${eventName}-${JSON.stringify(more)}`,
  eventType: 'AwsApiCall',
  ...more,
});

const RECORDS = [
  event('DescribeDatasetGroup', { datasetGroupArn: GROUP }),
  event('CreateSchema', { name: 'items', schema: '***' }),
  event('ListSchemas', null, { errorCode: 'AccessDeniedException', errorMessage: 'no' }),
  event('ListRecipes', {}, { errorCode: 'ThrottlingException' }),
  event('GetObject', { bucketName: 'shop' }, { eventSource: 's3.amazonaws.com' }),
  event('ListSolutions', {}, { userIdentity: { type: 'AWSService', invokedBy: 'x.amazonaws.com' } }),
];

const PROJECT = {
  'config/proxy.yaml': '',
  'config/principals.yaml':
    'roles:\n  job: { trustPolicy: trust, managedPolicies: [AmazonPersonalizeFullAccess] }\n',
  'policies/trust.json':
    '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"ecs-tasks.amazonaws.com"},"Action":"sts:AssumeRole"}}',
};

it("generates a policy from AWS's own CloudTrail records, gzip too, and says what they do not hold", async () => {
  using folder = new TemporaryFolder(PROJECT);
  const text = JSON.stringify({ Records: RECORDS });
  writeFileSync(`${folder.path}/trail.json`, text);
  writeFileSync(`${folder.path}/trail.json.gz`, gzipSync(text));
  const generate = (file: string) =>
    cli(['generate', '--as', 'role/job', '--cloudtrail', file], { cwd: folder.path });
  const plain = await generate('trail.json');
  expect(plain.stderr).toContain('trail.json: left out 1 × a call that failed (ThrottlingException)');
  expect(plain.stderr).toContain('left out 1 × a call of s3.amazonaws.com, whose parameters are not read');
  expect(plain.stderr).toContain('left out 1 × a caller of type AWSService');
  expect(plain.stderr).toContain('CloudTrail records hold no context keys but');
  expect(plain.code).toBe(0);
  const { Statement } = JSON.parse(plain.stdout);
  const granted = Statement.flatMap(
    ({ Action, Resource }: { readonly Action: string | string[]; readonly Resource: string }) =>
      [Action].flat().map((action) => `${action} ${Resource}`),
  );
  expect(granted.toSorted()).toEqual([
    'personalize:CreateSchema arn:aws:personalize:us-east-1:123456789012:schema/items',
    `personalize:DescribeDatasetGroup ${GROUP}`,
  ]);
  expect((await generate('trail.json.gz')).stdout).toBe(plain.stdout);
});

it('measures coverage and replays edited policies with CloudTrail records', async () => {
  using folder = new TemporaryFolder({
    ...PROJECT,
    'edited/trust.json': PROJECT['policies/trust.json'],
    'edited.yaml': 'roles:\n  job: { trustPolicy: trust }\n',
    'trail.json': JSON.stringify({ Records: RECORDS }),
  });
  const run = (...args: string[]) => cli([...args, '--cloudtrail', 'trail.json'], { cwd: folder.path });
  const coverage = await run('coverage', '--format', 'json');
  expect(coverage.code).toBe(0);
  expect(JSON.parse(coverage.stdout)).toMatchObject({ checks: 3 });
  const same = await run('replay');
  expect([same.code, same.stderr.includes('None of 3 checks')]).toEqual([0, true]);
  const edited = await run('replay', '--principals', 'edited.yaml', '--policies', 'edited');
  expect(edited.code).toBe(4);
  expect(edited.stdout).toContain(`allowed -> implicitDeny  personalize:DescribeDatasetGroup on ${GROUP}`);
});

it('refuses a file that is no log file of CloudTrail', async () => {
  using folder = new TemporaryFolder({ ...PROJECT, 'x.json': '{"a":1}' });
  const { code, stderr } = await cli(['generate', '--as', 'role/job', '--cloudtrail', 'x.json'], {
    cwd: folder.path,
  });
  expect(code).toBe(2);
  expect(stderr).toContain('x.json: not a log file of CloudTrail');
});
