import { readFileSync } from 'node:fs';
import { CloudWatchClient, ListMetricsCommand, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import {
  CreateDatasetCommand,
  CreateDatasetGroupCommand,
  CreateDatasetImportJobCommand,
  CreateSchemaCommand,
  DescribeDatasetImportJobCommand,
  PersonalizeClient,
} from '@aws-sdk/client-personalize';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningProxy, startProxy } from '../../src/index.ts';
import { hasBoto3, python } from './clients.ts';

const ACCOUNT = '123456789012';
const BUCKET = 'my-personalize-data';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/personalize-import`;
const DATASET = `arn:aws:personalize:us-east-1:${ACCOUNT}:dataset/shop/INTERACTIONS`;
const CSV = 'USER_ID,ITEM_ID,TIMESTAMP\n1,a,1700000000\n';

interface Statement {
  readonly Action: readonly string[];
}

/** The policy as AWS keeps it. */
function managedPolicy(): { readonly Version: string; readonly Statement: readonly Statement[] } {
  const lines = readFileSync('src/directory/generated/aws-managed-policies.jsonl', 'utf8').split('\n');
  const line = lines.find((each) => each.startsWith('{"PolicyName":"AmazonPersonalizeFullAccess"'));
  return JSON.parse(line ?? '').Document;
}

const FULL = managedPolicy();

/** What each user lacks: the statement with this action. */
const LACKING = {
  whole: undefined,
  'no-personalize': 'personalize:*',
  'no-cloudwatch': 'cloudwatch:ListMetrics',
  'no-s3': 's3:PutObject',
  'no-pass-role': 'iam:PassRole',
} as const;

type User = keyof typeof LACKING;

const without = (action: string | undefined) => ({
  ...FULL,
  Statement: FULL.Statement.filter((statement) => action === undefined || !statement.Action.includes(action)),
});

const denial = (user: User, action: string, resource: string): string =>
  `User: arn:aws:iam::${ACCOUNT}:user/${user} is not authorized to perform: ${action}${resource} because no identity-based policy allows the ${action} action`;

/** What a user does, and how it is refused by whom. */
const STEPS = {
  upload: {
    refused: 'no-s3',
    action: 's3:PutObject',
    resource: ` on resource: "arn:aws:s3:::${BUCKET}/in.csv"`,
  },
  list: { refused: 'no-s3', action: 's3:ListBucket', resource: ` on resource: "arn:aws:s3:::${BUCKET}"` },
  read: {
    refused: 'no-s3',
    action: 's3:GetObject',
    resource: ` on resource: "arn:aws:s3:::${BUCKET}/in.csv"`,
  },
  import: {
    refused: 'no-personalize',
    action: 'personalize:CreateDatasetImportJob',
    resource: ` on resource: ${DATASET.replace('dataset/shop/INTERACTIONS', 'dataset-import-job/')}`,
  },
  passRole: { refused: 'no-pass-role', action: 'iam:PassRole', resource: ` on resource: ${ROLE}` },
  putMetric: { refused: 'no-cloudwatch', action: 'cloudwatch:PutMetricData', resource: '' },
  watchMetrics: { refused: 'no-cloudwatch', action: 'cloudwatch:ListMetrics', resource: '' },
  remove: {
    refused: 'no-s3',
    action: 's3:DeleteObject',
    resource: ` on resource: "arn:aws:s3:::${BUCKET}/in.csv"`,
  },
} as const;

let proxy: RunningProxy;
beforeAll(async () => {
  const users = Object.keys(LACKING).map((name, index) => [
    name,
    {
      accessKeys: [{ id: `AKIALOCALMANAGED000${index}`, secret: `local-only-secret-of-${name}` }],
      managedPolicies: [name],
    },
  ]);
  proxy = await startProxy({
    principals: {
      users: Object.fromEntries(users),
      roles: { 'personalize-import': { trustPolicy: 'trust', managedPolicies: ['read-data'] } },
    },
    policies: {
      ...Object.fromEntries(Object.entries(LACKING).map(([name, action]) => [name, without(action)])),
      trust: {
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Principal: { Service: 'personalize.amazonaws.com' }, Action: 'sts:AssumeRole' },
        ],
      },
      'read-data': {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Action: ['s3:GetObject', 's3:ListBucket'],
            Resource: [`arn:aws:s3:::${BUCKET}`, `arn:aws:s3:::${BUCKET}/*`],
          },
        ],
      },
    },
  });
  const owner = new PersonalizeClient(proxy.clientConfig('user/whole'));
  const { datasetGroupArn } = await owner.send(new CreateDatasetGroupCommand({ name: 'shop' }));
  const fields = ['USER_ID', 'ITEM_ID'].map((name) => ({ name, type: 'string' }));
  const schema = {
    type: 'record',
    name: 'Interactions',
    fields: [...fields, { name: 'TIMESTAMP', type: 'long' }],
  };
  const { schemaArn } = await owner.send(
    new CreateSchemaCommand({ name: 'shop', schema: JSON.stringify(schema) }),
  );
  await owner.send(
    new CreateDatasetCommand({ name: 'shop', datasetGroupArn, schemaArn, datasetType: 'Interactions' }),
  );
});
afterAll(() => proxy.close());

const importJob = (jobName: string) =>
  new CreateDatasetImportJobCommand({
    jobName,
    datasetArn: DATASET,
    roleArn: ROLE,
    dataSource: { dataLocation: `s3://${BUCKET}/in.csv` },
  });

/** The steps with the AWS SDK for JavaScript; each gives what the user sees of it. */
function stepsOf(user: User): Readonly<Record<keyof typeof STEPS, () => Promise<unknown>>> {
  const config = proxy.clientConfig<`user/${string}`>(`user/${user}`);
  const s3 = new S3Client(config);
  const object = { Bucket: BUCKET, Key: 'in.csv' };
  const personalize = new PersonalizeClient(config);
  const cloudwatch = new CloudWatchClient(config);
  return {
    upload: () => s3.send(new PutObjectCommand({ ...object, Body: CSV, ContentType: 'text/csv' })),
    list: async () =>
      (await s3.send(new ListObjectsV2Command({ Bucket: BUCKET }))).Contents?.map(({ Key }) => Key),
    read: async () => (await s3.send(new GetObjectCommand(object))).Body?.transformToString(),
    import: () => personalize.send(importJob(`import-of-${user}`)),
    passRole: () => personalize.send(importJob(`role-of-${user}`)),
    putMetric: () =>
      cloudwatch.send(
        new PutMetricDataCommand({ Namespace: 'Shop', MetricData: [{ MetricName: 'Imported', Value: 1 }] }),
      ),
    watchMetrics: async () =>
      (await cloudwatch.send(new ListMetricsCommand({ Namespace: 'Shop' }))).Metrics?.map(
        ({ MetricName }) => MetricName,
      ),
    remove: () => s3.send(new DeleteObjectCommand(object)),
  };
}

