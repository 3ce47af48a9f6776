export const IS_LONG = process.env.TEST_RUNS === 'long';

/**
 * The number of generated cases of a property: `most` in `npm run test:long`, a fifteenth of them in `npm test`. Each run
 * has another seed, so that many short runs cover as much as a long one.
 */
export const runs = (most: number): number => (IS_LONG ? most : Math.ceil(most / 15));

/**
 * The exception: a property that also counts what was generated, where the count is small in a short run. With another
 * seed each time, it would fail by chance.
 */
export const SEED_OF_COUNTS: { readonly seed?: number } = IS_LONG ? {} : { seed: 20_261 };
