/** One metric: a name in a namespace, with its dimensions. */
export interface Metric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: readonly Dimension[];
}

export interface Dimension {
  readonly Name: string;
  readonly Value: string;
}

/** Values of one moment, or of one period. */
export interface StatisticSet {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly count: number;
  readonly sum: number;
  readonly minimum: number;
  readonly maximum: number;
}

interface Series {
  readonly metric: Metric;
  readonly unit: string;
  readonly points: StatisticSet[];
}

/** The oldest values of a series go first. */
const MOST_POINTS = 10_000;

/** Metrics in memory. A metric with another unit is another series of it, as on CloudWatch. */
export class Metrics {
  readonly #series = new Map<string, Series>();

  put(metric: Metric, unit: string, point: StatisticSet): void {
    const name = JSON.stringify([metric.namespace, metric.name, sorted(metric.dimensions), unit]);
    const series = this.#series.get(name) ?? { metric, unit, points: [] };
    this.#series.set(name, series);
    series.points.push(point);
    if (series.points.length > MOST_POINTS) series.points.shift();
  }

  /** Each once, in the order in which they were first seen. */
  list(): readonly Metric[] {
    const metrics = new Map([...this.#series.values()].map(({ metric }) => [identity(metric), metric]));
    return [...metrics.values()];
  }

  /** The values of a metric from `start` on and before `end`, by periods, oldest first. Without a unit: of all of them. */
  periods(
    metric: Metric,
    unit: string | undefined,
    span: { readonly start: number; readonly end: number; readonly periodSeconds: number },
  ): readonly StatisticSet[] {
    const wanted = identity(metric);
    const points = [...this.#series.values()]
      .filter((series) => identity(series.metric) === wanted && (unit === undefined || series.unit === unit))
      .flatMap((series) => series.points)
      .filter(({ at }) => at >= span.start && at < span.end);
    const millis = span.periodSeconds * 1000;
    const periods = new Map<number, StatisticSet>();
    for (const point of points) {
      const at = Math.floor(point.at / millis) * millis;
      const before = periods.get(at);
      periods.set(at, before ? { ...together(before, point), at } : { ...point, at });
    }
    return [...periods.values()].sort((one, other) => one.at - other.at);
  }
}

const sorted = (dimensions: readonly Dimension[]): readonly (readonly string[])[] =>
  dimensions.map(({ Name, Value }) => [Name, Value]).sort();

const identity = ({ namespace, name, dimensions }: Metric): string =>
  JSON.stringify([namespace, name, sorted(dimensions)]);

const together = (one: StatisticSet, other: StatisticSet): StatisticSet => ({
  at: one.at,
  count: one.count + other.count,
  sum: one.sum + other.sum,
  minimum: Math.min(one.minimum, other.minimum),
  maximum: Math.max(one.maximum, other.maximum),
});

/** The statistics that a set of values has, by their names. */
export const STATISTICS: Readonly<Record<string, (set: StatisticSet) => number>> = {
  SampleCount: ({ count }) => count,
  Sum: ({ sum }) => sum,
  Average: ({ sum, count }) => sum / count,
  Minimum: ({ minimum }) => minimum,
  Maximum: ({ maximum }) => maximum,
};
