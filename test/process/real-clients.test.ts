/** @module-tag clients */
import {
  CreateDatasetGroupCommand,
  DeleteDatasetGroupCommand,
  DescribeDatasetGroupCommand,
  ListDatasetGroupsCommand,
  PersonalizeClient,
} from '@aws-sdk/client-personalize';
import { PersonalizeEventsClient, PutEventsCommand } from '@aws-sdk/client-personalize-events';
import { GetRecommendationsCommand, PersonalizeRuntimeClient } from '@aws-sdk/client-personalize-runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningProxy, startProxy } from '../../src/index.ts';
import { awsCli, hasAwsCli, hasBoto3, python } from '../e2e/clients.ts';

const SHOP = 'arn:aws:personalize:us-east-1:123456789012:dataset-group/shop';
const DENIAL =
  'User: arn:aws:iam::123456789012:user/bob is not authorized to perform: personalize:DeleteDatasetGroup ' +
  `on resource: ${SHOP} because no identity-based policy allows the personalize:DeleteDatasetGroup action`;

let proxy: RunningProxy;
beforeAll(async () => {
  proxy = await startProxy({ config: 'config/proxy.yaml' });
  const alice = new PersonalizeClient(proxy.clientConfig('alice'));
  await alice.send(new CreateDatasetGroupCommand({ name: 'shop' }));
});
afterAll(() => proxy.close());

describe('AWS SDK for JavaScript v3', () => {
  it('reaches the stub with what the policies allow', async () => {
    const bob = new PersonalizeClient(proxy.clientConfig('bob'));
    const { datasetGroup } = await bob.send(new DescribeDatasetGroupCommand({ datasetGroupArn: SHOP }));
    expect(datasetGroup).toMatchObject({ name: 'shop', datasetGroupArn: SHOP });
    expect(datasetGroup?.creationDateTime).toBeInstanceOf(Date);
  });

  it('raises its AccessDenied error, in AWS words, for what they do not', async () => {
    const bob = new PersonalizeClient(proxy.clientConfig('bob'));
    const denied = bob.send(new DeleteDatasetGroupCommand({ datasetGroupArn: SHOP }));
    await expect(denied).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: DENIAL,
      $metadata: { httpStatusCode: 400, requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    });
  });

  it('raises 403 AccessDenied on the REST services', async () => {
    const campaignArn = 'arn:aws:personalize:us-east-1:123456789012:campaign/home';
    const runtime = new PersonalizeRuntimeClient(proxy.clientConfig('bob'));
    await expect(
      runtime.send(new GetRecommendationsCommand({ campaignArn, userId: '1' })),
    ).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining(`personalize:GetRecommendations on resource: ${campaignArn} because`),
      $metadata: { httpStatusCode: 403 },
    });
    const events = new PersonalizeEventsClient(proxy.clientConfig('bob'));
    const event = { eventType: 'click', sentAt: new Date(1_700_000_000_000) };
    await expect(
      events.send(new PutEventsCommand({ trackingId: 't', sessionId: 's', eventList: [event] })),
    ).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining('personalize:PutEvents on resource: * because'),
    });
  });

  it('raises its errors for an unknown key and a wrong secret', async () => {
    const config = proxy.clientConfig('alice');
    const send = (credentials: { accessKeyId: string; secretAccessKey: string }) =>
      new PersonalizeClient({ ...config, credentials }).send(new ListDatasetGroupsCommand({}));
    await expect(send({ ...config.credentials, accessKeyId: 'AKIAUNKNOWNUNKNOWN00' })).rejects.toMatchObject({
      name: 'UnrecognizedClientException',
      message: 'The security token included in the request is invalid.',
    });
    await expect(send({ ...config.credentials, secretAccessKey: 'wrong' })).rejects.toMatchObject({
      name: 'InvalidSignatureException',
      message: expect.stringContaining('The request signature we calculated does not match'),
    });
  });

  it('finds each decision in the record', async () => {
    const bob = new PersonalizeClient(proxy.clientConfig('bob'));
    await bob.send(new DeleteDatasetGroupCommand({ datasetGroupArn: SHOP })).catch(() => undefined);
    expect(proxy.decisions.at(-1)).toMatchObject({
      outcome: 'denied',
      mode: 'enforce',
      principal: { type: 'User', userName: 'bob', accountId: '123456789012' },
      request: {
        service: 'personalize',
        operation: 'DeleteDatasetGroup',
        region: 'us-east-1',
        sourceIp: '127.0.0.1',
      },
      checks: [
        {
          action: 'personalize:DeleteDatasetGroup',
          resource: SHOP,
          decision: 'implicitDeny',
          layer: 'identity',
        },
      ],
      error: { code: 'AccessDeniedException', status: 400, message: DENIAL },
    });
  });
});

describe.skipIf(!hasBoto3)('boto3 (skips where python3 has none)', { tags: 'clients' }, () => {
  it('reaches the stub, and raises AccessDeniedException in AWS words', async () => {
    const program = `
import boto3
from botocore.exceptions import ClientError
p = boto3.client('personalize')
print(p.describe_dataset_group(datasetGroupArn='${SHOP}')['datasetGroup']['name'])
try:
    p.delete_dataset_group(datasetGroupArn='${SHOP}')
except ClientError as e:
    print(type(e).__name__, e.response['Error']['Code'], e.response['ResponseMetadata']['HTTPStatusCode'])
    print(e.response['Error']['Message'])
try:
    boto3.client('personalize-runtime').get_recommendations(campaignArn='arn:aws:personalize:us-east-1:123456789012:campaign/home', userId='1')
except ClientError as e:
    print(e.response['Error']['Code'], e.response['ResponseMetadata']['HTTPStatusCode'])
`;
    const { stdout, stderr } = await python(proxy.clientConfig('bob'), program);
    expect(stderr).toBe('');
    expect(stdout.trim().split('\n')).toEqual([
      'shop',
      'ClientError AccessDeniedException 400',
      DENIAL,
      'AccessDeniedException 403',
    ]);
  });
});

describe.skipIf(!hasAwsCli)('the AWS CLI (skips where it is not installed)', { tags: 'clients' }, () => {
  it('reaches the stub with what the policies allow', async () => {
    const { code, stdout } = await awsCli(proxy.clientConfig('bob'), 'personalize', 'list-dataset-groups');
    expect(code).toBe(0);
    expect(JSON.parse(stdout).datasetGroups).toMatchObject([{ name: 'shop' }]);
  });

  it('prints the denial in AWS words', async () => {
    const bob = proxy.clientConfig('bob');
    const { code, stderr } = await awsCli(
      bob,
      'personalize',
      'delete-dataset-group',
      '--dataset-group-arn',
      SHOP,
    );
    expect(code).not.toBe(0);
    expect(stderr).toContain(
      `An error occurred (AccessDeniedException) when calling the DeleteDatasetGroup operation: ${DENIAL}`,
    );
  });
});
