import type { Decision } from '../engine/decision.ts';
import type { AuthorizationRequest } from '../engine/request.ts';
import type { HttpRequest } from '../http-message.ts';
import type { Caller } from '../identity/directory.ts';
import type { PresentedCredential } from '../sigv4/credential.ts';
import type { Route } from '../wire/route.ts';

/*
 * The way of a request, one type a stage; each holds the one before:
 * received -> routed -> authenticated -> named -> decided.
 */

export interface Received {
  readonly request: HttpRequest;
  /** `x-amzn-requestid`. */
  readonly requestId: string;
  /** `x-authz-decision`: the id of the decision record. */
  readonly decisionId: string;
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
}

/** The operation is known, by target, path or `Action`. */
export interface Routed extends Received {
  readonly route: Route;
}

/** The signature is good, and the caller is who owns the key. */
export interface Authenticated extends Routed {
  readonly credential: PresentedCredential;
  readonly caller: Caller;
}

/** The body is decoded, and every question that policies must answer is formed. */
export interface Named extends Authenticated {
  readonly input: Readonly<Record<string, unknown>>;
  readonly checks: readonly AuthorizationRequest[];
  /** Checks that AWS may make but does not document. */
  readonly undocumented: readonly AuthorizationRequest[];
}

/** A question and its answer. */
export interface DecidedCheck {
  readonly question: AuthorizationRequest;
  readonly decision: Decision;
}

/** Every question is answered. */
export interface Decided extends Named {
  readonly decided: readonly DecidedCheck[];
  readonly decidedUndocumented: readonly DecidedCheck[];
  /** The first check that refuses the request; absent where it may pass. */
  readonly refusal?: DecidedCheck;
}
