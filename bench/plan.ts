/** How much is measured: everything in under five minutes, or the ratios that matter in about one. */
export interface Plan {
  readonly quick: boolean;
  readonly httpRounds: number;
  readonly httpSeconds: number;
  readonly warmUpSeconds: number;
  readonly latencyRounds: number;
  readonly latencySeconds: number;
  readonly starts: number;
  readonly loadSeconds: number;
}

export const FULL: Plan = {
  quick: false,
  httpRounds: 3,
  httpSeconds: 1.5,
  warmUpSeconds: 1.5,
  latencyRounds: 4,
  latencySeconds: 0.5,
  starts: 9,
  loadSeconds: 60,
};

export const QUICK: Plan = {
  quick: true,
  httpRounds: 3,
  httpSeconds: 1,
  warmUpSeconds: 1.5,
  latencyRounds: 3,
  latencySeconds: 0.3,
  starts: 5,
  loadSeconds: 5,
};
