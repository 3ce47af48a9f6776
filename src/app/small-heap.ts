import { setFlagsFromString } from 'node:v8';

/**
 * From now on V8 collects the old generation once it has grown by 60 %. By default it may grow to several times its size, with
 * decision records that have left the ring; while everything is loaded, that saves collections. What requests leave in the
 * young generation is too little to wake other threads for (docs/decisions/0004).
 */
export const keepHeapSmall = (): void => {
  setFlagsFromString('--heap-growing-percent=60');
  setFlagsFromString('--no-parallel-scavenge');
};
