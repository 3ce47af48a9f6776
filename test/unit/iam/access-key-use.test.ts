import { beforeAll, describe, expect, it } from 'vitest';
import type { Directory } from '../../../src/directory/directory.ts';
import { accessKeyId, accountId, arnOf } from '../../../src/lib/identifiers.ts';
import { DecisionLog } from '../../../src/records/decision-log.ts';
import type { DecisionRecord } from '../../../src/records/decision-record.ts';
import { directoryOf, FOLDER, iamArn, outputOrThrow, refusalOf } from './arrangements.ts';

let directory: Directory;
beforeAll(async () => {
  directory = await directoryOf(FOLDER);
});

describe('the last use of an access key', () => {
  const AccessKeyId = 'AKIAIOSFODNN7EXAMPLE';
  const used = (log: DecisionLog, id = AccessKeyId) =>
    outputOrThrow(directory, 'GetAccessKeyLastUsed', { AccessKeyId: id }, { log });
  const call = (second: number, change: Partial<DecisionRecord>): DecisionRecord => ({
    id: `call-${second}`,
    time: `2026-11-24T12:00:0${second}.000Z`,
    mode: 'enforce',
    outcome: 'denied',
    principal: {
      type: 'User',
      arn: arnOf(iamArn('user/teams/ml/alice')),
      accountId: accountId('123456789012'),
    },
    request: {
      id: 'r',
      service: 'personalize-runtime',
      operation: 'GetRecommendations',
      region: 'eu-west-1',
      accessKeyId: accessKeyId(AccessKeyId),
      sourceIp: '127.0.0.1',
    },
    checks: [],
    undocumented: [],
    durationMicros: 1,
    ...change,
  });
  const check: DecisionRecord['checks'][number] = {
    action: 'personalize:GetRecommendations',
    resource: '*',
    decision: 'implicitDeny',
    layer: 'identity',
    determining: [],
  };

  it('has no last use before the first call', () => {
    expect(used(new DecisionLog())).toEqual({
      UserName: 'alice',
      AccessKeyLastUsed: { ServiceName: 'N/A', Region: 'N/A' },
    });
  });

  it('is its last call, also a denied one, and never one that only claims the key', async () => {
    const log = new DecisionLog();
    await log.append(call(1, {}));
    await log.append(call(2, { checks: [check] }));
    const { principal: _, ...rejected } = call(3, { outcome: 'rejected' });
    await log.append(rejected);
    expect(used(log)).toEqual({
      UserName: 'alice',
      AccessKeyLastUsed: {
        LastUsedDate: new Date('2026-11-24T12:00:02.000Z'),
        ServiceName: 'personalize',
        Region: 'eu-west-1',
      },
    });
    expect(used(log, 'AKIALOCALBOB00000000')).toMatchObject({ AccessKeyLastUsed: { Region: 'N/A' } });
  });

  it('is not known of a key that there is not', () => {
    expect(refusalOf(directory, 'GetAccessKeyLastUsed', { AccessKeyId: 'AKIANOBODYHASTHIS000' })).toEqual({
      code: 'NoSuchEntity',
      message: 'The Access Key with id AKIANOBODYHASTHIS000 cannot be found',
    });
  });
});
