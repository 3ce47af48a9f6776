/** Work in small steps: the caller can serve other requests between two of them. */
export type Steps<Value> = Generator<undefined, Value, undefined>;

/** Does all of the work at once. */
export function finish<Value>(steps: Steps<Value>): Value {
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}

/** The items that match, a step for each item. */
export function* filterInSteps<Item>(
  items: readonly Item[],
  matches: (item: Item) => boolean,
): Steps<readonly Item[]> {
  const found: Item[] = [];
  for (const item of items) {
    yield;
    if (matches(item)) found.push(item);
  }
  return found;
}
