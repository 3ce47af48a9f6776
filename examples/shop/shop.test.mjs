import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { openShop, recommend, remember } from './shop.mjs';

const USERS = ['ann', 'ben', 'cem', 'dia'];
const ITEMS = ['bag', 'cup', 'fan', 'hat', 'key', 'pen'];
/** Every visitor has looked at every item. */
const VIEWS = [
  'USER_ID,ITEM_ID,TIMESTAMP',
  ...USERS.flatMap((user) => ITEMS.map((item) => `${user},${item},1790000000`)),
].join('\n');

let shop;
before(async () => {
  shop = await openShop({
    name: 'shop',
    importRoleArn: 'arn:aws:iam::123456789012:role/personalize-import',
    bucket: 'personalize-shop-data',
    interactions: VIEWS,
  });
});

test('shows a visitor what they may like', async () => {
  assert.equal((await recommend(shop, 'ann')).length, 5);
});

test('remembers what a visitor looked at', async () => {
  await remember(shop, 'ann', 'cup');
});
