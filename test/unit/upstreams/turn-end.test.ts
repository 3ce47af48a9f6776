import { setImmediate as immediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { turnEnd } from '../../../src/upstreams/turn-end.ts';

describe('the end of a turn', () => {
  it('comes for all who wait directly after one another, after what the turn still does', async () => {
    const order: string[] = [];
    const send = async (name: string): Promise<void> => {
      await turnEnd();
      order.push(`send ${name}`);
    };
    const first = send('first');
    order.push('handle second');
    const second = send('second');
    process.nextTick(() => order.push('next tick'));
    await Promise.resolve();
    const third = send('third');
    await Promise.all([first, second, third]);
    expect(order).toEqual(['handle second', 'next tick', 'send first', 'send second', 'send third']);
  });

  it('comes again in the next turn', async () => {
    await turnEnd();
    const again = turnEnd();
    await immediate();
    expect(await again).toBeUndefined();
    expect(turnEnd()).not.toBe(again);
  });

  it('reaches the others when one of them throws', async () => {
    const failing = turnEnd().then(() => Promise.reject(new Error('not sent')));
    await expect(Promise.allSettled([failing, turnEnd()])).resolves.toMatchObject([
      { status: 'rejected' },
      { status: 'fulfilled' },
    ]);
  });
});
