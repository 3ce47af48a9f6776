import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Fuzzing, openFuzzing } from '../fuzz/ground.ts';

/** What a fuzz run found once: `npm run fuzz` writes a file for each failure. */
const CASES = join(import.meta.dirname, '..', 'fuzz', 'cases');
const FOUND = readdirSync(CASES).filter((file) => file.endsWith('.json'));

let fuzzing: Fuzzing;
beforeAll(async () => {
  fuzzing = await openFuzzing();
}, 60_000);
afterAll(() => fuzzing[Symbol.asyncDispose]());

const targetOf = (name: string) => {
  const found = fuzzing.targets.find((target) => target.name === name);
  if (found === undefined) throw new Error(`nothing is fuzzed as ${name}`);
  return found;
};

describe('what is forwarded', () => {
  it.each(['json', 'cloudwatch', 's3', 'sts', 'framing', 'xml', 'chunked'])(
    'of %s calls means the same to Express, to Node and to Python, where it is installed',
    async (name) => {
      const target = targetOf(name);
      const property = fc.asyncProperty(target.cases, (value) => target.check(value));
      await fc.assert(property, { seed: 1, numRuns: name === 'framing' ? 20 : 60 });
    },
  );

  it.each([
    ['tokens', 'is signed with a session only if its token is the one that was issued'],
    ['fixtures', 'by a script of the stub is answered, or the script is refused with its faults'],
  ])('%s: %s', async (name) => {
    const target = targetOf(name);
    const property = fc.asyncProperty(target.cases, (value) => target.check(value));
    await fc.assert(property, { seed: 1, numRuns: 60 });
  });

  it.each(FOUND)('keeps what a fuzz run found: %s', async (file) => {
    const { target, value } = JSON.parse(readFileSync(join(CASES, file), 'utf8')) as {
      readonly target: string;
      readonly value: unknown;
    };
    await expect(targetOf(target).check(value)).resolves.toBeUndefined();
  });
});