const NAMES = Object.keys(STEPS) as (keyof typeof STEPS)[];

/** The sentence that refuses a step, or nothing. */
const expected = (user: User, name: keyof typeof STEPS, job: string): string | undefined => {
  const { refused, action, resource } = STEPS[name];
  // The import and the role that it passes are one call, and its own action is the first to be refused.
  if (user === 'no-personalize' && name === 'passRole') return expected(user, 'import', job);
  if (user === 'no-pass-role' && name === 'import') return expected(user, 'passRole', job);
  if (user !== refused) return undefined;
  return denial(user, action, name === 'import' ? `${resource}${job}` : resource);
};

describe.each(Object.keys(LACKING) as User[])('AmazonPersonalizeFullAccess, %s', (user) => {
  it('lets AWS SDK for JavaScript do what its statements say, and refuses the rest by name', async () => {
    await stepsOf('whole').upload();
    const steps = stepsOf(user);
    const seen: Record<string, unknown> = {};
    for (const name of NAMES) {
      const step = steps[name]();
      seen[name] = await step.then(
        () => undefined,
        (cause: Error) => cause.message,
      );
    }
    const wanted = NAMES.map((name) => [
      name,
      expected(user, name, `${name === 'passRole' ? 'role' : 'import'}-of-${user}`),
    ]);
    expect(seen).toEqual(Object.fromEntries(wanted));
  });

  it.skipIf(!hasBoto3)(
    'lets boto3 do the same (skips where python3 has none)',
    { tags: 'clients' },
    async () => {
      await stepsOf('whole').upload();
      const program = `
import boto3, json
from botocore.exceptions import ClientError
s3, p, cw = boto3.client('s3'), boto3.client('personalize'), boto3.client('cloudwatch')
def job(name):
    return p.create_dataset_import_job(jobName=name, datasetArn='${DATASET}', roleArn='${ROLE}', dataSource={'dataLocation': 's3://${BUCKET}/in.csv'})
steps = {
    'upload': lambda: s3.put_object(Bucket='${BUCKET}', Key='in.csv', Body=${JSON.stringify(CSV)}.encode(), ContentType='text/csv'),
    'list': lambda: s3.list_objects_v2(Bucket='${BUCKET}')['Contents'],
    'read': lambda: s3.get_object(Bucket='${BUCKET}', Key='in.csv')['Body'].read(),
    'import': lambda: job('import-by-boto3-${user}'),
    'passRole': lambda: job('role-by-boto3-${user}'),
    'putMetric': lambda: cw.put_metric_data(Namespace='Shop', MetricData=[{'MetricName': 'Imported', 'Value': 1}]),
    'watchMetrics': lambda: cw.list_metrics(Namespace='Shop')['Metrics'],
    'remove': lambda: s3.delete_object(Bucket='${BUCKET}', Key='in.csv'),
}
seen = {}
for name, step in steps.items():
    try:
        step()
    except ClientError as e:
        seen[name] = e.response['Error']['Code'] + ' ' + e.response['Error']['Message']
print(json.dumps(seen))
`;
      const { stdout, stderr } = await python(proxy.clientConfig<`user/${string}`>(`user/${user}`), program);
      expect(stderr).toBe('');
      const wanted = NAMES.flatMap((name) => {
        const isJob = name === 'import' || name === 'passRole';
        const sentence = expected(user, name, `${name === 'passRole' ? 'role' : 'import'}-by-boto3-${user}`);
        return sentence === undefined
          ? []
          : [[name, `${isJob ? 'AccessDeniedException' : 'AccessDenied'} ${sentence}`]];
      });
      expect(JSON.parse(stdout)).toEqual(Object.fromEntries(wanted));
    },
  );
});

