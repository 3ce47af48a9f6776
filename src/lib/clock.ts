/** Milliseconds since the epoch. Passed as a dependency, so that the core stays pure and tests do not sleep. */
export type Clock = () => number;
