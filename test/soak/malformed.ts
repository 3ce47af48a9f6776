import { exchange } from '../e2e/exchange.ts';
import type { Random } from './random.ts';

/** Bytes that are no request that could be decided, and what comes back. */
const CASES: readonly (readonly [bytes: string, answer: RegExp])[] = [
  ['NOT HTTP\r\n\r\n', /^HTTP\/1\.1 400 /],
  ['POST / HTTP/1.1\r\nhost: x\r\nbad header\r\n\r\n', /^HTTP\/1\.1 400 /],
  [
    'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n',
    /^HTTP\/1\.1 400 /,
  ],
  [`GET / HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(70_000)}\r\n\r\n`, /^HTTP\/1\.1 431 /],
  ['POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n', /^HTTP\/1\.1 400 /],
];

/** Sends one of them on a connection of its own, which the proxy closes. */
export async function sendMalformed(url: string, random: Random): Promise<string | undefined> {
  const [bytes, wanted] = random.pick(CASES);
  const answer = await exchange(url, bytes);
  if (wanted.test(answer)) return undefined;
  return `malformed ${JSON.stringify(bytes.slice(0, 60))}: ${JSON.stringify(answer.slice(0, 200))}`;
}