describe('AmazonPersonalizeFullAccess', () => {
  it('gives back what was uploaded, and lists the metric that was put', async () => {
    const steps = stepsOf('whole');
    await steps.upload();
    await steps.putMetric();
    expect(await steps.read()).toBe(CSV);
    expect(await steps.list()).toEqual(['in.csv']);
    expect(await steps.watchMetrics()).toEqual(['Imported']);
  });

  it('imports what was uploaded, with the role that was passed', async () => {
    await stepsOf('whole').upload();
    const personalize = new PersonalizeClient(proxy.clientConfig<`user/${string}`>('user/whole'));
    const { datasetImportJobArn } = await personalize.send(importJob('to-the-end'));
    const { datasetImportJob } = await personalize.send(
      new DescribeDatasetImportJobCommand({ datasetImportJobArn }),
    );
    expect(datasetImportJob).toMatchObject({ status: 'ACTIVE', roleArn: ROLE });
  });

  it('has nothing to say of a bucket that is not named for Personalize', async () => {
    const s3 = new S3Client(proxy.clientConfig<`user/${string}`>('user/whole'));
    await expect(
      s3.send(new PutObjectCommand({ Bucket: 'invoices', Key: 'in.csv', Body: CSV })),
    ).rejects.toMatchObject({
      name: 'AccessDenied',
      message: denial('whole', 's3:PutObject', ' on resource: "arn:aws:s3:::invoices/in.csv"'),
      $metadata: { httpStatusCode: 403 },
    });
  });
});
