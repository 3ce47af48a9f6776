import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { regressions } from '../../../bench/compare.ts';
import { ratioOf, spreadOf } from '../../../bench/figures.ts';
import { PAGES, withResults } from '../../../bench/pages.ts';
import { markdown, targetTable } from '../../../bench/report.ts';
import { lastResults, type Results } from '../../../bench/results.ts';
import { TARGETS, verdict } from '../../../bench/targets.ts';

const run = (measured: Readonly<Record<string, readonly number[]>>): Results => ({
  date: '2026-11-28',
  commit: 'abc1234',
  node: 'v24.0.0',
  machine: 'one core',
  sections: {
    http: {
      figures: [],
      measured: Object.fromEntries(Object.entries(measured).map(([key, all]) => [key, spreadOf(all)])),
    },
  },
});

describe('the results of the benchmark', () => {
  it('are the figures of the documentation (npm run bench writes it)', () => {
    const results = lastResults();
    if (results === undefined) throw new Error('there are no results');
    const read = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

    for (const [name, parts] of Object.entries(PAGES)) {
      const page = read(`docs/${name}`);
      expect(withResults(page, parts, results)).toBe(page);
    }
    expect(read('bench/results.md')).toBe(markdown(results));
  });

  it('compares samples of one round with each other', () => {
    expect(ratioOf([100, 50, 10], [50, 25, 5])).toEqual({ median: 2, min: 2, max: 2 });
    expect(spreadOf([4, 1, 3, 2])).toEqual({ median: 2.5, min: 1, max: 4 });
  });

  it('reports a ratio that became worse beyond the samples of both runs', () => {
    const last = run({ allowed: [2, 2.1, 2.2], start: [1.4, 1.5, 1.6] });

    expect(regressions(last, run({ allowed: [1.4, 1.5, 1.6], start: [1.4, 1.5, 1.6] }))).toEqual([
      'allowed, embedded stub / bare http-proxy-middleware: 1.50 (1.40–1.60), was 2.10 (2.00–2.20)',
    ]);
    expect(regressions(last, run({ start: [2, 2.1, 2.2] }))).toEqual([
      'first response after start / bare http-proxy-middleware: 2.10 (2.00–2.20), was 1.50 (1.40–1.60)',
    ]);
  });

  it('does not report what is better, what overlaps, nor times and memory', () => {
    const last = run({ allowed: [2, 2.1, 2.2], loadedMemory: [100], manyReady: [100] });

    expect(regressions(last, run({ allowed: [3, 3, 3] }))).toEqual([]);
    expect(regressions(last, run({ allowed: [1, 1.1, 2.1] }))).toEqual([]);
    expect(regressions(last, run({ loadedMemory: [900], manyReady: [900] }))).toEqual([]);
  });

  it('holds a ratio of rates from below, and one of times from above', () => {
    const { allowed, start } = TARGETS;
    if (allowed === undefined || start === undefined) throw new Error('a target is missing');
    const of = (target: typeof allowed, values: readonly number[]): readonly string[] =>
      values.map((value) => verdict(target, spreadOf([value])));

    expect(of(allowed, [3, 2, 1])).toEqual(['aim', 'at least', 'missed']);
    expect(of(start, [1, 1.5, 2])).toEqual(['aim', 'at least', 'missed']);
  });

  it('prints a row for each target, measured or not', () => {
    const table = targetTable(run({ denied: [0.5] }));

    expect(table).toContain('| denied / bare Express | 0.50 | 0.45 | 0.70 | at least |');
    expect(table).toContain(
      '| p99 / p50 under load, allowed, embedded stub | – | 3.00 | 2.00 | not measured |',
    );
    expect(table.split('\n')).toHaveLength(Object.keys(TARGETS).length + 2);
  });
});
