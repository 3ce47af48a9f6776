/** Milliseconds since the epoch. Passed in wherever time matters, so that the core stays pure and tests need no sleep. */
export type Clock = () => number;
