/**
 * The number of generated cases of a property: `most` in `npm run test:long`, a fifteenth of them in `npm test`. Each run
 * has another seed, so that many short runs cover as much as a long one.
 */
export const runs = (most: number): number =>
  process.env.TEST_RUNS === 'long' ? most : Math.ceil(most / 15);
