import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Steps } from '../lib/steps.ts';

/** How long work may hold up requests before they get a turn. */
const SLICE_MILLIS = 5;
/** A request takes several turns of the event loop: read, handled, written. It would wait for a slice at each of them. */
const TURNS = 4;

/** Measures slices of work. To be asked between two pieces of it: `if (slices.isOver) await slices.rest();`. */
export class Slices {
  #begun = performance.now();

  get isOver(): boolean {
    return performance.now() - this.#begun >= SLICE_MILLIS;
  }

  /** Lets requests be handled that wait, and begins the next slice. */
  async rest(): Promise<void> {
    for (let turn = 0; turn < TURNS; turn += 1) await nextTurn();
    this.#begun = performance.now();
  }
}

/** Works through items, and lets requests be handled in between. `onSlice` gets the number of those that are done. */
export async function inSlices<Item>(
  items: readonly Item[],
  work: (item: Item) => void | Promise<void>,
  onSlice: (done: number) => void | Promise<void> = () => {},
): Promise<void> {
  const slices = new Slices();
  for (const [index, item] of items.entries()) {
    const pending = work(item);
    if (pending) await pending;
    if (!slices.isOver) continue;
    await onSlice(index + 1);
    await slices.rest();
  }
}

/** Does work that is made of steps, and lets requests be handled in between. */
export async function finishInSlices<Value>(steps: Steps<Value>): Promise<Value> {
  const slices = new Slices();
  for (let step = steps.next(); ; step = steps.next()) {
    if (step.done) return step.value;
    if (slices.isOver) await slices.rest();
  }
}
