import { describe, expect, it } from 'vitest';
import { inSlices } from '../../../src/admin/in-slices.ts';

/** Keeps the thread busy for longer than a slice. */
function work(): void {
  const end = performance.now() + 6;
  while (performance.now() < end);
}

describe('work in slices', () => {
  it('lets what else there is to do run in between', async () => {
    const order: string[] = [];
    setImmediate(() => order.push('request'));
    await inSlices(['first', 'second'], (item) => {
      work();
      order.push(item);
    });
    expect(order).toEqual(['first', 'request', 'second']);
  });

  it('reports how many items are done after each slice', async () => {
    const done: number[] = [];
    await inSlices([1, 2, 3], work, (count) => void done.push(count));
    expect(done).toEqual([1, 2, 3]);
  });
});
