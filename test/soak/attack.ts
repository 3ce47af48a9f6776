import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { exchange } from '../e2e/exchange.ts';
import { type Signing, signedBytes } from './calls.ts';
import { KEYS, teamPolicy, writeFolder } from './folder.ts';
import { ProxyProcess } from './proxy-process.ts';
import { Random } from './random.ts';

/*
 * What a client without credentials, or with one valid key, can do to everyone else: while each attack runs, a health probe
 * is timed and the memory of the proxy measured. `npm run attack -- [--seconds 5]`
 */

const MEGABYTE = 1 << 20;
/** At the median. */
const MAX_PROBE_MILLIS = 100;
/** More than at rest; the budgets for bodies are within it. */
const MAX_GROWTH_BYTES = 512 * MEGABYTE;
const ATTACKERS = 8;

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '5' } } });
const millis = Number(values.seconds) * 1000;

const ALICE: Signing = {
  caller: 'alice',
  credentials: { accessKeyId: KEYS.alice.id, secretAccessKey: KEYS.alice.secret },
};
const FORM = 'content-type: application/x-www-form-urlencoded';

/** One request, whose answer ends its connection. */
const unsigned = (lines: readonly string[], body: Buffer): Buffer =>
  Buffer.concat([
    Buffer.from(
      `POST / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n${[...lines, `content-length: ${body.length}`].join('\r\n')}\r\n\r\n`,
    ),
    body,
  ]);

const S3_CLAIM =
  'authorization: AWS4-HMAC-SHA256 Credential=AKIANOSUCHKEYATALL00/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=00';

/** Each gives the bytes of one exchange. */
const ATTACKS: Readonly<Record<string, (url: string) => Buffer>> = {
  'parameters: 9 MB of a&': () => unsigned([FORM], Buffer.from('a&'.repeat(4_500_000))),
  'parameters: 60 kB of a&': () => unsigned([FORM], Buffer.from('a&'.repeat(30_000))),
  'gzip: a million a&': () =>
    unsigned([FORM, 'content-encoding: gzip'], gzipSync(Buffer.from('a&'.repeat(1_000_000)))),
  'gzip: 50 MB of zeros': () =>
    unsigned([FORM, 'content-encoding: gzip'], gzipSync(Buffer.alloc(50 * MEGABYTE))),
  'bodies: 100 MB to S3 without a key': () => unsigned([S3_CLAIM], Buffer.alloc(100 * MEGABYTE)),
  'bodies: 15 MB each, without an end': () =>
    Buffer.concat([
      Buffer.from(`POST / HTTP/1.1\r\nhost: x\r\ncontent-length: ${16 * MEGABYTE}\r\n\r\n`),
      Buffer.alloc(15 * MEGABYTE),
    ]),
  'numbers: 100,000 digits, signed': (url) =>
    signedBytes(
      {
        service: 'sts',
        path: '/',
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          connection: 'close',
        },
        body: `Action=GetSessionToken&Version=2011-06-15&DurationSeconds=${'1'.repeat(100_000)}x`,
      },
      ALICE,
      url,
      Date.now(),
    ),
  'patterns: a name of 60,000 characters, signed': (url) =>
    signedBytes(
      {
        service: 'personalize',
        path: '/',
        headers: {
          'content-type': 'application/x-amz-json-1.1',
          'x-amz-target': 'AmazonPersonalize.DescribeCampaign',
          connection: 'close',
        },
        body: JSON.stringify({ campaignArn: `arn:${'a:'.repeat(30_000)}!` }),
      },
      ALICE,
      url,
      Date.now(),
    ),
};

const folder = await mkdtemp(join(tmpdir(), 'authz-attack-'));
let hasFailed = false;
try {
  const config = writeFolder(folder, teamPolicy('v1', new Random(1)), {
    upstream: 'embedded',
    decisionsFile: join(folder, 'decisions.jsonl'),
    decisionsMaxBytes: 8 * MEGABYTE,
  });
  await using proxy = await ProxyProcess.start(config);
  const rest = await probes(proxy.url, 1_000);
  const { rss } = await proxy.measure();
  print('at rest', 0, rest, rss);
  for (const [name, bytesOf] of Object.entries(ATTACKS)) {
    const over = new AbortController();
    let count = 0;
    const bytes = bytesOf(proxy.url);
    const attackers = Array.from({ length: ATTACKERS }, async () => {
      while (!over.signal.aborted) {
        await attackOnce(proxy.url, bytes, over.signal);
        count += 1;
      }
    });
    const times = await probes(proxy.url, millis);
    const peak = (await proxy.measure()).rss;
    over.abort();
    await Promise.all(attackers);
    print(name, count, times, peak);
    if (median(times) > MAX_PROBE_MILLIS || peak > rss + MAX_GROWTH_BYTES) hasFailed = true;
  }
  process.stdout.write(
    `attack: ${hasFailed ? 'FAILED' : 'held'}: a probe within ${MAX_PROBE_MILLIS} ms at the median, memory within ${MAX_GROWTH_BYTES / MEGABYTE} MB\n`,
  );
} finally {
  await rm(folder, { recursive: true, force: true });
}
process.exitCode = hasFailed ? 1 : 0;

/** One exchange, or as far as it comes until the attack is over: some never end. */
async function attackOnce(url: string, bytes: Buffer, over: AbortSignal): Promise<void> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  const { promise, resolve } = Promise.withResolvers<void>();
  const end = (): void => void socket.destroy();
  over.addEventListener('abort', end);
  socket.on('error', () => {}).on('close', () => resolve());
  socket.on('data', () => {});
  if (over.aborted) end();
  else socket.write(bytes);
  await promise;
  over.removeEventListener('abort', end);
}

/** How long a health probe takes, in milliseconds, over and over. */
async function probes(url: string, forMillis: number): Promise<readonly number[]> {
  const times: number[] = [];
  const end = performance.now() + forMillis;
  while (performance.now() < end) {
    const start = performance.now();
    const answer = await exchange(
      url,
      'GET /_authz/health/live HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n',
    );
    if (!answer.startsWith('HTTP/1.1 200')) throw new Error(`the probe: ${answer.slice(0, 200)}`);
    times.push(performance.now() - start);
    await setTimeout(20);
  }
  return times.sort((one, other) => one - other);
}

function median(sorted: readonly number[]): number {
  return sorted[Math.floor(sorted.length / 2)] ?? Number.POSITIVE_INFINITY;
}

function print(name: string, count: number, sorted: readonly number[], rss: number): void {
  const longest = sorted.at(-1) ?? 0;
  process.stdout.write(
    `${name.padEnd(48)} ${String(count).padStart(6)} exchanges, probe ${median(sorted).toFixed(1)} ms at the median, ` +
      `${longest.toFixed(0)} ms at most, resident ${(rss / MEGABYTE).toFixed(0)} MB\n`,
  );
}
