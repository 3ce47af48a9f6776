import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { memoryStore } from '../../../src/services/personalize/store/memory.ts';
import { SortedKeys } from '../../../src/services/personalize/store/sorted-keys.ts';
import { sqliteStore } from '../../../src/services/personalize/store/sqlite.ts';
import { stubClient } from './stub-client.ts';

const folder = mkdtempSync(join(tmpdir(), 'stub-store-'));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
const newFile = () => join(folder, `${++files}.db`);

const STORES = { memory: memoryStore, sqlite: () => sqliteStore(newFile()) };

describe.each(Object.entries(STORES))('a store in %s', (_, create) => {
  const filled = async (...keys: readonly string[]) => {
    const store = create();
    await store.transact((state) => {
      for (const key of keys) state.put(key, { key });
    });
    return store;
  };
  const keysOf = (store: ReturnType<typeof create>, prefix: string, after?: string) =>
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

  it('passes on what the work gives or throws', async () => {
    const store = create();

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
    const { call, stub } = stubClient({ store: create() });
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
