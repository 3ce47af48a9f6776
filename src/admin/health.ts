import type { Diagnostic } from '../lib/errors.ts';

export type Mode = 'enforce' | 'audit';

/** What `/_authz/health` shows. `degraded`: it works, on the last valid state of a folder that now has diagnostics. */
export interface Health {
  readonly status: 'ok' | 'degraded';
  readonly version: string;
  readonly mode: Mode;
  readonly upstream: string;
  readonly principals: number;
  readonly policies: number;
  /** Faults of the last edit, and anything else that a person should look at. */
  readonly problems: readonly Diagnostic[];
}

/** Problems for which `/_authz/health/ready` is 503: something that requests need is away. */
const UNAVAILABLE: ReadonlySet<string> = new Set(['unavailable-store', 'unavailable-state']);

/** What keeps a server from being ready; empty where nothing does. */
export const unavailabilities = (problems: readonly Diagnostic[]): readonly Diagnostic[] =>
  problems.filter(({ rule }) => UNAVAILABLE.has(rule));
