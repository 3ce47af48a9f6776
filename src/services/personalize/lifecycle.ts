/** A change of a resource's state that takes time. All times are milliseconds since the epoch. */
export interface Transition {
  readonly kind: TransitionKind;
  readonly since: number;
  /** When it is over; equal to `since` where the stub settles at once. */
  readonly until: number;
  /** Why it ends in failure, from a script (`stub.fixtures`), a role or a rule. */
  readonly failureReason?: string;
}

export type TransitionKind = keyof typeof PHASES;

/**
 * The statuses that AWS walks through: waiting, working, done. There is no timer: a status is computed from the clock
 * when it is asked for. `GONE` is never seen; the resource is not found any more. `resource-types.ts` has what types do
 * otherwise.
 * @see https://docs.aws.amazon.com/personalize/latest/dg/API_Recommender.html
 * @see https://docs.aws.amazon.com/personalize/latest/dg/API_StopSolutionVersionCreation.html
 */
const PHASES = {
  create: ['CREATE PENDING', 'CREATE IN_PROGRESS', 'ACTIVE'],
  update: ['CREATE PENDING', 'CREATE IN_PROGRESS', 'ACTIVE'],
  start: ['START PENDING', 'START IN_PROGRESS', 'ACTIVE'],
  stop: ['STOP PENDING', 'STOP IN_PROGRESS', 'INACTIVE'],
  stopTraining: ['CREATE STOPPING', 'CREATE STOPPING', 'CREATE STOPPED'],
  delete: ['DELETE PENDING', 'DELETE IN_PROGRESS', 'GONE'],
} as const;

export type Status = (typeof PHASES)[TransitionKind][number] | 'CREATE FAILED' | UpdateStatus;

/** What a dataset shows while it is updated; of other types only the description of the update changes. */
type UpdateStatus = 'UPDATE PENDING' | 'UPDATE IN_PROGRESS';

/** `undefined` where the update is over. */
export function updateStatusAt(update: Transition, now: number): UpdateStatus | undefined {
  const phase = phaseAt(update, now);
  return phase === 2 ? undefined : phase === 0 ? 'UPDATE PENDING' : 'UPDATE IN_PROGRESS';
}

export function statusAt(transition: Transition, now: number): Status {
  const phase = phaseAt(transition, now);
  return phase === 2 && transition.failureReason !== undefined
    ? 'CREATE FAILED'
    : PHASES[transition.kind][phase];
}

/** Whether the transition is over, one way or the other. */
export const isSettledAt = (transition: Transition, now: number): boolean => now >= transition.until;

/** Whether the transition is over and did what was asked. */
export const succeededBy = (transition: Transition, now: number): boolean =>
  isSettledAt(transition, now) && transition.failureReason === undefined;

/** When the status of this moment was reached. */
export function statusSince(transition: Transition, now: number): number {
  const reached: readonly [number, number, number] = [
    transition.since,
    halfway(transition),
    transition.until,
  ];
  return reached[phaseAt(transition, now)];
}

function phaseAt(transition: Transition, now: number): 0 | 1 | 2 {
  if (isSettledAt(transition, now)) return 2;
  return now < halfway(transition) ? 0 : 1;
}

const halfway = ({ since, until }: Transition): number => since + Math.floor((until - since) / 2);
