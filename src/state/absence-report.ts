/**
 * Reports that Redis is away, and that it is back: once for each absence. A connection that returns at once is not
 * reported. An observer that throws changes nothing.
 */
export class AbsenceReport {
  readonly #write: (message: string) => void;
  #isAway = false;
  #isEnded = false;

  constructor(write: (message: string) => void) {
    this.#write = write;
  }

  /** @param reason names the setting and the address */
  away(reason: string): void {
    this.#change(true, `${reason}; decisions are kept here until Redis is back`);
  }

  back(): void {
    this.#change(false, 'state: Redis is back, and has the decisions that were kept here');
  }

  /** The connection is closed on purpose, which is not an absence. */
  end(): void {
    this.#isEnded = true;
  }

  #change(isAway: boolean, message: string): void {
    if (isAway === this.#isAway || this.#isEnded) return;
    this.#isAway = isAway;
    try {
      this.#write(message);
    } catch {}
  }
}
