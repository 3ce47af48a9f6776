import type { Directory } from '../../../src/directory/directory.ts';
import { readDirectoryInput } from '../../../src/directory/read-directory.ts';
import { accessKeyId, accountId, arnOf } from '../../../src/lib/identifiers.ts';
import type { CheckRecord, DecisionRecord } from '../../../src/records/decision-record.ts';

export const ACCOUNT = accountId('123456789012');
export const ALICE = arnOf(`arn:aws:iam::${ACCOUNT}:user/alice`);
export const SHOP = `arn:aws:personalize:us-east-1:${ACCOUNT}:dataset-group/shop`;

export const document = (...statements: readonly object[]): object => ({
  Version: '2012-10-17',
  Statement: statements,
});

/** A directory with alice, who has the given policies, and the role `app`, which has them too. */
export async function directoryOf(
  policies: Readonly<Record<string, unknown>>,
  attached: readonly string[] = Object.keys(policies),
  more: object = {},
): Promise<Directory> {
  const read = await readDirectoryInput({
    account: ACCOUNT,
    partition: 'aws',
    policies: {
      ...policies,
      trust: document({ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: ACCOUNT } }),
    },
    principals: {
      users: {
        alice: {
          accessKeys: [
            { id: 'AKIAEXAMPLEALICE0000', secret: 'the-secret-of-alice' },
            { id: 'AKIAEXAMPLEALICE0001', secret: 'another', status: 'Inactive' },
          ],
          managedPolicies: [...attached],
          ...more,
        },
      },
      roles: { app: { trustPolicy: 'trust', managedPolicies: [...attached] } },
    },
  });
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return read.value;
}

export const check = (action: string, resource = '*', more: Partial<CheckRecord> = {}): CheckRecord => ({
  action,
  resource: arnOf(resource),
  decision: 'implicitDeny',
  layer: 'identity',
  determining: [],
  context: {},
  ...more,
});

/** A call of alice, as it is recorded. */
export const recordOf = (
  checks: readonly CheckRecord[],
  more: Partial<DecisionRecord> = {},
): DecisionRecord => ({
  id: '7c0c0000',
  time: '2026-11-23T12:00:00.000Z',
  mode: 'enforce',
  outcome: checks.every(({ decision }) => decision === 'allowed') ? 'forwarded' : 'denied',
  principal: { type: 'User', arn: ALICE, accountId: ACCOUNT, userName: 'alice' },
  request: {
    id: 'r',
    service: 'personalize',
    operation: 'CreateDatasetGroup',
    region: 'us-east-1',
    accessKeyId: accessKeyId('AKIAEXAMPLEALICE0000'),
    sourceIp: '127.0.0.1',
  },
  checks,
  undocumented: [],
  durationMicros: 10,
  ...more,
});
