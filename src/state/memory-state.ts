import { randomUUID } from 'node:crypto';
import type { DecisionLog } from '../records/decision-log.ts';
import { claimsInMemory } from '../sessions/one-time-code.ts';
import { type SharedState, unwritable } from './shared-state.ts';

/** The state of a proxy of one process: its own memory. It closes the log. */
export function memoryState(log: DecisionLog, configured: SharedState['mode']): SharedState {
  let mode = configured;
  return {
    get mode() {
      return mode;
    },
    log,
    decisions: log,
    instance: randomUUID(),
    claimCode: claimsInMemory(),
    recorded: () => log,
    setMode: (wanted) => {
      mode = wanted;
    },
    clear: () => log.clear(),
    problems: () => unwritable(log.problem),
    [Symbol.asyncDispose]: () => log.close(),
  };
}
