import { setImmediate as nextTurn } from 'node:timers/promises';

/** How long work may hold up requests before they get a turn. */
const SLICE_MILLIS = 5;

/** Works through items, and lets requests be handled in between. `onSlice` gets the number of those that are done. */
export async function inSlices<Item>(
  items: readonly Item[],
  work: (item: Item) => void,
  onSlice: (done: number) => void | Promise<void> = () => {},
): Promise<void> {
  let begun = performance.now();
  for (const [index, item] of items.entries()) {
    work(item);
    if (performance.now() - begun < SLICE_MILLIS) continue;
    await onSlice(index + 1);
    await nextTurn();
    begun = performance.now();
  }
}
