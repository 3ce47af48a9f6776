/**
 * Measures all that has a target and what it is made of.
 *
 *   npm run bench                    everything, in under five minutes; writes the results
 *   npm run bench -- --quick         the ratios, in about a minute
 *   npm run bench -- --only http     one part, or several
 *   npm run bench -- --compare       warns of ratios that became worse than in the last results
 */
import { parseArgs } from 'node:util';
import { printComparison } from './compare.ts';
import { type Section, spreadText } from './figures.ts';
import { fromOwnProcess } from './own-process.ts';
import { ALONE, PARTS } from './parts.ts';
import { FULL, QUICK } from './plan.ts';
import { targetTable } from './report.ts';
import { lastResults } from './results.ts';
import { writeResults } from './write-results.ts';

const QUICK_PARTS = ['http', 'latency', 'startup'];

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    compare: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true },
  },
});

const names =
  values.only?.flatMap((text) => text.split(',')) ?? (values.quick ? QUICK_PARTS : Object.keys(PARTS));
const start = performance.now();
const sections: Record<string, Section> = {};
for (const name of names) {
  const part = PARTS[name];
  if (part === undefined) throw new Error(`unknown part ${name}: ${Object.keys(PARTS).join(', ')}`);
  const plan = values.quick ? QUICK : FULL;
  const section = ALONE.has(name)
    ? await fromOwnProcess<Section>(new URL('part-process.ts', import.meta.url), name, JSON.stringify(plan))
    : await part(plan);
  sections[name] = section;
  print(name, section);
}
console.log(`\n${targetTable({ sections })}\n`);
if (values.compare) printComparison(lastResults(), { sections });
if (names.length === Object.keys(PARTS).length && !values.quick && !values.compare) writeResults(sections);
console.log(`Took ${Math.round((performance.now() - start) / 1000)} s.`);

function print(part: string, { figures, skipped = [] }: Section): void {
  for (const figure of figures)
    console.log(
      `${part.padEnd(9)}${figure.name.padEnd(60)}${`${spreadText(figure)} ${figure.unit}`.padEnd(32)} ${figure.note ?? ''}`,
    );
  for (const { name, reason } of skipped)
    console.log(`${part.padEnd(9)}${name.padEnd(60)}skipped: ${reason}`);
}
