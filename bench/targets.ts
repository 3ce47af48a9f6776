import type { Spread } from './figures.ts';

export interface Target {
  readonly name: string;
  readonly unit: '' | 'µs' | 'ms' | 'MB';
  /** Whether more is better; for times and memory, less is. */
  readonly higher: boolean;
  readonly atLeast: number;
  readonly aim: number;
}

const PROXY = 'bare http-proxy-middleware';
const target = (
  name: string,
  [atLeast, aim]: readonly [number, number],
  unit: Target['unit'] = '',
): Target => ({ name, unit, higher: aim > atLeast, atLeast, aim });

/** What a run of the benchmark is held against. A name with a slash is a ratio within one run. */
export const TARGETS: Readonly<Record<string, Target>> = {
  allowed: target(`allowed, embedded stub / ${PROXY}`, [1.6, 2.5]),
  forwarded: target(`forwarded over HTTP / ${PROXY}`, [0.7, 1]),
  denied: target('denied / bare Express', [0.45, 0.7]),
  session: target('session token / long-term key, allowed', [0.9, 0.97]),
  requestPath: target('verify and decide, 200 bytes, in process', [12, 8], 'µs'),
  largeBody: target('verify, 100 kB / SHA-256 of the body', [1.2, 1.1]),
  start: target(`first response after start / ${PROXY}`, [1.8, 1.3]),
  help: target('--help / node -e 0', [2, 1.5]),
  version: target('--version / node -e 0', [2, 1.5]),
  idleMemory: target(`idle memory / ${PROXY}`, [1.25, 1.1]),
  loadedMemory: target('memory after load, 10,000 records kept', [150, 110], 'MB'),
  manyReady: target('10,000 principals with three policies each: ready', [3_000, 1_500], 'ms'),
  manyMemory: target('10,000 principals with three policies each: memory', [350, 200], 'MB'),
  manyEdit: target('one edited file counts, with 10,000 principals', [300, 100], 'ms'),
  latency: target('one connection, latency added over the stub alone', [0.25, 0.1], 'ms'),
  tail: target('p99 / p50 under load, allowed, embedded stub', [3, 2]),
  proofPersonalize: target('proof, the Personalize policies: slowest', [10, 5], 'ms'),
  proofEdit: target('proof, an edit of 10 to 50 statements: p95', [100, 50], 'ms'),
  proofServiceControl: target('proof, a change of one of 20 SCPs: slowest', [200, 100], 'ms'),
  proofManaged: target('proof, managed policies: slowest', [500, 250], 'ms'),
  proofChain: target('proof, 20 denies with NotResource', [10_000, 1_000], 'ms'),
  proofChainMemory: target('proof, 20 denies with NotResource: memory', [500, 250], 'MB'),
};

/** Whether a target is met. */
export function verdict({ higher, atLeast, aim }: Target, { median }: Spread): 'aim' | 'at least' | 'missed' {
  const reaches = (bound: number): boolean => (higher ? median >= bound : median <= bound);
  if (reaches(aim)) return 'aim';
  return reaches(atLeast) ? 'at least' : 'missed';
}
