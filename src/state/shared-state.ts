import type { Diagnostic } from '../lib/errors.ts';
import type { DecisionLog } from '../records/decision-log.ts';
import type { DecisionRecord } from '../records/decision-record.ts';
import type { ClaimCode } from '../sessions/one-time-code.ts';

type Mode = DecisionRecord['mode'];

/** The state that the request path shares with the other processes of a proxy. */
export interface RequestState {
  /** Whether denials count now, for all of them. */
  readonly mode: Mode;
  /** Where decisions are recorded: a response is sent once its record would survive the end of this process. */
  readonly log: Pick<DecisionLog, 'append'>;
  readonly claimCode: ClaimCode;
  /** The decisions of all processes, with everything that any of them has answered. */
  recorded(): Pick<DecisionLog, 'list'> | Promise<Pick<DecisionLog, 'list'>>;
}

/** The same for what `/_authz` shows and changes. */
export interface SharedState extends RequestState, AsyncDisposable {
  /** The decisions of all processes, in memory. */
  readonly decisions: DecisionLog;
  /** Where the sequence numbers of `decisions` come from: others may use the same numbers for other decisions. */
  readonly instance: string;
  /** Rejects if other processes cannot be reached. */
  setMode(mode: Mode): void | Promise<void>;
  /** Deletes the decisions in memory. Rejects if other processes cannot be reached. */
  clear(): void | Promise<void>;
  /** Brings `decisions` and `mode` up to what any process has answered; absent where this process has it all. */
  readonly catchUp?: () => Promise<void>;
  /** Why decisions cannot be recorded, or not be shared. */
  problems(): readonly Diagnostic[];
}

/** A decision log that cannot be written, as a diagnostic. */
export const unwritable = (problem: string | undefined): readonly Diagnostic[] =>
  problem === undefined ? [] : [{ severity: 'error', rule: 'unwritable', message: problem }];
