import { describe, expect, it } from 'vitest';
import { serviceModels } from '../../../src/model/load.ts';
import { SERVICE_ROLES, serviceRoleUse } from '../../../src/services/personalize/service-role-use.ts';
import { authorizationOf } from '../../../src/services/services.ts';

const ROLE = 'arn:aws:iam::123456789012:role/PersonalizeRole';
const KEY = 'arn:aws:kms:us-east-1:123456789012:key/1';

/** `action resource`, a prefix after it where one is asked for. */
const accessesOf = (operation: string, input: object) =>
  serviceRoleUse(operation, { ...input }, 'aws')?.accesses.map(({ action, resource, prefix }) =>
    [action, resource, ...(prefix === undefined ? [] : [`"${prefix}"`])].join(' '),
  );

const importOf = (dataLocation: string) => ({ roleArn: ROLE, dataSource: { dataLocation } });

describe('the table of service roles', () => {
  it('has a row for each operation that passes a role, and no other', () => {
    const passing = [...(serviceModels().get('personalize')?.operations.values() ?? [])]
      .filter((operation) =>
        authorizationOf(operation).checks.some(({ action }) => action === 'iam:PassRole'),
      )
      .map(({ name }) => name);
    expect(Object.keys(SERVICE_ROLES).sort()).toEqual(passing.sort());
  });
});

describe('what a service role needs', () => {
  it.each([
    ['s3://shop/in/users.csv', 's3:GetObject arn:aws:s3:::shop/in/users.csv', 'in/users.csv'],
    ['s3://shop/in/', 's3:GetObject arn:aws:s3:::shop/in/*', 'in/'],
    ['s3://shop', 's3:GetObject arn:aws:s3:::shop/*', ''],
    ['s3://shop/', 's3:GetObject arn:aws:s3:::shop/*', ''],
  ])('to import %s is to read it and to list its bucket', (location, reading, prefix) => {
    expect(accessesOf('CreateDatasetImportJob', importOf(location))).toEqual([
      reading,
      `s3:ListBucket arn:aws:s3:::shop "${prefix}"`,
    ]);
  });

  it('is nothing that a policy could name if the location is invalid', () => {
    expect(accessesOf('CreateDataDeletionJob', importOf('shop/in'))).toEqual([
      's3:GetObject shop/in',
      's3:ListBucket shop/in',
    ]);
  });

  it('of a batch job is to read, to write below its path, and to use each key', () => {
    const of = (path: string) => ({ path, kmsKeyArn: KEY });
    const input = {
      roleArn: ROLE,
      jobInput: { s3DataSource: of('s3://in/u.json') },
      jobOutput: { s3DataDestination: of('s3://out/results') },
    };
    expect(accessesOf('CreateBatchInferenceJob', input)).toEqual([
      's3:GetObject arn:aws:s3:::in/u.json',
      's3:ListBucket arn:aws:s3:::in "u.json"',
      's3:PutObject arn:aws:s3:::out/results/*',
      `kms:Decrypt ${KEY}`,
      `kms:GenerateDataKey ${KEY}`,
      `kms:DescribeKey ${KEY}`,
      `kms:CreateGrant ${KEY}`,
      `kms:ListGrants ${KEY}`,
    ]);
  });

  it('of an export is to write below its path and to list the bucket', () => {
    const input = { roleArn: ROLE, jobOutput: { s3DataDestination: { path: 's3://out/' } } };
    expect(accessesOf('CreateDatasetExportJob', input)).toEqual([
      's3:PutObject arn:aws:s3:::out/*',
      's3:ListBucket arn:aws:s3:::out ""',
    ]);
  });

  it('is asked of no request that passes no role', () => {
    expect(serviceRoleUse('CreateDatasetGroup', { name: 'shop' }, 'aws')).toBeUndefined();
    expect(serviceRoleUse('UpdateMetricAttribution', { metricAttributionArn: 'a' }, 'aws')).toBeUndefined();
    expect(serviceRoleUse('CreateCampaign', { roleArn: ROLE }, 'aws')).toBeUndefined();
  });
});
