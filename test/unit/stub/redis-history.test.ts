/** @module-tag clients */
import { createClient } from 'redis';
import { describe, expect, it } from 'vitest';
import { redisStore } from '../../../src/services/personalize/store/redis.ts';
import type { ResourceStore } from '../../../src/services/personalize/store/resource-store.ts';
import { hasRedis, type RedisServer, startRedis } from './redis-server.ts';
import { stubClient } from './stub-client.ts';

const put = (store: ResourceStore, key: string, value: unknown) =>
  store.transact((state) => state.put(key, value));

const entries = (store: ResourceStore) => store.transact((state) => [...state.scan('')]);

/** Two stores in one Redis, which the work may kill and start again at the same address. */
async function withTwoStores(
  work: (one: ResourceStore, other: ResourceStore, redis: { current: RedisServer }) => Promise<void>,
): Promise<void> {
  const redis = { current: await startRedis() };
  const one = await redisStore(redis.current.url);
  const other = await redisStore(redis.current.url);
  try {
    await work(one, other, redis);
  } finally {
    await one.close();
    await other.close();
    await redis.current.stop();
  }
}

async function restart(redis: { current: RedisServer }): Promise<void> {
  await redis.current.stop();
  redis.current = await startRedis(redis.current.port);
}

/** Once the store has noticed that Redis is back. */
const back = (store: ResourceStore) =>
  expect.poll(() => store.transact(() => true).catch((cause) => cause), { timeout: 10_000 }).toBe(true);

describe.skipIf(!hasRedis)('stores in a redis that is restarted (skips without redis-server)', () => {
  it('do not take another history with as many transactions for theirs', async () => {
    await withTwoStores(async (one, other, redis) => {
      await put(one, 'before', 1);
      await put(one, 'before', 2);
      expect(await entries(other)).toEqual([['before', 2]]);
      await restart(redis);
      await back(one);
      await put(one, 'after', 1);
      await put(one, 'after', 2);
      await back(other);

      await put(other, 'more', 3);

      const wanted = [
        ['after', 2],
        ['more', 3],
      ];
      expect(await entries(other)).toEqual(wanted);
      expect(await entries(one)).toEqual(wanted);
    });
  });

  it('do not take a backup that has gone on since for their own history', async () => {
    await withTwoStores(async (one, other, redis) => {
      const client = createClient({ url: redis.current.url });
      await client.connect();
      await put(one, 'a', 1);
      const keys = await client.keys('*');
      for (const key of keys) await client.copy(key, `backup ${key}`);
      await put(other, 'lost', 1);
      expect(await entries(one)).toHaveLength(2);
      // At once, as a restored server has it: the other store catches up between two commands.
      const restored = client.multi();
      for (const key of keys) restored.copy(`backup ${key}`, key, { REPLACE: true });
      await restored.exec();
      await put(other, 'kept', 2);

      expect(await entries(one)).toEqual([
        ['a', 1],
        ['kept', 2],
      ]);
      expect(await entries(other)).toEqual(await entries(one));
      client.destroy();
    });
  });

  it('name the setting and the address of the server while it is away', async () => {
    const redis = await startRedis();
    const { call, stub } = stubClient({
      store: await redisStore(redis.url),
    });
    await call('CreateDatasetGroup', { name: 'shop' });
    await redis.stop();

    await expect(call('CreateDatasetGroup', { name: 'other' })).rejects.toThrow(
      new RegExp(`^stub\\.store: redis://127\\.0\\.0\\.1:${redis.port} cannot be used: `),
    );
    await stub.close();
  });

  it('report why they cannot be used, until they can again', async () => {
    await withTwoStores(async (one, _other, redis) => {
      expect(one.problem).toBeUndefined();
      const { port } = redis.current;
      await redis.current.stop();
      await expect
        .poll(() => one.problem, { timeout: 10_000 })
        .toMatch(`stub.store: redis://127.0.0.1:${port} cannot be used`);
      redis.current = await startRedis(port);

      await expect.poll(() => one.problem, { timeout: 10_000 }).toBeUndefined();
    });
  });

  it('fail a call of a server that is connected and does not reply', async () => {
    await withTwoStores(async (one, _other, redis) => {
      redis.current.pause();
      await expect(put(one, 'a', 1)).rejects.toThrow('cannot be used');
      redis.current.resume();
      await back(one);
    });
  }, 20_000);
});
