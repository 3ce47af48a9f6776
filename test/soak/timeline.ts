interface Span<Value> {
  readonly value: Value;
  readonly from: number;
  until: number;
}

/**
 * What may have been in force when. A change begins when it is asked for and is over when the proxy confirms it: between
 * the two both values count.
 */
export class Timeline<Value> {
  readonly #spans: Span<Value>[] = [];

  /** From now on the value may be in force. */
  begin(value: Value): void {
    this.#spans.push({ value, from: performance.now(), until: Number.POSITIVE_INFINITY });
  }

  /** The value is in force, and none that began before it. */
  confirm(value: Value): void {
    const at = this.#spans.findLastIndex((span) => span.value === value);
    for (const span of this.#spans.slice(0, Math.max(at, 0)))
      span.until = Math.min(span.until, performance.now());
  }

  /** The value is no longer in force. */
  end(value: Value): void {
    for (const span of this.#spans)
      if (span.value === value) span.until = Math.min(span.until, performance.now());
  }

  /** Every value that may have been in force at some moment of the interval. */
  during(from: number, until: number): readonly Value[] {
    return this.#spans.filter((span) => span.from <= until && span.until >= from).map(({ value }) => value);
  }

  /** Forgets what no request that is still under way can have met. */
  forget(before: number): void {
    const kept = this.#spans.filter(({ until }) => until >= before);
    this.#spans.splice(0, this.#spans.length, ...kept);
  }
}
