/**
 * Mutation tests: changes one operator, condition or constant at a time, runs the tests of that code, and prints which
 * changes no test noticed. `npm run test:mutants` takes a sample of each area; `npm run test:mutants -- --all` takes all,
 * and `npm run test:mutants -- src/engine/arn-matching.ts` all of one file.
 */
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createVitest, type Vitest } from 'vitest/node';
import { instrument, type Mutant } from './mutants/mutate.ts';

interface Area {
  readonly name: string;
  readonly sources: string;
  /** What must notice a change of the sources, the fastest first. */
  readonly tests: readonly string[];
}

const AREAS: readonly Area[] = [
  { name: 'engine', sources: 'src/engine/*.ts', tests: ['test/unit/engine', 'test/cases'] },
  {
    name: 'sigv4',
    sources: 'src/sigv4/*.ts',
    tests: ['test/unit/sigv4', 'test/conformance/sigv4-vectors', 'test/property/sigv4'],
  },
  {
    name: 'sessions',
    sources: 'src/sessions/*.ts',
    tests: ['test/unit/sessions', 'test/unit/directory', 'test/unit/sts'],
  },
];

/** Mutants of each area that are tried without `--all`. */
const SAMPLE = 40;
const NONE = -1;
const root = fileURLToPath(new URL('..', import.meta.url));

const args = process.argv.slice(2);
const isAll = args.includes('--all');
const files = args.filter((arg) => !arg.startsWith('--'));

const folder = mkdtempSync(join(tmpdir(), 'mutants-'));
process.env.MUTANTS_FOLDER = folder;
try {
  for (const area of AREAS) await tryArea(area);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function tryArea(area: Area): Promise<void> {
  const sources = globSync(area.sources, { cwd: root }).filter(
    (file) => !file.endsWith('.d.ts') && (files.length === 0 || files.includes(file)),
  );
  if (sources.length === 0) return;
  const code = new Map<string, string>();
  const mutants: Mutant[] = [];
  for (const file of sources.sort()) {
    const instrumented = instrument(file, readFileSync(join(root, file), 'utf8'), mutants.length);
    code.set(file, instrumented.code);
    mutants.push(...instrumented.mutants);
  }
  const vitest = await openVitest(code);
  try {
    const failed = await failuresOf(vitest, area, NONE);
    if (failed.length > 0)
      throw new Error(`${area.name}: the tests fail without a mutant: ${failed.join(', ')}`);
    const reached = new Set<number>(JSON.parse(readFileSync(`${folder}/reached.json`, 'utf8')));
    const chosen = isAll || files.length > 0 ? mutants : sampleOf(mutants);
    const survivors: Mutant[] = [];
    for (const mutant of chosen) {
      if (reached.has(mutant.id) && (await failuresOf(vitest, area, mutant.id)).length > 0) continue;
      survivors.push(mutant);
      print(mutant, reached.has(mutant.id));
    }
    const killed = chosen.length - survivors.length;
    const percent = Math.round((100 * killed) / chosen.length);
    console.log(`${area.name}: ${percent}% of ${chosen.length} mutants killed (${mutants.length} in all)`);
  } finally {
    await vitest.close();
  }
}

/** Vitest over the instrumented sources: one worker that loads them once for each mutant. */
function openVitest(code: ReadonlyMap<string, string>): Promise<Vitest> {
  writeFileSync(`${folder}/reached.json`, '[]');
  return createVitest(
    {
      root,
      config: false,
      watch: false,
      // Its key does not have the mutants: instrumented sources of an earlier run would be taken for those of this one.
      fsModuleCache: false,
      include: ['test/**/*.test.ts'],
      setupFiles: [join(root, 'scripts/mutants/setup.ts')],
      pool: 'forks',
      isolate: false,
      maxWorkers: 1,
      bail: 1,
      testTimeout: 30_000,
      reporters: [{}],
      tags: [{ name: 'clients' }],
    },
    {
      plugins: [
        {
          name: 'mutants',
          enforce: 'pre',
          transform: (_, id) => code.get(relative(root, id)),
        },
      ],
    },
  );
}

/** What failed: test files, and errors outside of tests. */
async function failuresOf(vitest: Vitest, { tests }: Area, active: number): Promise<readonly string[]> {
  writeFileSync(`${folder}/active`, String(active));
  const found = await vitest.globTestSpecifications([...tests]);
  const rank = (file: string): number => tests.findIndex((test) => file.includes(test));
  const specifications = found.toSorted((a, b) => rank(a.moduleId) - rank(b.moduleId));
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications(specifications);
  const failed = testModules.filter((module) => !module.ok());
  return [...failed.map(({ moduleId }) => relative(root, moduleId)), ...unhandledErrors.map(String)];
}

/** Spread evenly over the files, and the same at every run. */
function sampleOf(mutants: readonly Mutant[]): readonly Mutant[] {
  const step = Math.max(1, mutants.length / SAMPLE);
  return Array.from(
    { length: Math.min(SAMPLE, mutants.length) },
    (_, index) => mutants[Math.floor(index * step)],
  ).filter((mutant) => mutant !== undefined);
}

function print({ file, line, from, to }: Mutant, isReached: boolean): void {
  const short = (text: string): string => text.replaceAll(/\s+/g, ' ').slice(0, 60);
  console.log(`${file}:${line}: ${isReached ? 'survived' : 'not reached'}: ${short(from)} -> ${short(to)}`);
}
