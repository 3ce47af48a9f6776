/** Every choice of one out of each list; `undefined` where they are more than `most`. */
export function products<Each>(
  lists: readonly (readonly Each[])[],
  most: number,
): readonly (readonly Each[])[] | undefined {
  let chosen: readonly (readonly Each[])[] = [[]];
  for (const list of lists) {
    if (chosen.length * list.length > most) return undefined;
    chosen = chosen.flatMap((before) => list.map((one) => [...before, one]));
  }
  return chosen;
}

/** Whether all numbers of a sorted list are in another one. */
export function isSubset(one: readonly number[], other: readonly number[]): boolean {
  if (one.length > other.length) return false;
  let at = 0;
  for (const value of one) {
    while (at < other.length && (other[at] as number) < value) at += 1;
    if (other[at] !== value) return false;
    at += 1;
  }
  return true;
}
