import { describe, expect, it } from 'vitest';
import { runReport } from '../../../src/commands/run/run-report.ts';
import { renderRun } from '../../../src/commands/run/run-text.ts';
import { RunTally } from '../../../src/commands/run/tally.ts';
import { arnOf } from '../../../src/lib/identifiers.ts';
import type { CheckRecord, DecisionRecord } from '../../../src/records/decision-record.ts';
import { ACCOUNT, check, directoryOf, document, recordOf } from './recorded.ts';

const ALLOWED = { decision: 'allowed' } as const;
const BUCKET = 'arn:aws:s3:::shop-data';
const ROLE = arnOf(`arn:aws:iam::${ACCOUNT}:role/app`);

/** What Personalize does with the role `app` for the same call. */
const serviceRoleChecks = (
  checks: readonly CheckRecord[],
  more: Partial<DecisionRecord> = {},
): DecisionRecord => {
  const record = recordOf(checks, { outcome: 'answered', ...more });
  return {
    ...record,
    principal: {
      type: 'AssumedRole',
      arn: arnOf(`arn:aws:sts::${ACCOUNT}:assumed-role/app/personalize`),
      accountId: ACCOUNT,
      roleArn: ROLE,
      sessionName: 'personalize',
    },
    request: {
      ...record.request,
      sourceIp: 'personalize.amazonaws.com',
      userAgent: 'personalize.amazonaws.com',
    },
  };
};

async function reportOf(...records: readonly DecisionRecord[]) {
  const tally = new RunTally();
  for (const record of records) tally.add(record);
  const directory = await directoryOf({
    p: document({ Effect: 'Allow', Action: 'personalize:*', Resource: '*' }),
  });
  return runReport(tally, directory, {
    configuration: 'config/proxy.yaml',
    command: ['x'],
    principal: 'alice',
    exitCode: 0,
  });
}

const CALL = recordOf([check('personalize:CreateDatasetGroup', '*', ALLOWED)]);

describe('the report of a run', () => {
  it("counts the principal's own calls, and not what Personalize does with a role that was passed", async () => {
    const report = await reportOf(CALL, serviceRoleChecks([check('s3:ListBucket', BUCKET, ALLOWED)]));
    expect(report.calls).toMatchObject({ total: 1, forwarded: 1, answered: 0 });
    expect(report.operations).toEqual([
      { principal: 'user/alice', operation: 'CreateDatasetGroup', calls: 1, denied: 0 },
    ]);
    expect(report.secondHops).toEqual({ total: 1, refused: 0 });
    expect(renderRun(report)).toMatch(/^1 call as alice: 1 allowed\.\n/);
  });

  it('reports a denied service-role check, with the missing permission', async () => {
    const report = await reportOf(
      CALL,
      serviceRoleChecks([check('s3:ListBucket', BUCKET)], { outcome: 'denied' }),
    );
    expect(report.calls).toMatchObject({ total: 1, denied: 0 });
    expect(report.denied).toMatchObject([{ count: 1, action: 's3:ListBucket', resource: BUCKET }]);
    const text = renderRun(report);
    expect(text).toContain('1 call as alice: 1 allowed. Amazon Personalize was denied once with a role');
    expect(text).toContain(`{"Effect":"Allow","Action":"s3:ListBucket","Resource":"${BUCKET}"}`);
  });
});
