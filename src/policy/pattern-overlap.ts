/** `${Account}` of a template, and policy variables, may be any text. */
const PLACEHOLDER = /\$\{[^{}]*\}/g;

/** A template (`arn:${Partition}:personalize:::recipe/${ResourceId}`) as a pattern with `*` for each placeholder. */
export const templatePattern = (template: string): string => template.replace(PLACEHOLDER, '*');

/** Whether some text matches both patterns; policy variables count as `*`. Too many rather than too few. */
export function overlaps(one: string, other: string): boolean {
  const left = templatePattern(one);
  const right = templatePattern(other);
  // row[j]: the rest of `left` from i and the rest of `right` from j have a text in common.
  let below = lastRow(right);
  for (let i = left.length - 1; i >= 0; i -= 1) {
    const row = new Array<boolean>(right.length + 1);
    row[right.length] = left[i] === '*' && below[right.length] === true;
    for (let j = right.length - 1; j >= 0; j -= 1) row[j] = meets(left[i], right[j], row, below, j);
    below = row;
  }
  return below[0] === true;
}

/** Nothing is left of the other pattern: only asterisks may follow. */
function lastRow(pattern: string): boolean[] {
  const row = new Array<boolean>(pattern.length + 1);
  row[pattern.length] = true;
  for (let j = pattern.length - 1; j >= 0; j -= 1) row[j] = pattern[j] === '*' && row[j + 1] === true;
  return row;
}

function meets(
  left: string | undefined,
  right: string | undefined,
  row: readonly boolean[],
  below: readonly boolean[],
  j: number,
): boolean {
  if (left === '*' || right === '*') return row[j + 1] === true || below[j] === true;
  return (left === right || left === '?' || right === '?') && below[j + 1] === true;
}
