/** @module-tag clients */
import { afterEach, describe, expect, it } from 'vitest';
import { openRedisState, type RedisStateOptions } from '../../../src/state/redis-state.ts';
import type { SharedState } from '../../../src/state/shared-state.ts';
import { hasRedis, type RedisServer, startRedis } from '../stub/redis-server.ts';
import { record } from './record.ts';
import { RedisRelay } from './redis-relay.ts';

const NOW = Date.UTC(2026, 10, 28);
const STEP = NOW / 30_000;

const open: AsyncDisposable[] = [];
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each[Symbol.asyncDispose]();
});

async function redisServer(): Promise<{ current: RedisServer; restart(): Promise<void> }> {
  const server = {
    current: await startRedis(),
    async restart() {
      await server.current.stop();
      server.current = await startRedis(server.current.port);
    },
    [Symbol.asyncDispose]: () => server.current.stop(),
  };
  open.push(server);
  return server;
}

async function replica(url: string, options: Partial<RedisStateOptions> = {}): Promise<SharedState> {
  const state = await openRedisState(url, {
    mode: 'enforce',
    clock: () => NOW,
    onFailure: () => {},
    onChange: () => {},
    ...options,
  });
  open.push(state);
  return state;
}

/** The IDs of the decisions that a replica lists, after it has caught up. */
async function idsIn(state: SharedState): Promise<readonly string[]> {
  return (await state.recorded()).list().map(({ id }) => id);
}

/** Once the replicas have noticed that Redis was away and is back. */
const returned = (...states: readonly SharedState[]) =>
  expect
    .poll(
      async () => {
        for (const state of states) await state.recorded();
        return states.flatMap((state) => state.problems());
      },
      { timeout: 10_000 },
    )
    .toEqual([]);

