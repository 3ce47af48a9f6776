import { GetAccessKeyLastUsedCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  CreateDatasetGroupCommand,
  DeleteSchemaCommand,
  ListDatasetGroupsCommand,
  PersonalizeClient,
} from '@aws-sdk/client-personalize';
import { GetSessionTokenCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Notice,
  type ProxyOptions,
  type RunningProxy,
  StartError,
  startProxy,
  startStub,
} from '../../src/index.ts';
import { oneTimeCode } from '../../src/sessions/one-time-code.ts';
import { hasRedis, type RedisServer, startRedis } from '../unit/stub/redis-server.ts';

const KEY = 'AKIAEXAMPLEALICE0000';
const SECRET = 'JBSWY3DPEHPK3PXP';
const OPTIONS: ProxyOptions = {
  principals: {
    users: {
      alice: {
        accessKeys: [{ id: KEY, secret: 'the-secret-of-alice' }],
        managedPolicies: ['p'],
        mfa: { secret: SECRET },
      },
    },
  },
  policies: {
    p: {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Action: ['personalize:Create*', 'personalize:List*', 'iam:Get*'], Resource: '*' },
      ],
    },
  },
};

const personalizeOf = (proxy: RunningProxy) =>
  new PersonalizeClient({ ...proxy.clientConfig('alice'), maxAttempts: 1 });

const create = (proxy: RunningProxy, name: string) =>
  personalizeOf(proxy).send(new CreateDatasetGroupCommand({ name }));

const json = async (proxy: RunningProxy, path: string, init: RequestInit = {}) => {
  const headers = { accept: 'application/json', 'x-authz-admin': '1' };
  const response = await fetch(`${proxy.url}/_authz/${path}`, { headers, ...init });
  return response.status === 204 ? undefined : JSON.parse(await response.text());
};

const clear = (proxy: RunningProxy) => json(proxy, 'decisions', { method: 'DELETE' });

