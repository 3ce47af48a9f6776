import { expect, it, vi } from 'vitest';
import { memoize, memoizeFor, memoizeText } from '../../../src/lib/memoize.ts';

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

it('a result for a text is computed once, undefined included, for a long one each time', () => {
  const make = vi.fn((text: string) => (text === 'none' ? undefined : text.length));
  const length = memoizeText(make);
  expect([length('ab'), length('ab'), length('none'), length('none')]).toEqual([2, 2, undefined, undefined]);
  expect(make).toHaveBeenCalledTimes(2);
  const long = 'x'.repeat(600);
  expect([length(long), length(long)]).toEqual([600, 600]);
  expect(make).toHaveBeenCalledTimes(4);
});

it('a text that is not well-formed is not taken for the one that it is copied as', () => {
  const same = memoizeText((text) => text);
  expect([same('\ufffd'), same('\ud800'), same('\ud800')]).toEqual(['\ufffd', '\ud800', '\ud800']);
});
