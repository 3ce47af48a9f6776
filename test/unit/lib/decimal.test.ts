import { expect, it } from 'vitest';
import { compareDecimals, parseDecimal } from '../../../src/lib/decimal.ts';

const order = (one: string, other: string): number | undefined => {
  const [left, right] = [parseDecimal(one), parseDecimal(other)];
  return left && right && Math.sign(compareDecimals(left, right));
};

it.each([
  ['1', '01', 0],
  ['1', '+1.', 0],
  ['1', '1e0', 0],
  ['0.1', '.10', 0],
  ['0', '-0.000', 0],
  ['120', '1.2E2', 0],
  ['9007199254740992', '9007199254740993', -1],
  ['-9007199254740992', '-9007199254740993', 1],
  ['12', '123', -1],
  ['2', '12', -1],
  ['-1', '0', -1],
  ['1e2000000000', '1e-2000000000', 1],
])('%s is to %s as %i is to zero', (one, other, sign) => {
  expect(order(one, other)).toBe(sign);
  expect(order(other, one)).toBe(sign === 0 ? 0 : -sign);
});

it.each(['', '.', '+', 'NaN', 'Infinity', '0x7', '1 ', '1,0', 'e5', '1e', '1e9999999999'])(
  'rejects %j',
  (text) => {
    expect(parseDecimal(text)).toBeUndefined();
  },
);
