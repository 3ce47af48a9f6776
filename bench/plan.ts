/** How much is measured: everything in under five minutes, or the ratios that matter in about one. */
export interface Plan {
  readonly quick: boolean;
  /** For the variants that published ratios compare. */
  readonly http: HttpLoad;
  readonly latencyRounds: number;
  readonly latencySeconds: number;
  readonly starts: number;
  readonly loadSeconds: number;
}

/** A server is loaded before it is measured until V8 has optimized it: before that, it is slower and its p99 higher. */
export interface HttpLoad {
  readonly warmUpSeconds: number;
  readonly rounds: number;
  readonly seconds: number;
}

export const FULL: Plan = {
  quick: false,
  http: { warmUpSeconds: 3, rounds: 5, seconds: 1.5 },
  latencyRounds: 4,
  latencySeconds: 0.5,
  starts: 9,
  loadSeconds: 60,
};

export const QUICK: Plan = {
  quick: true,
  http: { warmUpSeconds: 2, rounds: 3, seconds: 1 },
  latencyRounds: 3,
  latencySeconds: 0.3,
  starts: 5,
  loadSeconds: 5,
};
