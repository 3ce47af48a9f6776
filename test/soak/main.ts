import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { LogDisk, RedisServer, Upstream } from './faults.ts';
import { writeFolder } from './folder.ts';
import { LogTail } from './log-tail.ts';
import { sendMalformed } from './malformed.ts';
import type { Measurement } from './messages.ts';
import { PolicyEdits } from './policy-edits.ts';
import { ProxyProcess } from './proxy-process.ts';
import { Random } from './random.ts';
import { type Diagnostic, Traffic } from './traffic.ts';

const CONNECTIONS = 6;
const RECOVERY_MILLIS = 10_000;
const JUMP_MILLIS = 20 * 60_000;
/** Rotation is part of the soak. */
const LOG_BYTES = 8 << 20;
const REDIS_PORT = 7391;
const MEGABYTE = 1 << 20;
/**
 * What the proxy may hold more at the end than after the first round of diagnostics. Connections to the upstream that are kept
 * for the next calls come and go.
 */
const GROWTH = { heapUsed: 16 * MEGABYTE, rss: 160 * MEGABYTE, descriptors: 16, handles: 16 } as const;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
  },
});
const [minutes, seed] = [Number(values.minutes), Number(values.seed)];
if (!(minutes > 0) || !Number.isInteger(seed))
  throw new Error('usage: npm run soak -- [--minutes 10] [--seed 1]');

const failures: string[] = [];
const onFailure = (message: string): void => {
  failures.push(message);
  if (failures.length <= 20) process.stdout.write(`failure: ${message}\n`);
};

await using opened = new AsyncDisposableStack();
const folder = await mkdtemp(join(tmpdir(), 'authz-soak-'));
opened.defer(() => rm(folder, { recursive: true, force: true }));
const random = new Random(seed);
const disk = opened.use(new LogDisk(folder));
const redis = RedisServer.isHere ? opened.use(new RedisServer(REDIS_PORT)) : undefined;
await redis?.start();
const upstream = opened.use(new Upstream(redis?.url ?? 'memory'));
await upstream.start();
const edits = new PolicyEdits(folder, random);
const settings = { upstream: upstream.url, decisionsFile: disk.file, decisionsMaxBytes: LOG_BYTES };
const proxy = opened.use(await ProxyProcess.start(writeFolder(folder, edits.first, settings)));
proxy.onLoaded((version) => edits.confirm(version));
const log = opened.use(new LogTail(disk.file));
const traffic = new Traffic({ url: proxy.url, edits, log, random, onFailure });

let malformed = 0;
let slowestRecovery = 0;
const end = performance.now() + minutes * 60_000;
/** At least three rounds, so that the first is not compared with itself. */
const sliceMillis = Math.max(700, Math.min(4_000, (minutes * 60_000) / 3 / 7));
let first: Measurement | undefined;
let last: Measurement | undefined;
for (let round = 1; performance.now() < end && proxy.ended === undefined; round += 1) {
  await takeRound();
  last = await proxy.measure();
  first ??= last;
  process.stdout.write(`round ${round}: ${describe(last)}\n`);
}
if (proxy.ended !== undefined) onFailure(proxy.ended);
compareMeasurements();
report();

/** Traffic and edits without an end, and one diagnostic after the other. */
async function takeRound(): Promise<void> {
  const over = new AbortController();
  traffic.start(CONNECTIONS);
  const beside = [
    repeat(editSoon, over.signal),
    repeat(spoilSoon, over.signal),
    repeat(reconcileSoon, over.signal),
  ];
  try {
    await setTimeout(sliceMillis);
    await during(
      'upstream',
      () => upstream.kill(),
      () => upstream.start(),
    );
    await during(
      'log',
      () => disk.fill(),
      () => disk.empty(),
    );
    disk.remove();
    await setTimeout(sliceMillis);
    await jump(JUMP_MILLIS);
    await jump(0);
    if (redis)
      await during(
        'redis',
        () => redis.kill(),
        () => redis.start(),
      );
    over.abort();
    await Promise.all(beside);
    await edits.settle(RECOVERY_MILLIS);
  } catch (cause) {
    onFailure(cause instanceof Error ? cause.message : String(cause));
  }
  over.abort();
  await Promise.all(beside);
  await traffic.stop();
  traffic.forget();
  await fetch(`${proxy.url}/_authz/decisions`, {
    method: 'DELETE',
    headers: { 'x-authz-admin': 'soak', connection: 'close' },
  });
}

/** Something fails for a while; once it works again, so does the proxy, without a restart. */
async function during(diagnostic: Diagnostic, begin: () => unknown, stop: () => unknown): Promise<void> {
  traffic.diagnostics.begin(diagnostic);
  try {
    await begin();
    await setTimeout(sliceMillis);
  } finally {
    await stop();
  }
  slowestRecovery = Math.max(slowestRecovery, await traffic.recovers(RECOVERY_MILLIS));
  traffic.diagnostics.end(diagnostic);
}

/** The clock of the proxy moves first; that of the clients follows. */
async function jump(offset: number): Promise<void> {
  traffic.clocks.begin(offset);
  await proxy.setClock(offset);
  traffic.clocks.confirm(offset);
  await setTimeout(sliceMillis / 2);
  traffic.offset = offset;
  await setTimeout(sliceMillis / 2);
  slowestRecovery = Math.max(slowestRecovery, await traffic.recovers(RECOVERY_MILLIS));
}

async function repeat(act: () => Promise<void>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) await act();
}

async function editSoon(): Promise<void> {
  await edits.editOnce();
  await setTimeout(200 + random.below(600));
}

async function spoilSoon(): Promise<void> {
  const failure = await sendMalformed(proxy.url, random);
  malformed += 1;
  if (failure !== undefined) onFailure(failure);
  await setTimeout(20);
}

async function reconcileSoon(): Promise<void> {
  traffic.reconcile();
  await setTimeout(200);
}

function compareMeasurements(): void {
  if (first === undefined || last === undefined || first === last) {
    onFailure('the soak was too short to compare');
    return;
  }
  for (const [name, limit] of Object.entries(GROWTH) as [keyof typeof GROWTH, number][])
    if (last[name] > first[name] + limit) onFailure(`${name} grew from ${first[name]} to ${last[name]}`);
}

function describe({ heapUsed, rss, descriptors, handles }: Measurement): string {
  const megabytes = (bytes: number): string => `${(bytes / MEGABYTE).toFixed(1)} MB`;
  return `heap ${megabytes(heapUsed)}, resident ${megabytes(rss)}, ${descriptors} descriptors, ${handles} handles`;
}

function report(): void {
  const counts = Object.entries(traffic.counts).map(([verdict, count]) => `${count} ${verdict}`);
  const missing = [
    ...(redis ? [] : ['redis-server']),
    ...(disk.isMounted ? [] : ['a disk of its own for the log']),
  ];
  process.stdout.write(
    `soak: seed ${seed}, ${minutes} min, ${counts.join(', ')}, ${malformed} malformed, ${edits.count} edits; ` +
      `recovered within ${Math.round(slowestRecovery)} ms; ${first ? describe(first) : ''} at first, ` +
      `${last ? describe(last) : ''} at last: ${failures.length} failures` +
      `${missing.length > 0 ? `; without ${missing.join(', ')}` : ''}\n`,
  );
  process.exitCode = failures.length > 0 ? 1 : 0;
}
