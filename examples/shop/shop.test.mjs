import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { openShop, recommend, remember } from './shop.mjs';

let shop;
before(async () => {
  shop = await openShop({
    name: 'shop',
    importRoleArn: 'arn:aws:iam::123456789012:role/personalize-import',
    interactions: 's3://personalize-shop-data/interactions.csv',
  });
});

test('shows a visitor what they may like', async () => {
  assert.equal((await recommend(shop, 'ann')).length, 5);
});

test('remembers what a visitor looked at', async () => {
  await remember(shop, 'ann', 'item-1');
});
