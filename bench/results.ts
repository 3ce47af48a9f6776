import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Section, Spread } from './figures.ts';

/** What `bench/results.json` holds. */
export interface Results {
  readonly date: string;
  readonly commit: string;
  readonly node: string;
  readonly machine: string;
  readonly sections: Readonly<Record<string, Section>>;
}

/** Where the results of the last full run are. */
export const RESULTS_FILE = fileURLToPath(new URL('results.json', import.meta.url));

export function resultsOf(sections: Results['sections']): Results {
  const [cpu] = cpus();
  return {
    date: new Date().toISOString().slice(0, 10),
    commit: commit(),
    node: process.version,
    machine: `${availableParallelism()} cores of ${cpu?.model.trim() ?? 'an unknown CPU'}, ${Math.round(totalmem() / 2 ** 30)} GB, ${process.platform} ${process.arch}`,
    sections,
  };
}

/** All figures that have a target, by its key. */
export const measuredIn = ({ sections }: Pick<Results, 'sections'>): Readonly<Record<string, Spread>> =>
  Object.assign({}, ...Object.values(sections).map(({ measured }) => measured));

/** The last full run's; `undefined` where there was none. */
export function lastResults(): Results | undefined {
  try {
    return JSON.parse(readFileSync(RESULTS_FILE, 'utf8'));
  } catch {
    return undefined;
  }
}

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}
