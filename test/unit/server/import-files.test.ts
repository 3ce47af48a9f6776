import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { importFilesIn } from '../../../src/services/personalize/import-files.ts';
import { openObjectFolder } from '../../../src/services/s3/object-folder.ts';

const home = mkdtempSync(join(tmpdir(), 'authz-import-'));
afterAll(() => rmSync(home, { recursive: true }));
const folder = join(home, 'objects');
for (const [path, text] of Object.entries({
  'secret.csv': 'nobody reads this',
  'objects/shop/in/1.csv': 'one',
  'objects/shop/in/deep/2.csv': 'two',
  'objects/shop/in.csv': 'beside',
})) {
  mkdirSync(join(home, path, '..'), { recursive: true });
  writeFileSync(join(home, path), text);
}
const read = importFilesIn(openObjectFolder({ folder, clock: () => 0 }));
const texts = async (location: string) =>
  (await read(location))?.map(({ key, body }) => `${key}: ${Buffer.from(body)}`);

it.each([
  ['s3://shop/in.csv', ['in.csv: beside']],
  ['s3://shop/in/', ['in/1.csv: one', 'in/deep/2.csv: two']],
  ['s3://shop', ['in.csv: beside', 'in/1.csv: one', 'in/deep/2.csv: two']],
  ['s3://shop/none.csv', []],
  ['s3://shop/none/', []],
])('reads %s', async (location, wanted) => {
  expect(await texts(location)).toEqual(wanted);
});

it.each([
  's3://another/in.csv',
  's3://..',
  's3://../secret.csv',
  's3://./shop/in.csv',
  's3://',
  'shop/in.csv',
  '/',
])('knows nothing of %s', async (location) => {
  expect(await texts(location)).toBeUndefined();
});

it.each(['s3://shop/../../secret.csv', 's3://shop/../'])(
  'does not leave the bucket for %s',
  async (location) => {
    expect(await texts(location)).toEqual([]);
  },
);
