import type { Decision, Layer, StatementRef } from '../engine/decision.ts';
import type { ContextValue } from '../engine/request.ts';
import type { AccessKeyId, AccountId, Arn, ResourceArn } from '../lib/identifiers.ts';

/**
 * The outcome of a request: `rejected` is a failure of routing, authentication or input validation, before policy
 * evaluation.
 */
export type Outcome = 'forwarded' | 'denied' | 'rejected' | 'answered' | 'audited';

/** One check of one action on one resource, with its decision. */
export interface CheckRecord {
  readonly action: string;
  readonly resource: ResourceArn;
  readonly decision: Decision['decision'];
  readonly layer: Layer;
  readonly determining: readonly StatementRef[];
  /**
   * The context keys of the check, as AWS spells them, without those that follow from the rest of the record:
   * `contextOf` returns all of them. Absent in records of version 0.1.
   */
  readonly context?: Readonly<Record<string, ContextValue>>;
  /** Why the evaluation failed, which denies. */
  readonly cause?: string;
}

/** Temporary credentials, as far as decisions depend on them. */
export interface SessionRecord {
  /** The principal whose permissions it has: `role/recommender`, `user/alice`. */
  readonly holder: string;
  /** ISO 8601, UTC. */
  readonly issuedAt: string;
  /** The session policies, the document as a JSON string; absent if none were passed. */
  readonly policies?: { readonly inline?: string; readonly arns: readonly string[] };
}

export interface PrincipalRecord {
  readonly type: 'User' | 'AssumedRole' | 'FederatedUser' | 'Root';
  readonly arn: Arn;
  readonly accountId: AccountId;
  readonly userName?: string;
  readonly roleArn?: Arn;
  readonly sessionName?: string;
}

/**
 * The decision record: the same object in the log file, the API and the public types. Never contains a secret, a
 * signature or a session token.
 */
export interface DecisionRecord {
  readonly id: string;
  /** ISO 8601 with milliseconds, UTC. */
  readonly time: string;
  readonly mode: 'enforce' | 'audit';
  readonly outcome: Outcome;
  /** Absent if the caller was not authenticated. */
  readonly principal?: PrincipalRecord;
  /** For temporary credentials. */
  readonly session?: SessionRecord;
  readonly request: {
    readonly id: string;
    /** Absent if the request was not routed. */
    readonly service?: string;
    readonly operation?: string;
    readonly region?: string;
    /** The access key ID that signed, or that a rejected request claims; absent if none has the right form. */
    readonly accessKeyId?: AccessKeyId;
    readonly sourceIp: string;
    /** Of the VPC endpoint that the call came through. */
    readonly vpcEndpointId?: string;
    readonly userAgent?: string;
    /**
     * The call's input by the names of the service model: at most 8 kB, without secrets, long parts shortened with a mark.
     * Absent where the request was rejected before its input was read.
     */
    readonly parameters?: Readonly<Record<string, unknown>>;
  };
  readonly checks: readonly CheckRecord[];
  /** Results of checks that AWS may perform but does not document (docs/conformance.md). */
  readonly undocumented: readonly CheckRecord[];
  /** The error response sent instead of forwarding, or the upstream's failure. */
  readonly error?: { readonly code: string; readonly status: number; readonly message: string };
  /** What the caller of an authorized request received: the stub's or the upstream's status. */
  readonly answer?: { readonly status: number };
  /** From the last byte of the request to the decision, in microseconds. */
  readonly durationMicros: number;
}
