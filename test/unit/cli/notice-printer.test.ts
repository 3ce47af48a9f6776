import { expect, it } from 'vitest';
import type { Notice } from '../../../src/app/proxy-options.ts';
import { noticePrinter } from '../../../src/cli/notice-printer.ts';

function open() {
  const lines: string[] = [];
  const callbacks: (() => void)[] = [];
  const print = noticePrinter({
    write: (line) => lines.push(line),
    later: (callback) => callbacks.push(callback),
    pages: {},
  });
  const endSecond = (): void => {
    for (const callback of callbacks.splice(0)) callback();
  };
  return { lines, print, endSecond };
}

it('limits the lines of failed requests', () => {
  const { lines, print, endSecond } = open();
  for (let count = 0; count < 50; count += 1)
    print({ kind: 'failure', message: 'Redis is away', isOfRequest: true });
  expect(lines).toEqual(Array.from({ length: 20 }, () => 'Failure: Redis is away'));
  endSecond();
  expect(lines.slice(20)).toEqual([expect.stringMatching(/^In the last second also 30 failed;/)]);
});

it('writes every line that is not about a request, among any number of failed requests', () => {
  const { lines, print } = open();
  const ofProgram: readonly Notice[] = [
    { kind: 'failure', message: 'a worker ended' },
    { kind: 'reloaded-fixtures' },
    { kind: 'advice', message: 'use one region' },
  ];
  for (let count = 0; count < 50; count += 1) {
    print({ kind: 'failure', message: 'Redis is away', isOfRequest: true });
    for (const notice of ofProgram) print(notice);
  }
  expect(lines).toHaveLength(20 + 50 * ofProgram.length);
});
