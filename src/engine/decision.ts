/** The policy types that take part in a decision; the names are those of the `evaluate` contract. */
export type Layer =
  | 'identity'
  | 'resourcePolicy'
  | 'permissionsBoundary'
  | 'session'
  | 'serviceControl'
  | 'resourceControl';

/** Reference to a statement of a policy, for messages and records. */
export interface StatementRef {
  readonly policy: string;
  /** 0-based. */
  readonly statement: number;
  readonly sid?: string;
  readonly file?: string;
  /** 1-based. */
  readonly line?: number;
}

export interface Decision {
  readonly decision: 'allowed' | 'explicitDeny' | 'implicitDeny';
  /** The layer that decided: the one that granted, the one that denied, or the first that did not allow. */
  readonly layer: Layer;
  /** The statements that determined the decision, allowing or denying; empty for an implicit deny. */
  readonly determining: readonly StatementRef[];
  /** Why the evaluation failed; the decision is then an implicit deny. */
  readonly cause?: string;
}
