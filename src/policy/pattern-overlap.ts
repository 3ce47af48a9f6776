/** `${Account}` of a template, and policy variables, match any text. */
const PLACEHOLDER = /\$\{[^{}]*\}/g;

/** A template (`arn:${Partition}:personalize:::recipe/${ResourceId}`) as a pattern with `*` for each placeholder. */
export const templatePattern = (template: string): string => template.replace(PLACEHOLDER, '*');

/** Whether some string matches both patterns; policy variables count as `*`. Errs on the side of `true`. */
export function overlaps(one: string, other: string): boolean {
  const left = templatePattern(one);
  const right = templatePattern(other);
  // row[j]: whether some string matches both `left` from i and `right` from j.
  let below = lastRow(right);
  for (let i = left.length - 1; i >= 0; i -= 1) {
    const row = new Array<boolean>(right.length + 1);
    row[right.length] = left[i] === '*' && below[right.length] === true;
    for (let j = right.length - 1; j >= 0; j -= 1) row[j] = meets(left[i], right[j], row, below, j);
    below = row;
  }
  return below[0] === true;
}

/** The other pattern is at its end: only asterisks may follow. */
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
