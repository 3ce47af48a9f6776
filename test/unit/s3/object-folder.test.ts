import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openObjectFolder } from '../../../src/services/s3/object-folder.ts';
import { keyOfPath, pathOfKey } from '../../../src/services/s3/object-path.ts';
import type { ObjectStore } from '../../../src/services/s3/object-store.ts';

const NOON = Date.parse('2026-11-24T12:00:00Z');
const CSV = { body: Buffer.from('USER_ID,ITEM_ID\n1,2\n'), headers: { 'content-type': 'text/csv' } };
const CSV_MD5 = 'd786fbf15b7425987b15eb3be914b6b7';

let folder: string;
let store: ObjectStore;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'authz-objects-'));
  store = openObjectFolder({ folder, clock: () => NOON });
});
afterEach(() => rm(folder, { recursive: true }));

const keysOf = async (bucket: string): Promise<readonly string[] | undefined> =>
  (await store.list(bucket))?.map(({ key }) => key);

describe('a folder of objects', () => {
  it('gives back what was written, with its headers, size, time and MD5', async () => {
    await store.write('personalize-shop', 'in/interactions.csv', CSV);
    expect(await store.read('personalize-shop', 'in/interactions.csv')).toEqual({
      key: 'in/interactions.csv',
      size: 20,
      etag: CSV_MD5,
      modifiedAt: NOON,
      headers: { 'content-type': 'text/csv' },
      body: CSV.body,
    });
  });

  it('keeps an object as the file that its bucket and key name', async () => {
    await store.write('personalize-shop', 'in/interactions.csv', CSV);
    expect(await readFile(join(folder, 'personalize-shop/in/interactions.csv'), 'utf8')).toContain('USER_ID');
  });

  it('has a file that a person put there, and sees that one was edited', async () => {
    await store.write('personalize-shop', 'a.csv', CSV);
    await writeFile(join(folder, 'personalize-shop/a.csv'), 'edited');
    await writeFile(join(folder, 'personalize-shop/b.csv'), 'own');
    expect(await store.read('personalize-shop', 'a.csv')).toMatchObject({
      body: Buffer.from('edited'),
      etag: '683dc5278b1fbbd98a996cecc3ffd06a',
      headers: { 'content-type': 'binary/octet-stream' },
    });
    expect(await keysOf('personalize-shop')).toEqual(['a.csv', 'b.csv']);
  });

  it('has no object and no bucket that was not created', async () => {
    expect(await store.read('missing', 'a')).toBeUndefined();
    expect(await store.list('missing')).toBeUndefined();
    await store.createBucket('empty');
    expect(await store.list('empty')).toEqual([]);
    expect((await store.buckets()).map(({ name }) => name)).toEqual(['empty']);
  });

  it('forgets what is removed, once and again', async () => {
    await store.write('b-1', 'a', CSV);
    await store.remove('b-1', 'a');
    await store.remove('b-1', 'a');
    expect(await keysOf('b-1')).toEqual([]);
  });

  it.each([
    ['an object that is also a folder of others', ['a/b/c', 'a/b', 'a', 'a/']],
    ['objects that become folders later', ['x', 'x/y', 'x/y/z', 'x/']],
    [
      'dots, doubled slashes and odd characters',
      ['../up', '..', './a', 'a//b', '/a', 'a%2Fb', 'é\n', '100%'],
    ],
  ])('keeps %s apart', async (_, keys) => {
    for (const key of keys)
      await store.write('b-1', key, {
        body: Buffer.from(key),
        headers: { 'x-amz-meta-k': encodeURIComponent(key) },
      });
    const found = await Promise.all(keys.map(async (key) => store.read('b-1', key)));
    expect(found.map((object) => object?.body.toString())).toEqual(keys);
    expect(found.map((object) => object?.headers['x-amz-meta-k'])).toEqual(keys.map(encodeURIComponent));
    expect(await keysOf('b-1')).toEqual([...keys].sort());
  });

  it.each([
    ['one segment', 'k'.repeat(1024)],
    ['characters of several bytes', '\u{1f600}'.repeat(256)],
    ['characters that are escaped', '%'.repeat(1024)],
    ['a file beside it and a folder below it', `${'k'.repeat(500)}/${'l'.repeat(500)}`],
    ['slashes only', '/'.repeat(1024)],
  ])('keeps a key of 1,024 bytes: %s', async (_, key) => {
    const keys = [key, key.slice(0, key.length / 2), key.slice(0, 240)];
    for (const each of keys) await store.write('b-1', each, { body: Buffer.from(each), headers: {} });
    expect(await keysOf('b-1')).toEqual([...new Set(keys)].sort());
    for (const each of keys) expect((await store.read('b-1', each))?.body.toString()).toBe(each);
    await store.remove('b-1', key);
    expect(await store.read('b-1', key)).toBeUndefined();
  });

  it('removes a bucket only when it is empty', async () => {
    await store.write('b-1', 'a/b', CSV);
    expect(await store.removeBucket('b-1')).toBe(false);
    await store.remove('b-1', 'a/b');
    expect(await store.removeBucket('b-1')).toBe(true);
    expect(await store.hasBucket('b-1')).toBe(false);
  });

  it('does calls at the same time as if they came one after the other', async () => {
    const bodies = Array.from({ length: 20 }, (_, index) => Buffer.from(String(index)));
    await Promise.all(
      bodies.map((body) => store.write('b-1', 'k', { body, headers: { 'x-amz-meta-n': body.toString() } })),
    );
    const last = await store.read('b-1', 'k');
    expect(last?.headers['x-amz-meta-n']).toBe(last?.body.toString());
  });

  it('is a temporary one without a folder, and gone when it is closed', async () => {
    const temporary = openObjectFolder({ folder: null, clock: () => NOON });
    await temporary.write('b-1', 'a', CSV);
    expect(await temporary.read('b-1', 'a')).toMatchObject({ size: 20 });
    await temporary.close();
    expect(await temporary.read('b-1', 'a')).toBeUndefined();
    await temporary.close();
  });
});

describe('the path of a key', () => {
  it('stays below its bucket and leads back to the key, whatever that is', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.constantFrom('', '.', '..', '%', '%-', '%object', 'a'),
            fc.string({ unit: 'grapheme', maxLength: 20 }),
            fc.string({ unit: 'grapheme', minLength: 100, maxLength: 300 }),
          ),
          { minLength: 1, maxLength: 5 },
        ),
        (segments) => {
          const key = segments.join('/');
          const path = pathOfKey(key);
          expect(path.split('/').every((name) => Buffer.byteLength(name) <= 243)).toBe(true);
          expect(join('/bucket', path).startsWith('/bucket/')).toBe(true);
          expect(keyOfPath(path)).toBe(key);
        },
      ),
    );
  });
});
