import { readFileSync, writeFileSync } from 'node:fs';
import { chart } from './chart.ts';
import { withResults } from './performance-page.ts';
import { markdown } from './report.ts';
import { RESULTS_FILE, type Results, resultsOf } from './results.ts';

const PAGE = new URL('../docs/performance.md', import.meta.url);

/** Writes the results, and the chart and tables of the documentation. */
export function writeResults(sections: Results['sections']): void {
  const results = resultsOf(sections);
  writeFileSync(RESULTS_FILE, `${JSON.stringify(results, null, 2)}\n`);
  writeFileSync(new URL('results.md', import.meta.url), markdown(results));
  if (sections.http !== undefined)
    writeFileSync(new URL('../docs/performance.svg', import.meta.url), chart(sections.http));
  writeFileSync(PAGE, withResults(readFileSync(PAGE, 'utf8'), results));
}
