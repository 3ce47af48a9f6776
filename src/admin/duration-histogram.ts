import { Histogram, type Registry } from 'prom-client';
import { type Counted, DURATION_BUCKETS } from './counted.ts';

interface Description {
  readonly name: string;
  readonly help: string;
  readonly registers: Registry[];
}

/** A histogram of durations without labels that were counted elsewhere: prom-client's own looks labels up for each value. */
export class DurationHistogram extends Histogram {
  readonly #durations: Counted['durations'];
  readonly #description: Description;

  constructor(durations: Counted['durations'], description: Description) {
    super({ ...description, buckets: DURATION_BUCKETS });
    this.#durations = durations;
    this.#description = description;
  }

  /** Called by prom-client for each of its formats; not in its types. */
  async getForPromString(): Promise<object> {
    const { name, help } = this.#description;
    let count = 0;
    const buckets = this.#durations.counts.map((own, index) => {
      count += own;
      return {
        metricName: `${name}_bucket`,
        labels: { le: DURATION_BUCKETS[index] ?? '+Inf' },
        value: count,
      };
    });
    const sum = { metricName: `${name}_sum`, labels: {}, value: this.#durations.seconds };
    const total = { metricName: `${name}_count`, labels: {}, value: count };
    return { name, help, type: 'histogram', aggregator: 'sum', values: [...buckets, sum, total] };
  }
}
