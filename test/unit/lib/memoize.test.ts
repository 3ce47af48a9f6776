import { expect, it, vi } from 'vitest';
import { memoize, memoizeFor } from '../../../src/lib/memoize.ts';

it('a result is computed once for an argument, undefined included', () => {
  const make = vi.fn((key: string) => (key === 'none' ? undefined : key.length));
  const length = memoize(10, make);
  expect([length('ab'), length('ab'), length('none'), length('none')]).toEqual([2, 2, undefined, undefined]);
  expect(make).toHaveBeenCalledTimes(2);
});

it('more arguments than allowed are forgotten, and computed again', () => {
  const make = vi.fn((key: string) => key.length);
  const length = memoize(2, make);
  for (const key of ['a', 'bb', 'ccc', 'ccc', 'a']) length(key);
  expect(make.mock.calls.flat()).toEqual(['a', 'bb', 'ccc', 'a']);
});

it('a result for an object is computed once for that object', () => {
  const make = vi.fn(({ n }: { readonly n: number }) => n);
  const numberOf = memoizeFor(make);
  const [one, same] = [{ n: 1 }, { n: 1 }];
  expect([numberOf(one), numberOf(one), numberOf(same)]).toEqual([1, 1, 1]);
  expect(make).toHaveBeenCalledTimes(2);
});
