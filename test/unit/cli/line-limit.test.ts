import { expect, it } from 'vitest';
import { LineLimit } from '../../../src/cli/line-limit.ts';

function open() {
  const lines: string[] = [];
  const callbacks: (() => void)[] = [];
  const later = (callback: () => void): void => void callbacks.push(callback);
  const limit = new LineLimit({ write: (line) => lines.push(line), later });
  const endSecond = (): void => {
    for (const callback of callbacks.splice(0)) callback();
  };
  return { lines, limit, endSecond };
}

it('writes every line while there are few', () => {
  const { lines, limit, endSecond } = open();
  for (let second = 0; second < 3; second += 1) {
    for (let count = 0; count < 20; count += 1) limit.print('rejected', () => `${second} ${count}`);
    endSecond();
  }
  expect(lines).toHaveLength(60);
});

it('counts by outcome what comes on top within a second, and writes one line for it', () => {
  const { lines, limit, endSecond } = open();
  for (let count = 0; count < 1_000; count += 1) limit.print('rejected', () => 'a');
  limit.print('denied', () => 'b');
  expect(lines).toHaveLength(20);
  endSecond();
  expect(lines.slice(20)).toEqual([
    'In the last second also 980 rejected, 1 denied; every decision is in /_authz/decisions and the log.',
  ]);
});

it('writes lines in full again in the next second', () => {
  const { lines, limit, endSecond } = open();
  for (let count = 0; count < 21; count += 1) limit.print('rejected', () => 'a');
  endSecond();
  limit.print('rejected', () => 'next');
  endSecond();
  expect(lines.at(-1)).toBe('next');
});
