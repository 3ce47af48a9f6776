/** How many bytes of request bodies the process holds at a time, over all connections. */
export interface BodyBudget {
  /** Whether there is room for more; what was taken is given back when its request was answered. */
  take(bytes: number, isSmall: boolean): boolean;
  give(bytes: number): void;
}

/** Large bodies leave a quarter to small ones: a few slow uploads do not keep ordinary calls out. */
const LARGE_SHARE = 0.75;

export function createBodyBudget(maxBytes: number): BodyBudget {
  let taken = 0;
  return {
    take(bytes, isSmall) {
      if (taken + bytes > (isSmall ? maxBytes : maxBytes * LARGE_SHARE)) return false;
      taken += bytes;
      return true;
    },
    give(bytes) {
      taken -= bytes;
    },
  };
}
