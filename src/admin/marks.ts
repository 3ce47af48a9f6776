/** A moment that people gave a name, such as the start of a test run. */
export interface Mark {
  readonly name: string;
  /** ISO 8601, UTC. */
  readonly time: string;
}

const MOST_MARKS = 50;

/** The named moments of this process, the newest last; the oldest goes when there are too many. */
export class Marks {
  readonly #marks = new Map<string, Mark>();

  /** A name that is there already means the new moment. */
  set(name: string, now: number): Mark {
    const mark = { name, time: new Date(now).toISOString() };
    this.#marks.delete(name);
    this.#marks.set(name, mark);
    const [oldest] = this.#marks.keys();
    if (this.#marks.size > MOST_MARKS && oldest !== undefined) this.#marks.delete(oldest);
    return mark;
  }

  find(name: string): Mark | undefined {
    return this.#marks.get(name);
  }

  list(): readonly Mark[] {
    return [...this.#marks.values()];
  }
}
