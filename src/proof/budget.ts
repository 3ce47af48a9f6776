/** Thrown where a proof costs more than it may: its answer is UNKNOWN. */
export class BoundReached extends Error {}

/**
 * What a proof may cost. A step is a position of a state of a word search, or a node of the search tree: a count and not a
 * time, so that the same proof always ends the same way.
 */
export class Budget {
  #left: number;

  constructor(steps: number) {
    this.#left = steps;
  }

  /** @throws BoundReached */
  spend(steps = 1): void {
    this.#left -= steps;
    if (this.#left < 0) throw new BoundReached('the proof needs more steps than it may take');
  }
}
