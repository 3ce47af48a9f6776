/**
 * Measures all that has a target and what it is made of.
 *
 *   npm run bench                    everything, in under five minutes; writes the results
 *   npm run bench -- --quick         the ratios, in about a minute
 *   npm run bench -- --only http     one part, or several
 *   npm run bench -- --compare       warns of ratios that became worse than in the last results
 *
 * What is measured in this process runs with the young generation of the program (docs/decisions/0004).
 */
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { printComparison } from './compare.ts';
import { benchEngine } from './engine.ts';
import { type Section, spreadText } from './figures.ts';
import { benchHttp } from './http.ts';
import { benchLatency } from './latency.ts';
import { benchMemory } from './memory.ts';
import { FULL, type Plan, QUICK } from './plan.ts';
import { benchProofs } from './proofs.ts';
import { targetTable } from './report.ts';
import { benchRequestPath } from './request-path.ts';
import { lastResults } from './results.ts';
import { benchScale } from './scale.ts';
import { benchSigv4 } from './sigv4.ts';
import { benchStartUp } from './startup.ts';
import { benchStub } from './stub.ts';
import { writeResults } from './write-results.ts';

const PARTS: Readonly<Record<string, (plan: Plan) => Section | Promise<Section>>> = {
  http: benchHttp,
  latency: benchLatency,
  startup: benchStartUp,
  memory: benchMemory,
  scale: benchScale,
  path: benchRequestPath,
  sigv4: benchSigv4,
  engine: benchEngine,
  proofs: benchProofs,
  stub: benchStub,
};
const QUICK_PARTS = ['http', 'latency', 'startup'];

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    compare: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true },
  },
});

// Memory is only told apart from garbage after a collection.
setFlagsFromString('--expose-gc');
globalThis.gc = runInNewContext('gc') as NonNullable<typeof globalThis.gc>;

const names =
  values.only?.flatMap((text) => text.split(',')) ?? (values.quick ? QUICK_PARTS : Object.keys(PARTS));
const start = performance.now();
const sections: Record<string, Section> = {};
for (const name of names) {
  const part = PARTS[name];
  if (part === undefined) throw new Error(`unknown part ${name}: ${Object.keys(PARTS).join(', ')}`);
  const section = await part(values.quick ? QUICK : FULL);
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
