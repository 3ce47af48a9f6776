import { expect, it } from 'vitest';
import type { Notice } from '../../../src/app/proxy-options.ts';
import { noticePrinter } from '../../../src/cli/notice-printer.ts';
import { check, recordOf } from '../commands/recorded.ts';

function open() {
  const lines: string[] = [];
  const callbacks: (() => void)[] = [];
  const pages: { url?: string } = {};
  const stderr = { writableLength: 0, write: (line: string) => lines.push(line.trimEnd()) > 0 };
  const print = noticePrinter({ stderr, later: (callback) => callbacks.push(callback), pages });
  const endSecond = (): void => {
    for (const callback of callbacks.splice(0)) callback();
  };
  return { lines, pages, stderr, print, endSecond };
}

const denial = (cause?: string): Notice => ({
  kind: 'decision',
  record: recordOf([check('personalize:CreateSchema', '*', cause === undefined ? {} : { cause })], {
    error: { code: 'AccessDeniedException', status: 400, message: 'alice is not authorized\nbecause' },
  }),
});
const DENIED = 'denied: alice is not authorized (AccessDeniedException, decision 7c0c0000)';

it('writes denials with their page in the console, once it is known, and the cause of a failed evaluation', () => {
  const { lines, pages, print } = open();
  print(denial());
  pages.url = 'http://127.0.0.1:7377';
  print(denial('the upstream is away'));
  print({ kind: 'decision', record: recordOf([]) });
  expect(lines).toEqual([DENIED, `${DENIED}; the upstream is away http://127.0.0.1:7377/_authz/d/7c0c0000`]);
});

it('limits the lines of denials, and counts the others by their outcomes', () => {
  const { lines, print, endSecond } = open();
  for (let count = 0; count < 30; count += 1) print(denial());
  const error = { code: 'InvalidSignatureException', status: 403, message: 'x' };
  print({ kind: 'decision', record: recordOf([], { outcome: 'rejected', error }) });
  expect(lines).toEqual(Array.from({ length: 20 }, () => DENIED));
  endSecond();
  expect(lines.slice(20)).toEqual([expect.stringMatching(/^In the last second also 10 denied, 1 rejected;/)]);
});

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

it('drops lines while standard error is not read', () => {
  const { lines, stderr, print } = open();
  stderr.writableLength = 1_000_000;
  print({ kind: 'reloaded-fixtures' });
  print(denial());
  stderr.writableLength = 0;
  print(denial());
  expect(lines).toEqual([DENIED]);
});
