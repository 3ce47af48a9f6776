import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { memoryStore } from '../../../src/services/personalize/store/memory.ts';
import { redisStore } from '../../../src/services/personalize/store/redis.ts';
import type { ResourceStore } from '../../../src/services/personalize/store/resource-store.ts';
import { SortedKeys } from '../../../src/services/personalize/store/sorted-keys.ts';
import { sqliteStore } from '../../../src/services/personalize/store/sqlite.ts';
import { hasRedis, type RedisServer, startRedis } from './redis-server.ts';
import { stubClient } from './stub-client.ts';

let folder = '';
let redis: RedisServer | undefined;

// Not while the file is loaded: where its tests are left out, nothing would be removed.
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'stub-store-'));
  if (hasRedis) redis = await startRedis();
});

afterAll(async () => {
  rmSync(folder, { recursive: true });
  await redis?.stop();
});

let files = 0;
const newFile = () => join(folder, `${++files}.db`);

const STORES = {
  memory: memoryStore,
  sqlite: () => sqliteStore(newFile()),
  'redis (skips where redis-server is not on the PATH)': () => emptyRedis(),
};

async function emptyRedis() {
  const store = await redisStore(redis?.url ?? '');
  await store.clear();
  return store;
}

describe.each(Object.entries(STORES))('a store in %s', (name, create) => {
  const it = name.startsWith('redis') && !hasRedis ? test.skip : test;
  const filled = async (...keys: readonly string[]) => {
    const store = await create();
    await store.transact((state) => {
      for (const key of keys) state.put(key, { key });
    });
    return store;
  };
  const keysOf = (store: ResourceStore, prefix: string, after?: string) =>
    store.read((state) => Array.from(state.scan(prefix, after), ([key]) => key));

  it('gives back what was put last', async () => {
    const store = await filled('a');
    await store.transact((state) => state.put('a', { list: [1, 'two', null], deep: { own: true } }));

    expect(store.read((state) => state.get('a'))).toEqual({ list: [1, 'two', null], deep: { own: true } });
    expect(store.read((state) => state.get('b'))).toBeUndefined();
    await store.close();
  });

  it('scans the keys of a prefix in order, from after a key on', async () => {
    const store = await filled('list b 2', 'list a 9', 'list b 10', 'list b', 'list b 1', 'list c 0');

    expect(keysOf(store, 'list b ')).toEqual(['list b 1', 'list b 10', 'list b 2']);
    expect(keysOf(store, 'list b ', 'list b 1')).toEqual(['list b 10', 'list b 2']);
    expect(keysOf(store, 'list b ', 'list b 11')).toEqual(['list b 2']);
    await store.close();
  });

  it('scans more than one page of keys', async () => {
    const keys = Array.from({ length: 3000 }, (_key, index) => `k ${String(index).padStart(4, '0')}`);
    const store = await filled(...keys.toReversed());

    expect(keysOf(store, 'k ')).toEqual(keys);
    await store.close();
  });

  it('forgets what was deleted, and on clear everything', async () => {
    const store = await filled('a 1', 'a 2', 'a 3');
    await store.transact((state) => state.delete('a 2'));
    expect(keysOf(store, 'a ')).toEqual(['a 1', 'a 3']);

    await store.clear();
    expect(keysOf(store, '')).toEqual([]);
    await store.close();
  });

  it('clears and fills as one', async () => {
    const store = await filled('a 1', 'a 2');
    await store.clear((state) => {
      expect([...state.scan('')]).toEqual([]);
      state.put('a 3', 3);
    });

    expect(keysOf(store, '')).toEqual(['a 3']);
    await store.close();
  });

  it('shows a transaction its own writes, in order among the others', async () => {
    const store = await filled('a 1', 'a 3', 'a 5', 'a 7');
    const seen = await store.transact((state) => {
      state.put('a 0', 0);
      state.put('a 3', 'changed');
      state.put('a 4', 4);
      state.delete('a 5');
      state.put('a 9', 9);
      state.delete('a 9');
      state.put('a 8', 8);
      return [...state.scan('a ', 'a 0')];
    });

    expect(seen).toEqual([
      ['a 1', { key: 'a 1' }],
      ['a 3', 'changed'],
      ['a 4', 4],
      ['a 7', { key: 'a 7' }],
      ['a 8', 8],
    ]);
    expect(store.read((state) => state.get('a 5'))).toBeUndefined();
    await store.close();
  });

  it('passes on what the work gives or throws', async () => {
    const store = await create();

    await expect(store.transact(() => 42)).resolves.toBe(42);
    await expect(
      store.transact(() => {
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    await expect(store.transact(() => 43)).resolves.toBe(43);
    await store.close();
  });

  it('keeps the resources of a stub', async () => {
    const { call, stub } = stubClient({ store: await create() });
    for (const name of ['a', 'b', 'c']) await call('CreateDatasetGroup', { name });
    const { nextToken } = await call('ListDatasetGroups', { maxResults: 2 });

    expect((await call('ListDatasetGroups', { nextToken })).datasetGroups).toMatchObject([{ name: 'c' }]);
    await stub.reset();
    expect(await call('ListDatasetGroups')).toEqual({ datasetGroups: [] });
    await stub.close();
  });
});

describe('a store in sqlite', () => {
  it('undoes a transaction that throws', async () => {
    const store = sqliteStore(newFile());
    const failing = store.transact((state) => {
      state.put('a', 1);
      throw new Error('no');
    });

    await expect(failing).rejects.toThrow('no');
    expect(store.read((state) => state.get('a'))).toBeUndefined();
    await store.close();
  });

  it('is there again after a process that did not close it', async () => {
    const file = newFile();
    const first = stubClient({ store: sqliteStore(file) });
    await first.call('CreateDatasetGroup', { name: 'shop' });

    const second = stubClient({ store: sqliteStore(file) });
    expect((await second.call('ListDatasetGroups')).datasetGroups).toMatchObject([{ name: 'shop' }]);
    await first.stub.close();
    await second.stub.close();
  });
});

/** Creates dataset groups, a line of output for each that was answered, until it is killed. */
const ENDLESS_WRITER = `
  import { sqliteStore } from '../../../src/services/personalize/store/sqlite.ts';
  import { stubClient } from './stub-client.ts';
  const { call } = stubClient({ store: sqliteStore(process.argv[1]) });
  for (let index = 0; ; index++) {
    await call('CreateDatasetGroup', { name: 'group-' + index });
    process.stdout.write(index + '\\n');
  }
`;

describe('a store in sqlite, in a process that is killed', () => {
  it('has everything that was answered', async () => {
    const file = newFile();
    const writer = spawn(process.execPath, ['--input-type=module', '--eval', ENDLESS_WRITER, file], {
      cwd: import.meta.dirname,
    });
    let answered = 0;
    for await (const chunk of writer.stdout) {
      answered += String(chunk).split('\n').length - 1;
      if (answered >= 200) break;
    }
    const exit = once(writer, 'exit');
    writer.kill('SIGKILL');
    await exit;

    const { call, stub } = stubClient({ store: sqliteStore(file) });
    let created = 0;
    for (let nextToken: string | undefined; ; ) {
      const page = await call('ListDatasetGroups', nextToken === undefined ? {} : { nextToken });
      created += page.datasetGroups.length;
      nextToken = page.nextToken;
      if (nextToken === undefined) break;
    }
    expect(created).toBeGreaterThanOrEqual(answered);
    await stub.close();
  });
});

describe.skipIf(!hasRedis)('two stores in one redis (skips without redis-server)', () => {
  it('share one state', async () => {
    const one = stubClient({ store: await emptyRedis() });
    const other = stubClient({ store: await redisStore(redis?.url ?? '') });
    await one.call('CreateDatasetGroup', { name: 'shop', tags: [{ tagKey: 'team', tagValue: 'ml' }] });

    const { datasetGroups } = await other.call('ListDatasetGroups');
    expect(datasetGroups).toMatchObject([{ name: 'shop' }]);
    expect(other.stub.tagsOf(datasetGroups[0].datasetGroupArn)).toEqual({ team: 'ml' });
    expect(await other.refusal('CreateDatasetGroup', { name: 'shop' })).toMatchObject({
      code: 'ResourceAlreadyExistsException',
    });
    await one.stub.close();
    await other.stub.close();
  });

  it('lose no write where both write at once', async () => {
    const stores = [await emptyRedis(), await redisStore(redis?.url ?? '')];
    const add = (store: ResourceStore) =>
      store.transact((state) => state.put('count', ((state.get('count') as number | undefined) ?? 0) + 1));
    await Promise.all(Array.from({ length: 100 }, () => stores.map(add)).flat());

    for (const store of stores) {
      expect(await store.transact((state) => state.get('count'))).toBe(200);
      await store.close();
    }
  });

  it('catch up by themselves with what the other wrote and cleared', async () => {
    const [one, other] = [await emptyRedis(), await redisStore(redis?.url ?? '')];
    const seen = () => other.read((state) => state.get('a'));
    await one.transact((state) => state.put('a', 1));
    await expect.poll(seen).toBe(1);

    await one.clear();
    await expect.poll(seen).toBeUndefined();
    await one.close();
    await other.close();
  });

  it('read everything anew where the log does not reach back to what they know', async () => {
    const one = await emptyRedis();
    for (let index = 0; index < 1100; index++) await one.transact((state) => state.put(`k ${index}`, index));
    await one.transact((state) => state.delete('k 0'));
    const late = await redisStore(redis?.url ?? '');

    expect(late.read((state) => [...state.scan('k ')].length)).toBe(1099);
    await one.close();
    await late.close();
  });

  it('fail a call while redis is away', async () => {
    const away = await startRedis();
    const store = await redisStore(away.url);
    await away.stop();

    await expect(store.transact((state) => state.put('a', 1))).rejects.toThrow();
    await store.close();
  });

  it('are refused where no server listens', async () => {
    await expect(redisStore('redis://127.0.0.1:1')).rejects.toThrow();
  });
});

describe('sorted keys', () => {
  it('stay sorted through many inserts and deletes anywhere', () => {
    const keys = new SortedKeys();
    const wanted = new Set<string>();
    for (let index = 0; index < 20_000; index++) {
      const key = String((index * 7919) % 10_007);
      if (index % 3 === 2) {
        keys.delete(key);
        wanted.delete(key);
      } else {
        keys.add(key);
        wanted.add(key);
      }
    }

    expect([...keys.startingAt('')]).toEqual([...wanted].sort());
    expect(keys.startingAt('5').next().value).toBe([...wanted].sort().find((key) => key >= '5'));
  });
});
