import { readFileSync, writeFileSync } from 'node:fs';
import { chart } from './chart.ts';
import { PAGES, withResults } from './pages.ts';
import { markdown } from './report.ts';
import { RESULTS_FILE, type Results, resultsOf } from './results.ts';

const DOCS = new URL('../docs/', import.meta.url);

/** Writes the results, and the chart and tables of the documentation. */
export function writeResults(sections: Results['sections']): void {
  const results = resultsOf(sections);
  writeFileSync(RESULTS_FILE, `${JSON.stringify(results, null, 2)}\n`);
  writeFileSync(new URL('results.md', import.meta.url), markdown(results));
  if (sections.http !== undefined) writeFileSync(new URL('performance.svg', DOCS), chart(sections.http));
  for (const [name, parts] of Object.entries(PAGES)) {
    const page = new URL(name, DOCS);
    writeFileSync(page, withResults(readFileSync(page, 'utf8'), parts, results));
  }
}
