import type { StatementRef } from '../../engine/decision.ts';
import type { ContextValue } from '../../engine/request.ts';

/** One claim about one principal or document, and what came out. */
export interface ProofResult {
  /** What the claim is about: `role/app`, or the file of a document. */
  readonly subject: string;
  readonly claim: Claim;
  readonly verdict: 'PASS' | 'FAIL' | 'UNKNOWN';
  /** Of UNKNOWN: why it could not be decided. */
  readonly reason?: string;
  /** Of FAIL: a request that contradicts the claim. */
  readonly counterexample?: ProofCounterexample;
  /** What the proof takes for granted about context keys, a sentence each. */
  readonly assumptions: readonly string[];
}

export type Claim = 'no-new-access' | 'not-granted' | 'no-public-access' | 'equivalent';

export interface ProofCounterexample {
  /** As `--as` takes it; `PRINCIPAL` where documents are compared without who has them. */
  readonly principal: string;
  readonly action: string;
  /** Whether the Service Authorization Reference knows the action. */
  readonly listed: boolean;
  readonly resource: string;
  readonly context: Readonly<Record<string, ContextValue>>;
  /** Which of two sides allows the request; only for `equivalent`. */
  readonly allowedBy?: 'new' | 'existing';
  /** The statements that allow the request, those first that the other side lacks. */
  readonly granting: readonly StatementRef[];
  /** The Deny statements of the other side that are gone. */
  readonly goneDenies: readonly StatementRef[];
}
