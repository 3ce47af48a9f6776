import { expect, it } from 'vitest';
import { Recent } from '../../../src/lib/recent.ts';

it('the values that were used last are kept, and never twice as many as asked for', () => {
  const recent = new Recent<number, string>(10);
  for (let key = 0; key < 1000; key += 1) {
    recent.set(key, `value ${key}`);
    // Used all the time, and therefore never forgotten.
    expect(recent.get(0)).toBe('value 0');
    for (let kept = Math.max(0, key - 4); kept <= key; kept += 1)
      expect(recent.get(kept)).toBe(`value ${kept}`);
  }
  const known = Array.from({ length: 1000 }, (_, key) => recent.get(key)).filter(
    (value) => value !== undefined,
  );
  expect(known.length).toBeLessThanOrEqual(20);
});

it('the last value of a key counts', () => {
  const recent = new Recent<string, number>(2);
  recent.set('a', 1);
  recent.set('a', 2);
  expect([recent.get('a'), recent.get('b')]).toEqual([2, undefined]);
});
