/** The median of several samples, the least and the most of them. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export interface Figure extends Spread {
  readonly name: string;
  readonly unit: 'requests/s' | 'µs' | 'ms' | 'MB' | 'kB' | '';
  /** CPU time of the server for one request, in microseconds. */
  readonly cpuMicros?: number;
  /** What else was measured with it. */
  readonly note?: string;
}

/** What one part of the benchmark measured. */
export interface Section {
  readonly figures: readonly Figure[];
  /** What was not measured, and why. */
  readonly skipped?: readonly { readonly name: string; readonly reason: string }[];
  /** Figures that have a target, by its key in `targets.ts`. */
  readonly measured?: Readonly<Record<string, Spread>>;
}

export function spreadOf(samples: readonly number[]): Spread {
  const sorted = samples.toSorted((one, other) => one - other);
  const [low = Number.NaN, high = low] = [
    sorted[Math.floor((sorted.length - 1) / 2)],
    sorted[Math.ceil((sorted.length - 1) / 2)],
  ];
  return { median: (low + high) / 2, min: sorted[0] ?? Number.NaN, max: sorted.at(-1) ?? Number.NaN };
}

/** Of samples that were taken in turns: what slows the machine in a round slows both. */
export const ratioOf = (samples: readonly number[], base: readonly number[]): Spread =>
  spreadOf(samples.map((sample, round) => sample / (base[round] ?? Number.NaN)));

export const single = (value: number): Spread => ({ median: value, min: value, max: value });

/** Three significant digits, and whole numbers from a hundred on. */
export function digits(value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (value >= 100) return Math.round(value).toLocaleString('en-US');
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

export function spreadText({ median, min, max }: Spread): string {
  return min === max ? digits(median) : `${digits(median)} (${digits(min)}–${digits(max)})`;
}