describe.skipIf(!hasRedis)('replicas with one state in Redis (skips without redis-server)', () => {
  let redis: RedisServer;
  let one: RunningProxy;
  let other: RunningProxy;

  beforeAll(async () => {
    redis = await startRedis();
    one = await startProxy({ ...OPTIONS, state: redis.url });
    other = await startProxy({ ...OPTIONS, state: redis.url });
  });
  afterAll(async () => {
    await one?.close();
    await other?.close();
    await redis?.stop();
  });

  it('have the same resources of the stub', async () => {
    await create(one, 'shared');
    const { datasetGroups } = await personalizeOf(other).send(new ListDatasetGroupsCommand({}));
    expect(datasetGroups).toMatchObject([{ name: 'shared' }]);
    expect(other.upstream).toBe(`embedded stub, ${redis.url}`);
  });

  it('answer for all of them about decisions, coverage and policies, at once', async () => {
    await clear(one);
    await create(one, 'a');
    await personalizeOf(other).send(new ListDatasetGroupsCommand({}));

    for (const proxy of [one, other]) {
      const { decisions } = await json(proxy, 'decisions');
      const operations = decisions.map(
        ({ request }: { request: { operation: string } }) => request.operation,
      );
      expect(operations).toEqual(['CreateDatasetGroup', 'ListDatasetGroups']);
      const policy = JSON.stringify(await json(proxy, 'policy?principal=alice'));
      expect(policy).toContain('personalize:CreateDatasetGroup');
      expect(policy).toContain('personalize:ListDatasetGroups');
    }
    const [coverage, same] = await Promise.all([json(one, 'coverage'), json(other, 'coverage')]);
    expect(same).toEqual(coverage);
    expect(JSON.stringify(coverage)).toContain('CreateDatasetGroup');
  });

  it('number decisions alike, so that a page or a stream can go on at another replica', async () => {
    await clear(one);
    for (const name of ['x', 'y', 'z']) await create(one, name);
    const first = await json(one, 'decisions?view=summary&limit=2');
    const rest = await json(other, `decisions?view=summary&before=${first.next}`);

    expect(rest.instance).toBe(first.instance);
    expect(first.decisions).toHaveLength(2);
    expect(rest.decisions).toHaveLength(1);
    const { decisions } = await json(other, 'decisions');
    expect(decisions[0].id).toBe(rest.decisions[0].id);
  });

  it('stream the decisions of others', async () => {
    const over = new AbortController();
    const response = await fetch(`${other.url}/_authz/decisions/stream`, { signal: over.signal });
    await create(one, 'streamed');
    let text = '';
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    while (!text.includes('dataset-group/streamed')) text += (await reader?.read())?.value ?? '';
    over.abort();
    expect(text).toContain('event: decisions');
  });

  it('explain the decision of another', async () => {
    const denied = personalizeOf(one).send(
      new DeleteSchemaCommand({ schemaArn: 'arn:aws:personalize:us-east-1:123456789012:schema/s' }),
    );
    await expect(denied).rejects.toMatchObject({ name: 'AccessDeniedException' });

    expect(JSON.stringify(await json(other, 'decisions/last/explain'))).toContain('personalize:DeleteSchema');
  });

  it('delete decisions together', async () => {
    await create(one, 'forgotten');
    await clear(other);
    expect((await json(one, 'decisions')).decisions).toEqual([]);
  });

  it('change their mode together', async () => {
    const mode = { method: 'PUT', body: JSON.stringify({ mode: 'audit' }) };
    await json(one, 'mode', mode);
    await expect.poll(async () => (await json(other, 'health')).mode, { timeout: 10_000 }).toBe('audit');
    expect(other.mode).toBe('audit');
    await other.setMode('enforce');
    await expect.poll(() => one.mode, { timeout: 10_000 }).toBe('enforce');
  });

  it('answer IAM out of what any of them recorded', async () => {
    await create(one, 'last');
    const { AccessKeyLastUsed: last } = await new IAMClient(other.clientConfig('alice')).send(
      new GetAccessKeyLastUsedCommand({ AccessKeyId: KEY }),
    );
    expect(last).toMatchObject({ ServiceName: 'personalize' });
  });

  it('accept a one-time code once', async () => {
    const codes = {
      SerialNumber: 'arn:aws:iam::123456789012:mfa/alice',
      TokenCode: oneTimeCode(SECRET, Date.now()),
    };
    const sessionAt = (proxy: RunningProxy) =>
      new STSClient({ ...proxy.clientConfig('alice'), maxAttempts: 1 }).send(
        new GetSessionTokenCommand(codes),
      );
    await sessionAt(one);
    await expect(sessionAt(other)).rejects.toMatchObject({
      message: expect.stringContaining('invalid MFA one time pass code'),
    });
  });

  it('are advised to share the key of sessions', async () => {
    const advice: string[] = [];
    const onNotice = (notice: Notice): void => {
      if (notice.kind === 'advice') advice.push(notice.message);
    };
    const third = await startProxy({ ...OPTIONS, state: redis.url, onNotice });
    await third.close();
    const env = { AUTHZ_SESSION_KEY: Buffer.alloc(32, 7).toString('base64') };
    const fourth = await startProxy({ ...OPTIONS, state: redis.url, onNotice, env });
    await fourth.close();
    expect(advice).toEqual([expect.stringContaining('set AUTHZ_SESSION_KEY')]);
  });

  it('are refused a store that belongs to one of them, and a Redis that is not there', async () => {
    await expect(startProxy({ ...OPTIONS, state: redis.url, stubStore: 'sqlite:x.db' })).rejects.toThrow(
      '--stub-store: a file belongs to one replica; leave it out for the Redis of state, or name another Redis',
    );
    const refused = startProxy({ ...OPTIONS, state: 'redis://user:hush@127.0.0.1:1', stubStore: redis.url });
    await expect(refused).rejects.toBeInstanceOf(StartError);
    await expect(refused).rejects.toThrow(/^state: redis:\/\/127\.0\.0\.1:1 cannot be used: .*ECONNREFUSED/);
  });
});

describe.skipIf(!hasRedis)('a replica whose Redis is away (skips without redis-server)', () => {
  it('decides and keeps what it decided, is degraded and not ready, and delivers when Redis is back', async () => {
    let redis = await startRedis();
    const upstream = await startStub();
    const options = { ...OPTIONS, state: redis.url, upstream: upstream.url as `http://${string}` };
    const one = await startProxy(options);
    const other = await startProxy(options);
    try {
      await create(one, 'before');
      await redis.stop();
      await create(one, 'meanwhile');
      await expect(
        personalizeOf(other).send(
          new DeleteSchemaCommand({ schemaArn: 'arn:aws:personalize:us-east-1:123456789012:schema/s' }),
        ),
      ).rejects.toMatchObject({ name: 'AccessDeniedException' });
      expect((await json(one, 'decisions')).decisions).toHaveLength(2);
      const where = `state: redis://127.0.0.1:${redis.port} cannot be used`;
      expect(await json(one, 'health')).toMatchObject({
        status: 'degraded',
        problems: [{ rule: 'unavailable-state', message: expect.stringContaining(where) }],
      });
      expect((await fetch(`${one.url}/_authz/health/ready`)).status).toBe(503);
      const mode = { method: 'PUT', body: '{"mode":"audit"}' };
      expect(await json(one, 'mode', mode)).toMatchObject({
        error: { message: expect.stringContaining(where) },
      });
      redis = await startRedis(redis.port);
      for (const proxy of [one, other])
        await expect
          .poll(async () => (await json(proxy, 'decisions')).decisions.length, { timeout: 10_000 })
          .toBe(3);
      expect((await fetch(`${one.url}/_authz/health/ready`)).status).toBe(200);
    } finally {
      for (const each of [one, other, upstream]) await each.close();
      await redis.stop();
    }
  });
});
