import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { openFuzzing } from './ground.ts';
import type { Target } from './targets.ts';
import { summary, type Tally, turnMillis } from './turns.ts';

const CASES = join(import.meta.dirname, 'cases');

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '5' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
    only: { type: 'string' },
  },
});

const seed = Number(values.seed);
const minutes = Number(values.minutes);
await using fuzzing = await openFuzzing();
const targets = fuzzing.targets.filter(({ name }) => values.only === undefined || name === values.only);
if (targets.length === 0 || !(minutes > 0) || !Number.isInteger(seed)) {
  const names = fuzzing.targets.map(({ name }) => name).join(', ');
  throw new Error(`usage: npm run fuzz -- [--minutes 5] [--seed 1] [--only ${names}]`);
}
const tallies = new Map<string, Tally>(targets.map(({ name }) => [name, { name, runs: 0, failures: 0 }]));
const longest = turnMillis(minutes, targets.length);
const end = performance.now() + minutes * 60_000;
for (let turn = 0; performance.now() < end; turn += 1) {
  const target = targets[turn % targets.length];
  if (target) await takeTurn(target, seed + turn);
}
const { line, exitCode } = summary(seed, [...tallies.values()], fuzzing.missing);
process.stdout.write(`${line}\n`);
process.exitCode = exitCode;

async function takeTurn(target: Target, turnSeed: number): Promise<void> {
  const tally = tallies.get(target.name);
  if (!tally) return;
  const left = Math.min(longest, end - performance.now());
  let current: Promise<unknown> = Promise.resolve();
  const details = await fc.check(
    fc.asyncProperty(target.cases, (value) => {
      const check = target.check(value);
      current = check;
      return check;
    }),
    { seed: turnSeed, numRuns: 1_000_000, interruptAfterTimeLimit: left, markInterruptAsFailure: false },
  );
  // A turn that is over does not wait for its last case, which the next one must not meet.
  await current.catch(() => {});
  tally.runs += details.numRuns;
  if (details.counterexample === null) return;
  tally.failures += 1;
  const [value] = details.counterexample;
  const file = join(CASES, `${target.name}-${turnSeed}.json`);
  await mkdir(CASES, { recursive: true });
  await writeFile(file, `${JSON.stringify({ target: target.name, value }, undefined, 2)}\n`);
  const cause = details.errorInstance instanceof Error ? details.errorInstance.message : '';
  process.stdout.write(`${target.name} failed, kept as ${file}:\n${cause.slice(0, 1000)}\n`);
}
