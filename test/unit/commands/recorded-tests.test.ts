import { describe, expect, it } from 'vitest';
import { recordedTests } from '../../../src/commands/init/recorded-tests.ts';
import { ACCOUNT, check, directoryOf, document, recordOf } from './recorded.ts';

describe('tests of recorded calls', () => {
  it('say that a check was asked by a service, and not that the policies have changed', async () => {
    const directory = await directoryOf({
      p: document({ Effect: 'Allow', Action: 's3:ListBucket', Resource: '*' }),
    });
    const role = `arn:aws:iam::${ACCOUNT}:role/app`;
    const trust = check('sts:AssumeRole', role, {
      decision: 'allowed',
      layer: 'resourcePolicy',
      context: { 'aws:PrincipalServiceName': 'personalize.amazonaws.com' },
    });
    const list = check('s3:ListBucket', 'arn:aws:s3:::shop-data', { decision: 'allowed' });
    const { rows, leftOut } = recordedTests({
      directory,
      records: [recordOf([trust, list], { outcome: 'answered' })],
      region: 'us-east-1',
      schema: 'policy-tests.schema.json',
    });
    expect(rows).toBe(1);
    expect([...leftOut]).toEqual([['asked by personalize.amazonaws.com, which is no user or role', 1]]);
  });
});
