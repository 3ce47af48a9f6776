import type { Decision, Layer, StatementRef } from '../engine/decision.ts';
import type { ContextValue } from '../engine/request.ts';

/** How a request ended: `rejected` is a failure of routing, authentication or input, before any policy was asked. */
export type Outcome = 'forwarded' | 'denied' | 'rejected' | 'answered' | 'audited';

/** One check of one action on one resource, as decided. */
export interface CheckRecord {
  readonly action: string;
  readonly resource: string;
  readonly decision: Decision['decision'];
  readonly layer: Layer;
  readonly determining: readonly StatementRef[];
  /**
   * The context keys that the check had, spelled as AWS spells them, without those that follow from the rest of the
   * record: `contextOf` gives all of them. Absent in records of version 0.1.
   */
  readonly context?: Readonly<Record<string, ContextValue>>;
  /** Why the policies could not be evaluated to the end, which denies. */
  readonly cause?: string;
}

/** Temporary credentials, as far as decisions depend on them. */
export interface SessionRecord {
  /** Whose permissions it has: `role/recommender`, `user/alice`. */
  readonly holder: string;
  /** ISO 8601, UTC. */
  readonly issuedAt: string;
  /** The policies that were passed for it, the document as JSON text; absent where none were. */
  readonly policies?: { readonly inline?: string; readonly arns: readonly string[] };
}

export interface PrincipalRecord {
  readonly type: 'User' | 'AssumedRole' | 'FederatedUser' | 'Root';
  readonly arn: string;
  readonly accountId: string;
  readonly userName?: string;
  readonly roleArn?: string;
  readonly sessionName?: string;
}

/** The decision record: the same object in the log file, the API and the public types. Never holds a secret, a signature or a session token. */
export interface DecisionRecord {
  readonly id: string;
  /** ISO 8601 with milliseconds, UTC. */
  readonly time: string;
  readonly mode: 'enforce' | 'audit';
  readonly outcome: Outcome;
  /** Absent when the caller was not identified. */
  readonly principal?: PrincipalRecord;
  /** Of temporary credentials. */
  readonly session?: SessionRecord;
  readonly request: {
    readonly id: string;
    /** Absent when the request was not routed. */
    readonly service?: string;
    readonly operation?: string;
    readonly region?: string;
    /** The key that signed, or that a rejected request claims; absent where there is none that looks like one. */
    readonly accessKeyId?: string;
    readonly sourceIp: string;
    /** Where it came through a VPC endpoint. */
    readonly vpcEndpointId?: string;
    readonly userAgent?: string;
  };
  readonly checks: readonly CheckRecord[];
  /** Checks that AWS may make but does not document, as they came out (design 6). */
  readonly undocumented: readonly CheckRecord[];
  /** What was answered instead of forwarding, or what the upstream's failure was. */
  readonly error?: { readonly code: string; readonly status: number; readonly message: string };
  /** From the last byte of the request to the decision, in microseconds. */
  readonly durationMicros: number;
}
