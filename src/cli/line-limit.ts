/** Where the lines are written, and a timer. */
export interface LineLimitOptions {
  readonly write: (line: string) => void;
  /** Calls back after so many milliseconds. */
  readonly later: (callback: () => void, millis: number) => void;
}

const WINDOW_MILLIS = 1_000;
/** Lines that are written in full: more than a person reads in a second. */
const MOST_LINES = 20;

/**
 * Limits the lines about requests, which any client can send without end: beyond the limit for a second they are counted,
 * and one line reports the counts by outcome.
 */
export class LineLimit {
  readonly #options: LineLimitOptions;
  #lines = 0;
  #isOpen = false;
  readonly #counts = new Map<string, number>();

  constructor(options: LineLimitOptions) {
    this.#options = options;
  }

  /**
   * @param outcome of the request that the line is about
   * @param line made only where it is written
   */
  print(outcome: string, line: () => string): void {
    this.#open();
    this.#lines += 1;
    if (this.#lines <= MOST_LINES) this.#options.write(line());
    else this.#counts.set(outcome, (this.#counts.get(outcome) ?? 0) + 1);
  }

  #open(): void {
    if (this.#isOpen) return;
    this.#isOpen = true;
    this.#options.later(() => this.#close(), WINDOW_MILLIS);
  }

  #close(): void {
    this.#isOpen = false;
    this.#lines = 0;
    if (this.#counts.size === 0) return;
    const counts = [...this.#counts].map(([outcome, count]) => `${count} ${outcome}`).join(', ');
    this.#counts.clear();
    this.#options.write(
      `In the last second also ${counts}; every decision is in /_authz/decisions and the log.`,
    );
  }
}
