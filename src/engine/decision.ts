/** The kinds of policy that take part in a decision; the names are those of the `evaluate` contract. */
export type Layer =
  | 'identity'
  | 'resourcePolicy'
  | 'permissionsBoundary'
  | 'session'
  | 'serviceControl'
  | 'resourceControl';

/** Points at a statement of a policy, for people and for records. */
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
  /** The layer that decided: that granted, that denied, or that was the first not to allow. */
  readonly layer: Layer;
  /** The statements that made it: the allowing or the denying ones; none for an implicit deny. */
  readonly determining: readonly StatementRef[];
  /** Why the policies could not be evaluated to the end; the decision is then an implicit deny. */
  readonly cause?: string;
}