describe.skipIf(!hasRedis)('the state of replicas in Redis (skips without redis-server)', () => {
  it('has the decisions of every replica in every replica, in one order with the same numbers', async () => {
    const { current } = await redisServer();
    const [one, other] = [await replica(current.url), await replica(current.url)];
    await Promise.all(
      Array.from({ length: 1200 }, (_, index) =>
        (index % 2 === 0 ? one : other).log.append(record(`${index}`)),
      ),
    );

    const ids = await idsIn(one);
    expect(new Set(ids).size).toBe(1200);
    expect(await idsIn(other)).toEqual(ids);
    expect(one.instance).toBe(other.instance);
    expect(one.decisions.at(700)).toEqual(other.decisions.at(700));
    const late = await replica(current.url);
    expect(await idsIn(late)).toEqual(ids);
    expect(late.decisions.newest).toBe(1200);
  });

  it('notifies listeners of decisions of another replica', async () => {
    const { current } = await redisServer();
    const [one, other] = [await replica(current.url), await replica(current.url)];
    const seen = new Promise<void>((resolve) => void other.decisions.onChange(resolve));
    await one.log.append(record('a'));

    await seen;
    expect(other.decisions.list()).toHaveLength(1);
  });

  it('deletes decisions in all replicas, and continues their sequence', async () => {
    const { current } = await redisServer();
    const [one, other] = [await replica(current.url), await replica(current.url)];
    await one.log.append(record('a'));
    await other.log.append(record('b'));
    await one.clear();
    await other.log.append(record('c'));

    expect(await idsIn(one)).toEqual(['c']);
    expect(await idsIn(other)).toEqual(['c']);
    expect(other.decisions.newest).toBe(3);
    expect((await replica(current.url)).decisions.oldest).toBe(3);
  });

  it('has one mode, also for a replica that starts later', async () => {
    const { current } = await redisServer();
    const [one, other] = [await replica(current.url), await replica(current.url)];
    await one.setMode('audit');

    expect(one.mode).toBe('audit');
    await expect.poll(() => other.mode, { timeout: 10_000 }).toBe('audit');
    expect((await replica(current.url)).mode).toBe('audit');
  });

  it('accepts a one-time code at one replica only, and none that is older', async () => {
    const { current } = await redisServer();
    const states = [await replica(current.url), await replica(current.url)];
    const claims = await Promise.all(
      Array.from({ length: 20 }, (_, index) => states[index % 2]?.claimCode('mfa/alice', STEP)),
    );

    expect(claims.filter(Boolean)).toHaveLength(1);
    expect(await states[0]?.claimCode('mfa/alice', STEP - 1)).toBe(false);
    expect(await states[0]?.claimCode('mfa/bob', STEP)).toBe(true);
  });

  it('fails to start where Redis cannot be reached', async () => {
    await expect(replica('redis://127.0.0.1:1')).rejects.toThrow('ECONNREFUSED');
  });

  it('records at once and keeps records while Redis is away, and reports that', async () => {
    const redis = await redisServer();
    const state = await replica(redis.current.url);
    await state.log.append(record('before'));
    await state.recorded();
    await redis.current.stop();
    await state.log.append(record('meanwhile'));
    await state.log.append(record('later'));

    expect(await idsIn(state)).toEqual(['before', 'meanwhile', 'later']);
    const where = `state: redis://127.0.0.1:${redis.current.port} cannot be used: `;
    expect(state.problems()).toMatchObject([{ rule: 'unavailable-state', severity: 'error' }]);
    expect(state.problems()[0]?.message).toContain(where);
    expect(state.problems()[0]?.message).toContain('2 decisions are kept here');
    await expect(state.setMode('audit')).rejects.toThrow(where);
    await expect(state.claimCode('mfa/alice', STEP)).rejects.toThrow(where);
    expect(state.mode).toBe('enforce');
  });

  it('reports once that Redis is away, and that it is back with the decisions that were kept', async () => {
    const redis = await redisServer();
    const changes: string[] = [];
    const state = await replica(redis.current.url, { onChange: (message) => changes.push(message) });
    expect(changes).toEqual([]);
    await redis.current.stop();
    for (const id of ['a', 'b']) await state.log.append(record(id));
    await state.recorded();
    expect(changes).toEqual([
      expect.stringMatching(
        /^state: redis:.* cannot be used: .*; decisions are kept here until Redis is back$/,
      ),
    ]);
    await redis.restart();
    await returned(state);
    expect(changes.slice(1)).toEqual(['state: Redis is back, and has the decisions that were kept here']);
  });

  it('goes on where the observer of an absence throws', async () => {
    const redis = await redisServer();
    const state = await replica(redis.current.url, {
      onChange: () => {
        throw new Error('observer');
      },
    });
    await redis.current.stop();
    await state.log.append(record('a'));
    await state.recorded();
    await redis.restart();
    await returned(state);
    expect(await idsIn(state)).toEqual(['a']);
  });

  it('delivers what every replica answered, those that ended too, to a Redis that lost its data', async () => {
    const redis = await redisServer();
    const [one, other, ended] = [
      await replica(redis.current.url),
      await replica(redis.current.url),
      await openRedisState(redis.current.url, {
        mode: 'enforce',
        clock: () => NOW,
        onFailure: () => {},
        onChange: () => {},
      }),
    ];
    await ended.log.append(record('of one that ended'));
    await one.setMode('audit');
    await idsIn(one);
    await expect.poll(() => other.mode, { timeout: 10_000 }).toBe('audit');
    await ended[Symbol.asyncDispose]();
    await redis.current.stop();
    await one.log.append(record('a'));
    await other.log.append(record('b'));
    redis.current = await startRedis(redis.current.port);
    await returned(one, other);

    const ids = await idsIn(one);
    expect([...ids].sort()).toEqual(['a', 'b', 'of one that ended']);
    expect(await idsIn(other)).toEqual(ids);
    const late = await replica(redis.current.url);
    expect(await idsIn(late)).toEqual(ids);
    expect(late.mode).toBe('audit');
  });

  it('loses nothing that was answered while Redis is killed and started again under load', async () => {
    const redis = await redisServer();
    const states = [await replica(redis.current.url), await replica(redis.current.url)];
    const answered: string[] = [];
    let isOver = false;
    const load = states.map(async (state, own) => {
      for (let index = 0; !isOver; index += 1) {
        const ids = Array.from({ length: 5 }, (_, each) => `${own}-${index}-${each}`);
        await Promise.all(ids.map((id) => state.log.append(record(id))));
        answered.push(...ids);
        await new Promise((resolve) => setImmediate(resolve));
        if (answered.length > 9_000) break;
      }
    });
    for (let round = 0; round < 3; round += 1) {
      const before = answered.length;
      await expect
        .poll(() => answered.length > before + 50 || answered.length > 9_000, { timeout: 10_000 })
        .toBe(true);
      await redis.restart();
    }
    isOver = true;
    await Promise.all(load);
    await returned(...states);

    for (const state of states) {
      const ids = await idsIn(state);
      expect(new Set(ids).size).toBe(ids.length);
      expect(answered.filter((id) => !ids.includes(id))).toEqual([]);
    }
  }, 30_000);

  it('refuses the codes of the last moments after Redis lost which were used', async () => {
    const redis = await redisServer();
    const [one, other] = [await replica(redis.current.url), await replica(redis.current.url)];
    expect(await one.claimCode('mfa/alice', STEP)).toBe(true);
    await redis.restart();
    await returned(one, other);

    expect(await other.claimCode('mfa/alice', STEP)).toBe(false);
    expect(await (await replica(redis.current.url)).claimCode('mfa/alice', STEP)).toBe(false);
    expect(await other.claimCode('mfa/alice', STEP + 2)).toBe(true);
  });

  it('keeps as many decisions for Redis as the stream holds, the newest', async () => {
    const redis = await redisServer();
    const state = await replica(redis.current.url);
    await redis.current.stop();
    for (let index = 0; index < 10_050; index += 1) await state.log.append(record(`${index}`));
    redis.current = await startRedis(redis.current.port);
    await returned(state);

    const ids = await idsIn(await replica(redis.current.url));
    expect(ids).toHaveLength(10_000);
    expect(ids[0]).toBe('50');
  }, 30_000);

  it('goes on where Redis is connected and does not reply', async () => {
    const { current } = await redisServer();
    const state = await replica(current.url);
    current.pause();
    await state.log.append(record('a'));
    expect(state.problems()).toMatchObject([{ rule: 'unavailable-state' }]);
    current.resume();
    await returned(state);

    expect(await idsIn(await replica(current.url))).toEqual(['a']);
  }, 20_000);

  it('does not bring back what was cleared while a replica was cut off, only what it decided itself', async () => {
    const { current } = await redisServer();
    const relay = await RedisRelay.to(current.port);
    open.push(relay);
    const [one, other] = [await replica(current.url), await replica(relay.url)];
    await one.log.append(record('cleared'));
    expect(await idsIn(other)).toEqual(['cleared']);
    await relay.cut();
    await other.log.append(record('cut off'));
    await one.clear();
    await one.log.append(record('after'));
    await relay.restore();
    await returned(other);

    expect(await idsIn(other)).toEqual(['after', 'cut off']);
    expect(await idsIn(one)).toEqual(['after', 'cut off']);
  });

  it('reports how many decisions are lost where a replica ends before Redis is back', async () => {
    const redis = await redisServer();
    const failures: unknown[] = [];
    const state = await openRedisState(redis.current.url, {
      mode: 'enforce',
      clock: () => NOW,
      onFailure: (cause) => failures.push(cause),
      onChange: () => {},
    });
    await redis.current.stop();
    await state.log.append(record('a'));
    await state[Symbol.asyncDispose]();

    expect(String(failures[0])).toContain('1 decisions are lost: state: redis://');
  });

  it('fails a request whose decision cannot be written to the file of the replica', async () => {
    const { current } = await redisServer();
    const state = await replica(current.url, {
      sink: {
        append: () => Promise.reject(new Error('the disk is full')),
        problem: 'the disk is full',
        close: async () => {},
      },
    });

    await expect(state.log.append(record('a'))).rejects.toThrow('the disk is full');
    expect(state.problems()).toMatchObject([{ rule: 'unwritable' }]);
  });
});
