import {
  CreateDatasetCommand,
  CreateDatasetExportJobCommand,
  CreateDatasetGroupCommand,
  CreateDatasetImportJobCommand,
  CreateSchemaCommand,
  DescribeDatasetGroupCommand,
  DescribeDatasetImportJobCommand,
  PersonalizeClient,
} from '@aws-sdk/client-personalize';
import { describe, expect, it } from 'vitest';
import { decide } from '../../src/engine/decide.ts';
import { explainDecision } from '../../src/explanation/explanation.ts';
import { type ProxyOptions, type RunningProxy, startProxy, startStub } from '../../src/index.ts';
import { recordedQuestions } from '../../src/recorded-calls/recorded-request.ts';
import type { DecisionRecord } from '../../src/records/decision-record.ts';

const ACCOUNT = '123456789012';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/worker`;
const KEY = `arn:aws:kms:us-east-1:${ACCOUNT}:key/1`;
const JOB = `arn:aws:personalize:us-east-1:${ACCOUNT}:dataset-import-job/nightly`;
const DATA = 's3://shop-data/in/events.csv';

type Statement = Readonly<Record<string, unknown>>;
const policy = (...statements: readonly Statement[]) => ({ Version: '2012-10-17', Statement: statements });
const allow = (
  Action: string | readonly string[],
  Resource: string | readonly string[],
  more: object = {},
) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...more,
});

const TRUST = {
  Effect: 'Allow',
  Principal: { Service: 'personalize.amazonaws.com' },
  Action: 'sts:AssumeRole',
  Condition: {
    StringEquals: { 'aws:SourceAccount': ACCOUNT },
    StringLike: { 'aws:SourceArn': `arn:aws:personalize:us-east-1:${ACCOUNT}:*` },
  },
};
const READ = allow('s3:GetObject', 'arn:aws:s3:::shop-data/in/*');
const LIST = allow('s3:ListBucket', 'arn:aws:s3:::shop-data', {
  Condition: { StringLike: { 's3:prefix': 'in/*' } },
});
const BY_SERVICE = { Principal: { Service: 'personalize.amazonaws.com' } };

interface World {
  readonly trust?: Statement;
  readonly role?: readonly Statement[];
  readonly bucket?: readonly Statement[];
  readonly options?: Pick<ProxyOptions, 'mode' | 'serviceRoles'>;
}

const started = ({ trust = TRUST, role = [READ, LIST], bucket, options }: World) =>
  startProxy({
    ...options,
    principals: {
      users: {
        alice: {
          accessKeys: [{ id: 'AKIALOCALALICE000000', secret: 'local-only-secret-of-alice' }],
          managedPolicies: ['admin'],
        },
      },
      roles: { worker: { trustPolicy: 'trust', managedPolicies: ['worker'] } },
    },
    policies: {
      admin: policy(allow('*', '*')),
      trust: policy(trust),
      worker: policy(...role),
      ...(bucket && { 'buckets/shop-data': policy(...bucket) }),
    },
  });

const clientOf = (proxy: RunningProxy) => new PersonalizeClient(proxy.clientConfig('alice'));

async function withDataset(client: PersonalizeClient): Promise<string> {
  const fields = { USER_ID: 'string', ITEM_ID: 'string', TIMESTAMP: 'long' };
  const schema = JSON.stringify({
    type: 'record',
    name: 'Interactions',
    namespace: 'com.amazonaws.personalize.schema',
    fields: Object.entries(fields).map(([name, type]) => ({ name, type })),
    version: '1.0',
  });
  const { schemaArn } = await client.send(new CreateSchemaCommand({ name: 'events', schema }));
  const { datasetGroupArn } = await client.send(new CreateDatasetGroupCommand({ name: 'shop' }));
  const { datasetArn } = await client.send(
    new CreateDatasetCommand({ name: 'events', datasetType: 'Interactions', schemaArn, datasetGroupArn }),
  );
  return String(datasetArn);
}

const startImport = (client: PersonalizeClient, datasetArn: string, roleArn = ROLE) =>
  client.send(
    new CreateDatasetImportJobCommand({
      jobName: 'nightly',
      datasetArn,
      dataSource: { dataLocation: DATA },
      roleArn,
    }),
  );

/** Imports, and gives how the job ended and what the service-role check's record says. */
async function imported(world: World, roleArn = ROLE) {
  await using proxy = await started(world);
  const client = clientOf(proxy);
  const datasetArn = await withDataset(client);
  const { $metadata } = await startImport(client, datasetArn, roleArn);
  const { datasetImportJob } = await client.send(
    new DescribeDatasetImportJobCommand({ datasetImportJobArn: JOB }),
  );
  const records = proxy.decisions.filter(({ request }) => request.id === $metadata.requestId);
  const roleCheck = records.find(({ principal }) => principal?.type === 'AssumedRole') as DecisionRecord;
  return {
    proxy,
    records,
    roleCheck,
    status: datasetImportJob?.status,
    reason: datasetImportJob?.failureReason,
  };
}

/** `action decision layer` of each check. */
const verdicts = ({ checks }: DecisionRecord) =>
  checks.map(({ action, decision, layer }) => `${action} ${decision} ${layer}`);

const ALLOWED = [
  'sts:AssumeRole allowed resourcePolicy',
  's3:GetObject allowed identity',
  's3:ListBucket allowed identity',
];

const OF_ROLE =
  'Failed to create a data import job for INTERACTIONS dataset. Insufficient privileges for accessing data in Amazon S3.';
const OF_BUCKET =
  'Insufficient privileges for accessing data in S3. Please look at https://docs.aws.amazon.com/personalize/latest/dg/granting-personalize-s3-access.html#attach-bucket-policy and fix bucket policy on shop-data.';

describe('the service-role check of an import', () => {
  it('passes with a role that trusts the service and may read the data; it is recorded beside the request', async () => {
    const { status, reason, records, roleCheck } = await imported({});

    expect([status, reason]).toEqual(['ACTIVE', undefined]);
    expect(records).toHaveLength(2);
    expect(roleCheck).toMatchObject({
      outcome: 'answered',
      principal: {
        type: 'AssumedRole',
        arn: `arn:aws:sts::${ACCOUNT}:assumed-role/worker/personalize`,
        roleArn: ROLE,
      },
      request: {
        service: 'personalize',
        operation: 'CreateDatasetImportJob',
        sourceIp: 'personalize.amazonaws.com',
      },
    });
    expect(verdicts(roleCheck)).toEqual(ALLOWED);
  });

  it.each([
    [
      'the role may not read',
      { role: [LIST] },
      OF_ROLE,
      `User: arn:aws:sts::${ACCOUNT}:assumed-role/worker/personalize is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::shop-data/in/events.csv because no identity-based policy allows the s3:GetObject action`,
    ],
    [
      'the role may not list',
      { role: [READ] },
      OF_ROLE,
      `User: arn:aws:sts::${ACCOUNT}:assumed-role/worker/personalize is not authorized to perform: s3:ListBucket on resource: arn:aws:s3:::shop-data because no identity-based policy allows the s3:ListBucket action`,
    ],
    [
      'the role trusts somebody else',
      { trust: { ...TRUST, Principal: { Service: 'ecs-tasks.amazonaws.com' } } },
      `Amazon Personalize cannot assume the role ${ROLE}.`,
      `User: personalize.amazonaws.com is not authorized to perform: sts:AssumeRole on resource: ${ROLE} because no role trust policy allows the sts:AssumeRole action`,
    ],
    [
      'the role trusts the service for another account',
      { trust: { ...TRUST, Condition: { StringEquals: { 'aws:SourceAccount': '999999999999' } } } },
      `Amazon Personalize cannot assume the role ${ROLE}.`,
      expect.stringContaining('sts:AssumeRole'),
    ],
    [
      'the role trusts the service for other resources',
      {
        trust: {
          ...TRUST,
          Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:personalize:*:*:solution/*' } },
        },
      },
      `Amazon Personalize cannot assume the role ${ROLE}.`,
      expect.stringContaining('sts:AssumeRole'),
    ],
    [
      'the bucket has a policy that does not let the service in',
      { bucket: [allow('s3:*', ['arn:aws:s3:::shop-data/*'], { Principal: { AWS: ROLE } })] },
      OF_BUCKET,
      'User: personalize.amazonaws.com is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::shop-data/in/events.csv because no resource-based policy allows the s3:GetObject action',
    ],
    [
      'the bucket denies the role',
      {
        bucket: [
          allow(
            ['s3:GetObject', 's3:ListBucket'],
            ['arn:aws:s3:::shop-data', 'arn:aws:s3:::shop-data/*'],
            BY_SERVICE,
          ),
          { ...READ, Effect: 'Deny', Principal: { AWS: ROLE } },
        ],
      },
      OF_ROLE,
      expect.stringMatching(
        /s3:GetObject on resource: \S+ with an explicit deny in a resource-based policy$/,
      ),
    ],
  ])('fails the job where %s', async (_, world, reason, message) => {
    const result = await imported(world);

    expect([result.status, result.reason]).toEqual(['CREATE FAILED', reason]);
    expect(result.roleCheck).toMatchObject({
      outcome: 'denied',
      error: { code: 'AccessDenied', status: 403, message },
    });
    // The request itself was allowed, and its own record says so.
    expect(result.records.map(({ outcome }) => outcome).sort()).toEqual(['denied', 'forwarded']);
  });

  it('passes where the policy of the bucket lets the service in', async () => {
    const resources = ['arn:aws:s3:::shop-data', 'arn:aws:s3:::shop-data/*'];
    const { status, roleCheck } = await imported({
      bucket: [
        allow(['s3:GetObject', 's3:ListBucket'], resources, {
          ...BY_SERVICE,
          Condition: { StringEquals: { 'aws:SourceAccount': ACCOUNT } },
        }),
      ],
    });

    expect(status).toBe('ACTIVE');
    expect(verdicts(roleCheck)).toEqual([
      ...ALLOWED,
      's3:GetObject allowed resourcePolicy',
      's3:ListBucket allowed resourcePolicy',
    ]);
  });

  it('fails if the folder does not have the role, and says so', async () => {
    const missing = `arn:aws:iam::${ACCOUNT}:role/nobody`;
    const { status, reason, roleCheck } = await imported({}, missing);

    expect([status, reason]).toEqual([
      'CREATE FAILED',
      `Amazon Personalize cannot assume the role ${missing}.`,
    ]);
    expect(roleCheck.error?.message).toMatch(/ \(there is no such role in principals\.yaml\)$/);
  });

  it.each([{ serviceRoles: 'report' as const }, { mode: 'audit' as const }])(
    'is recorded and fails nothing with %o',
    async (options) => {
      const { status, roleCheck } = await imported({ role: [READ], options });

      expect(status).toBe('ACTIVE');
      expect(roleCheck.outcome).toBe('audited');
    },
  );

  it('is explained: what to add, and to which policy', async () => {
    await using proxy = await started({ role: [LIST] });
    const client = clientOf(proxy);
    await startImport(client, await withDataset(client));
    const roleCheck = proxy.decisions.find(
      ({ principal }) => principal?.type === 'AssumedRole',
    ) as DecisionRecord;
    const { request, changes } = explainDecision(roleCheck, proxy.directory);

    expect(request.map(({ says }) => says)).toContain(
      'a service of AWS calls, with a role that it was passed',
    );
    expect(JSON.stringify(changes)).toContain('"s3:GetObject"');
  });

  it('can be decided again from its record', async () => {
    await using proxy = await started({
      bucket: [allow('s3:GetObject', 'arn:aws:s3:::shop-data/*', BY_SERVICE)],
    });
    const client = clientOf(proxy);
    const datasetArn = await withDataset(client);
    await startImport(client, datasetArn);
    const roleCheck = proxy.decisions.find(
      ({ principal }) => principal?.type === 'AssumedRole',
    ) as DecisionRecord;
    const again = roleCheck.checks.map((check) => {
      const question = recordedQuestions(proxy.directory)(roleCheck, check);
      return question.ok ? decide(question.value.request, question.value.policies).decision : question.error;
    });
    expect(roleCheck.checks).toHaveLength(5);
    expect(again).toEqual(roleCheck.checks.map(({ decision }) => decision));
  });
});

describe('the service-role check', () => {
  it('of an export needs the right to write', async () => {
    await using proxy = await started({ role: [LIST, READ] });
    const client = clientOf(proxy);
    const datasetArn = await withDataset(client);
    await client.send(
      new CreateDatasetExportJobCommand({
        jobName: 'out',
        datasetArn,
        jobOutput: { s3DataDestination: { path: 's3://shop-data/in/out', kmsKeyArn: KEY } },
        roleArn: ROLE,
      }),
    );
    const roleCheck = proxy.decisions.find(
      ({ principal }) => principal?.type === 'AssumedRole',
    ) as DecisionRecord;
    expect(verdicts(roleCheck)).toEqual([
      'sts:AssumeRole allowed resourcePolicy',
      's3:PutObject implicitDeny identity',
      's3:ListBucket allowed identity',
      'kms:Decrypt implicitDeny identity',
      'kms:GenerateDataKey implicitDeny identity',
      'kms:DescribeKey implicitDeny identity',
      'kms:CreateGrant implicitDeny identity',
      'kms:ListGrants implicitDeny identity',
    ]);
    expect(roleCheck.checks[1]?.resource).toBe('arn:aws:s3:::shop-data/in/out/*');
  });

  it('of a dataset group with a key needs the right to use it', async () => {
    await using proxy = await started({});
    const client = clientOf(proxy);
    const { datasetGroupArn } = await client.send(
      new CreateDatasetGroupCommand({ name: 'secret', roleArn: ROLE, kmsKeyArn: KEY }),
    );
    const { datasetGroup } = await client.send(new DescribeDatasetGroupCommand({ datasetGroupArn }));
    expect(datasetGroup).toMatchObject({
      status: 'CREATE FAILED',
      failureReason: `Insufficient privileges for using the KMS key ${KEY}.`,
    });
  });

  it('is not recorded for a request that the stub refuses', async () => {
    await using proxy = await started({});
    await expect(
      startImport(clientOf(proxy), `arn:aws:personalize:us-east-1:${ACCOUNT}:dataset/shop/INTERACTIONS`),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    expect(proxy.decisions).toHaveLength(1);
  });

  it('is not checked where the stub is alone: it has no directory', async () => {
    await using stub = await startStub();
    const client = new PersonalizeClient({
      endpoint: stub.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'AKIALOCALANYBODY0000', secretAccessKey: 'local-only-secret-of-anybody' },
    });
    const datasetArn = await withDataset(client);
    await startImport(client, datasetArn);
    const { datasetImportJob } = await client.send(
      new DescribeDatasetImportJobCommand({ datasetImportJobArn: JOB }),
    );
    expect(datasetImportJob?.status).toBe('ACTIVE');
  });
});
