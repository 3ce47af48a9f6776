import { Histogram } from 'prom-client';

/** A histogram of durations without labels. Counting is two additions: prom-client's own looks labels up for each value. */
export class DurationHistogram extends Histogram {
  readonly #description: { readonly name: string; readonly help: string };
  /** In seconds. */
  readonly #bounds: readonly number[];
  /** By bound; the last is of all that is longer. */
  readonly #counts: number[];
  #seconds = 0;

  constructor(options: ConstructorParameters<typeof Histogram>[0] & { readonly buckets: number[] }) {
    super(options);
    this.#description = options;
    this.#bounds = options.buckets;
    this.#counts = [...options.buckets.map(() => 0), 0];
  }

  add(seconds: number): void {
    let bucket = 0;
    while (seconds > (this.#bounds[bucket] ?? Number.POSITIVE_INFINITY)) bucket += 1;
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#seconds += seconds;
  }

  /** What prom-client asks for in all of its formats; not in its types. */
  async getForPromString(): Promise<object> {
    const { name, help } = this.#description;
    let count = 0;
    const buckets = this.#counts.map((own, index) => {
      count += own;
      return { metricName: `${name}_bucket`, labels: { le: this.#bounds[index] ?? '+Inf' }, value: count };
    });
    const sum = { metricName: `${name}_sum`, labels: {}, value: this.#seconds };
    const total = { metricName: `${name}_count`, labels: {}, value: count };
    return { name, help, type: 'histogram', aggregator: 'sum', values: [...buckets, sum, total] };
  }
}
