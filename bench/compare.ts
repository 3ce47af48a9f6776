import { spreadText } from './figures.ts';
import { measuredIn, type Results } from './results.ts';
import { TARGETS } from './targets.ts';

/** How much worse a median has to be: ratios of one commit differ by less from run to run. */
const WORSE = 1.2;

/**
 * A line for each ratio that became worse than in the last results, beyond the samples of both runs. Times and memory are
 * not compared: they are another machine's.
 */
export function regressions(last: Results, now: Pick<Results, 'sections'>): readonly string[] {
  const [before, after] = [measuredIn(last), measuredIn(now)];
  return Object.entries(TARGETS).flatMap(([key, { name, unit, higher }]) => {
    const [one, other] = [before[key], after[key]];
    if (unit !== '' || one === undefined || other === undefined) return [];
    const factor = higher ? one.median / other.median : other.median / one.median;
    const apart = higher ? other.max < one.min : other.min > one.max;
    return factor > WORSE && apart ? [`${name}: ${spreadText(other)}, was ${spreadText(one)}`] : [];
  });
}

/** Prints what became worse; on GitHub as warnings of the workflow. Never fails: machines differ. */
export function printComparison(last: Results | undefined, now: Pick<Results, 'sections'>): void {
  if (last === undefined) {
    console.log('There are no results to compare with.');
    return;
  }
  const worse = regressions(last, now);
  const prefix = process.env.GITHUB_ACTIONS === undefined ? 'Slower: ' : '::warning title=npm run bench::';
  for (const line of worse) console.log(`${prefix}${line}`);
  console.log(`${worse.length} ratios are worse than in the results of ${last.date} (${last.commit}).`);
}
