import { readTests } from '../../../src/commands/test/read-tests.ts';
import { runTests, type TestResult } from '../../../src/commands/test/run-tests.ts';
import type { Directory } from '../../../src/directory/directory.ts';
import { readDirectoryInput } from '../../../src/directory/read-directory.ts';

const ACCOUNT = '123456789012';
export const CAMPAIGN = `arn:aws:personalize:us-east-1:${ACCOUNT}:campaign/shop`;
const ROLE = `arn:aws:iam::${ACCOUNT}:role/import`;

const document = (...Statement: readonly object[]) => ({ Version: '2012-10-17', Statement });
const allow = (Sid: string, Action: unknown, Resource: unknown = '*', more: object = {}) => ({
  Sid,
  Effect: 'Allow',
  Action,
  Resource,
  ...more,
});

/** alice may build, within a boundary; bob may look; the recommender is a role. */
export async function directory(): Promise<Directory> {
  const read = await readDirectoryInput({
    account: ACCOUNT,
    partition: 'aws',
    principals: {
      users: {
        alice: { managedPolicies: ['build'], permissionsBoundary: 'boundary', tags: { team: 'ml' } },
        bob: { managedPolicies: ['look'] },
      },
      roles: {
        import: { trustPolicy: 'trust' },
        recommender: { trustPolicy: 'trust', inlinePolicies: ['own-team'] },
      },
    },
    policies: {
      build: document(
        allow('Build', ['personalize:Create*', 'personalize:TagResource']),
        allow('Pass', 'iam:PassRole', ROLE, {
          Condition: { StringEquals: { 'iam:PassedToService': 'personalize.amazonaws.com' } },
        }),
        {
          Sid: 'NotAtNight',
          Effect: 'Deny',
          Action: 'personalize:*',
          Resource: '*',
          Condition: { DateGreaterThan: { 'aws:CurrentTime': '2030-01-01T00:00:00Z' } },
        },
      ),
      boundary: document(allow('Most', ['personalize:Create*', 'iam:PassRole'])),
      look: document(
        allow('Look', ['personalize:Describe*', 'personalize:List*'], '*', {
          Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } },
        }),
      ),
      'own-team': document(
        allow('Own', 'personalize:DescribeCampaign', CAMPAIGN, {
          Condition: { StringEquals: { 'aws:ResourceTag/team': 'shop' } },
        }),
      ),
      trust: document({
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${ACCOUNT}:user/alice` },
        Action: 'sts:AssumeRole',
      }),
    },
  });
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return read.value;
}

/** `severity rule` of the diagnostics, with their places; or the tests. */
export async function diagnosticsOf(text: string): Promise<readonly string[]> {
  const read = readTests(text, 'shop.yaml', { directory: await directory() });
  return read.ok
    ? []
    : read.error.map(({ line, column, message, rule }) => `${line}:${column} ${message} (${rule})`);
}

export async function run(
  text: string,
  undocumentedChecks: 'report' | 'enforce' = 'report',
): Promise<readonly TestResult[]> {
  const of = await directory();
  const read = readTests(text, 'shop.yaml', { directory: of });
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  const now = Date.parse('2026-11-24T12:00:00Z');
  return runTests(read.value.tests, { directory: of, region: 'us-east-1', undocumentedChecks, now });
}

/** The failures of each test. */
export const failuresOf = async (text: string): Promise<readonly (readonly string[])[]> =>
  (await run(text)).map(({ failures }) => failures);
