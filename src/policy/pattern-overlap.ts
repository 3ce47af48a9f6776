import { memoize } from '../lib/memoize.ts';

/** `${Account}` of a template, and policy variables, match any text. */
const PLACEHOLDER = /\$\{[^{}]*\}/g;

/** The templates of the reference recur with every policy. */
const MOST_KNOWN = 5000;
const replacePlaceholders = memoize(MOST_KNOWN, (template) => template.replace(PLACEHOLDER, '*'));

/** A template (`arn:${Partition}:personalize:::recipe/${ResourceId}`) as a pattern with `*` for each placeholder. */
export const templatePattern = (template: string): string =>
  template.includes('${') ? replacePlaceholders(template) : template;

const ANY_RUN = 42;
const ANY_ONE = 63;

/**
 * Whether some string matches both patterns; policy variables count as `*`. Errs on the side of `true`.
 *
 * Walks one pattern and keeps the positions in the other that the same string can have reached: in the literal parts,
 * which are most of an ARN, that is one position.
 */
export function overlaps(one: string, other: string): boolean {
  const left = templatePattern(one);
  const right = templatePattern(other);
  if (left === right || left === '*' || right === '*') return true;
  const start = firstDifference(left, right);
  if (start === undefined) return false;
  const rests = [left.slice(start), right.slice(start)] as const;
  // `campaign/shop-*` and `campaign/*`: a remaining `*` matches whatever the other pattern matches.
  return rests.includes('*') || meet(...rests);
}

/** Where the common literal beginning ends; `undefined` if no string can start with both. */
function firstDifference(left: string, right: string): number | undefined {
  for (let i = 0; ; i += 1) {
    const [one, other] = [left.charCodeAt(i), right.charCodeAt(i)];
    const step = stepAt(one, other);
    if (step === NO_STEP) return one >= 0 || other >= 0 ? undefined : i;
    if (step === PAST_EITHER) return i;
  }
}

function meet(left: string, right: string): boolean {
  let row = new Uint8Array(right.length + 2);
  let below = new Uint8Array(right.length + 2);
  let from = 0;
  let to = 0;
  row[0] = 1;
  for (let i = 0; i <= left.length; i += 1) {
    let nextFrom = right.length + 1;
    let nextTo = -1;
    for (let j = from; j <= to; j += 1) {
      if (row[j] === 0) continue;
      row[j] = 0;
      if (i === left.length && j === right.length) return true;
      const step = stepAt(left.charCodeAt(i), right.charCodeAt(j));
      if (step === NO_STEP) continue;
      if (step === PAST_EITHER) {
        row[j + 1] = 1;
        if (j === to && j < right.length) to += 1;
      }
      const reached = step === PAST_BOTH ? j + 1 : j;
      below[reached] = 1;
      nextFrom = Math.min(nextFrom, reached);
      nextTo = Math.max(nextTo, reached);
    }
    row[right.length + 1] = 0;
    [row, below, from, to] = [below, row, nextFrom, nextTo];
  }
  return false;
}

const NO_STEP = 0;
const PAST_BOTH = 1;
const PAST_EITHER = 2;

/** How two patterns go on from a pair of characters; the code of a missing one is NaN. */
function stepAt(one: number, other: number): typeof NO_STEP | typeof PAST_BOTH | typeof PAST_EITHER {
  if (one === ANY_RUN || other === ANY_RUN) return PAST_EITHER;
  if (one === other) return PAST_BOTH;
  const isAny = (one === ANY_ONE && other >= 0) || (other === ANY_ONE && one >= 0);
  return isAny ? PAST_BOTH : NO_STEP;
}
