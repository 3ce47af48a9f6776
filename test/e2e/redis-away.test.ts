import {
  CreateDatasetGroupCommand,
  DescribeDatasetGroupCommand,
  ListDatasetGroupsCommand,
  PersonalizeClient,
} from '@aws-sdk/client-personalize';
import { describe, expect, it } from 'vitest';
import { type Notice, type ProxyOptions, type RunningProxy, startProxy } from '../../src/index.ts';
import { hasRedis, type RedisServer, startRedis } from '../unit/stub/redis-server.ts';

const OWN_TEAM = { StringEquals: { 'aws:ResourceTag/team': 'ml' } };
const OPTIONS: ProxyOptions = {
  principals: {
    users: {
      alice: {
        accessKeys: [{ id: 'AKIAEXAMPLEALICE0000', secret: 'the-secret-of-alice' }],
        managedPolicies: ['p'],
      },
    },
  },
  policies: {
    p: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: ['personalize:Create*', 'personalize:List*', 'personalize:TagResource'],
          Resource: '*',
        },
        { Effect: 'Allow', Action: 'personalize:Describe*', Resource: '*', Condition: OWN_TEAM },
      ],
    },
  },
};

const clientOf = (proxy: RunningProxy) =>
  new PersonalizeClient({ ...proxy.clientConfig('alice'), maxAttempts: 1 });

const get = async (proxy: RunningProxy, path: string) => {
  const response = await fetch(`${proxy.url}/_authz/${path}`);
  return { status: response.status, body: await response.json() };
};

describe.skipIf(!hasRedis)('a proxy whose stub stores in Redis (skips without redis-server)', () => {
  it('is degraded and not ready while Redis is away, and names it in errors', async () => {
    let redis: RedisServer = await startRedis();
    const notices: Notice[] = [];
    const onNotice = (notice: Notice): void => void notices.push(notice);
    await using proxy = await startProxy({ ...OPTIONS, stubStore: redis.url, onNotice });
    const list = () => clientOf(proxy).send(new ListDatasetGroupsCommand({}));
    await list();
    expect((await get(proxy, 'health/ready')).status).toBe(200);
    await redis.stop();
    const where = `stub.store: redis://127.0.0.1:${redis.port} cannot be used`;
    try {
      await expect(list()).rejects.toMatchObject({
        message: expect.stringContaining(`Internal error, request not answered: ${where}`),
      });
      // For a person, without the stack; `serve` limits how many of a request it writes.
      expect(notices.filter(({ kind }) => kind === 'failure')).toEqual([
        { kind: 'failure', message: expect.stringMatching(`^${where}[^\n]*$`), isOfRequest: true },
      ]);
      const problem = { rule: 'unavailable-store', message: expect.stringContaining(where) };
      expect((await get(proxy, 'health')).body).toMatchObject({ status: 'degraded', problems: [problem] });
      expect(await get(proxy, 'health/ready')).toMatchObject({
        status: 503,
        body: { status: 'unavailable', problems: [problem] },
      });
      expect((await get(proxy, 'health/live')).status).toBe(200);
    } finally {
      redis = await startRedis(redis.port);
    }
    await expect.poll(async () => (await get(proxy, 'health/ready')).status, { timeout: 5_000 }).toBe(200);
    await list();
    await redis.stop();
  });

  it('decides on the tags that another replica has just written', async () => {
    const redis = await startRedis();
    try {
      await using one = await startProxy({ ...OPTIONS, stubStore: redis.url });
      await using other = await startProxy({ ...OPTIONS, stubStore: redis.url });
      const [writer, reader] = [clientOf(one), clientOf(other)];
      for (let index = 0; index < 20; index += 1) {
        const tags = [{ tagKey: 'team', tagValue: 'ml' }];
        const { datasetGroupArn } = await writer.send(
          new CreateDatasetGroupCommand({ name: `group-${index}`, tags }),
        );
        await reader.send(new DescribeDatasetGroupCommand({ datasetGroupArn }));
      }
    } finally {
      await redis.stop();
    }
  });
});
