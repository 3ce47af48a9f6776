import {
  CreateDatasetCommand,
  CreateDatasetGroupCommand,
  CreateDatasetImportJobCommand,
  CreateSchemaCommand,
  DeleteDatasetGroupCommand,
  ListDatasetGroupsCommand,
  ListSchemasCommand,
  PersonalizeClient,
} from '@aws-sdk/client-personalize';
import { type ProxyOptions, type RunningProxy, startProxy } from '../../src/index.ts';
import { TemporaryFolder } from '../e2e/temporary-folder.ts';

const PRINCIPALS = `users:
  alice:
    accessKeys: [{ id: AKIAEXAMPLEALICE0000, secret: the-secret-of-alice }]
    groups: [analysts]
    managedPolicies: [shop]
    permissionsBoundary: boundary
  bob:
    accessKeys: [{ id: AKIAEXAMPLEBOB000000, secret: the-secret-of-bob }]
    managedPolicies: [shop, AmazonPersonalizeFullAccess]
    permissionsBoundary: boundary
groups:
  analysts: { managedPolicies: [read-only] }
roles:
  shop: { trustPolicy: trust/ecs-tasks, managedPolicies: [shop] }
organization:
  id: o-exampleorgid
  serviceControlPolicies: [[FullAWSAccess], [scp/no-delete]]
`;

const policy = (...statements: readonly object[]): string =>
  `${JSON.stringify({ Version: '2012-10-17', Statement: statements }, null, 2)}\n`;

const allow = (sid: string, action: string | readonly string[], more: object = {}): object => ({
  Sid: sid,
  Effect: 'Allow',
  Action: action,
  Resource: '*',
  ...more,
});

/** A folder whose policies deny in several ways. */
export const FILES: Readonly<Record<string, string>> = {
  'config/proxy.yaml': 'listen: { port: 0 }\n',
  'config/principals.yaml': PRINCIPALS,
  'policies/shop.json': policy(
    allow('Groups', ['personalize:CreateDatasetGroup', 'personalize:ListDatasetGroups']),
    allow('OfficeOnly', 'personalize:CreateSchema', {
      Condition: {
        IpAddress: { 'aws:SourceIp': '192.0.2.0/24' },
        Bool: { 'aws:MultiFactorAuthPresent': 'true' },
      },
    }),
    allow('Unused', 'personalize:CreateCampaign'),
  ),
  'policies/read-only.json': policy(allow('Lists', 'personalize:List*')),
  'policies/boundary.json': policy(allow('Everything', 'personalize:*')),
  'policies/scp/no-delete.json': policy(allow('Everything', '*'), {
    Sid: 'NoDelete',
    Effect: 'Deny',
    Action: 'personalize:DeleteDatasetGroup',
    Resource: '*',
  }),
  'policies/trust/ecs-tasks.json': `${JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' },
    ],
  })}\n`,
};

export interface Scene extends AsyncDisposable {
  readonly proxy: RunningProxy;
  readonly folder: TemporaryFolder;
}

/** A proxy with the folder above. */
export async function openScene(
  options: ProxyOptions = {},
  files: Readonly<Record<string, string>> = FILES,
): Promise<Scene> {
  const folder = new TemporaryFolder(files);
  const proxy = await startProxy({ config: `${folder.path}/config/proxy.yaml`, ...options });
  return {
    proxy,
    folder,
    async [Symbol.asyncDispose]() {
      await proxy.close();
      folder[Symbol.dispose]();
    },
  };
}

const SCHEMA = JSON.stringify({
  type: 'record',
  name: 'Interactions',
  namespace: 'com.amazonaws.personalize.schema',
  fields: [
    { name: 'USER_ID', type: 'string' },
    { name: 'ITEM_ID', type: 'string' },
    { name: 'TIMESTAMP', type: 'long' },
  ],
  version: '1.0',
});

/** Calls of the AWS SDK, some of which are allowed, denied by a condition, by an SCP, or rejected. */
export async function makeCalls(proxy: RunningProxy): Promise<void> {
  for (const user of ['user/alice', 'user/bob'] as const) {
    const client = new PersonalizeClient({ ...proxy.clientConfig(user), maxAttempts: 1 });
    const shop = `arn:aws:personalize:us-east-1:123456789012:dataset-group/${user.slice(5)}`;
    const calls = [
      () => client.send(new ListDatasetGroupsCommand({})),
      () => client.send(new CreateDatasetGroupCommand({ name: user.slice(5) })),
      () => client.send(new ListSchemasCommand({})),
      () => client.send(new DeleteDatasetGroupCommand({ datasetGroupArn: shop })),
      () => client.send(new CreateSchemaCommand({ name: 'interactions', schema: SCHEMA })),
    ];
    for (const call of calls) await call().catch(() => {});
    client.destroy();
  }
  const stranger = new PersonalizeClient({
    ...proxy.clientConfig('user/alice'),
    credentials: { accessKeyId: 'AKIAIOSFODNN7UNKNOWN', secretAccessKey: 'unknown' },
    maxAttempts: 1,
  });
  await stranger.send(new ListSchemasCommand({})).catch(() => {});
  stranger.destroy();
}

/** A call that passes a role which may not read the data: the service-role check is denied. */
export async function importWithoutData({ proxy, folder }: Scene): Promise<void> {
  folder.write('policies/read-only.json', policy(allow('All', ['personalize:*', 'iam:PassRole'])));
  folder.write(
    'policies/trust/ecs-tasks.json',
    policy({
      Effect: 'Allow',
      Principal: { Service: 'personalize.amazonaws.com' },
      Action: 'sts:AssumeRole',
    }),
  );
  folder.write('policies/boundary.json', policy(allow('All', '*')));
  await proxy.reload();
  const client = new PersonalizeClient({ ...proxy.clientConfig('user/alice'), maxAttempts: 1 });
  const { datasetGroupArn } = await client.send(new CreateDatasetGroupCommand({ name: 'shop' }));
  const { schemaArn } = await client.send(new CreateSchemaCommand({ name: 'interactions', schema: SCHEMA }));
  const dataset = { name: 'interactions', datasetGroupArn, schemaArn, datasetType: 'INTERACTIONS' };
  const { datasetArn } = await client.send(new CreateDatasetCommand(dataset));
  await client.send(
    new CreateDatasetImportJobCommand({
      jobName: 'nightly',
      datasetArn,
      dataSource: { dataLocation: 's3://shop-data/data.csv' },
      roleArn: 'arn:aws:iam::123456789012:role/shop',
    }),
  );
  client.destroy();
}

/** The decision ID of alice's denied CreateSchema among those of `makeCalls`. */
export function deniedDecision(proxy: RunningProxy): string {
  const denied = proxy.decisions.find(
    ({ request, outcome }) => request.operation === 'CreateSchema' && outcome === 'denied',
  );
  if (denied === undefined) throw new Error('no CreateSchema was denied');
  return denied.id;
}
