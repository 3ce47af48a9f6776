import type { CheckContext } from '../context-keys/request-context.ts';
import type { Caller } from '../directory/directory.ts';
import type { Decision } from '../engine/decision.ts';
import type { AuthorizationRequest, ContextValue } from '../engine/request.ts';
import type { HttpRequest } from '../lib/http-message.ts';
import type { PresentedCredential } from '../sigv4/credential.ts';
import type { Route } from '../wire/route.ts';

/*
 * The way of a request, one type a stage; each holds the one before:
 * received -> routed -> authenticated -> understood -> named -> decided.
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

/** The signature is good, and the caller is who owns the key; or an identity token is, where none is asked for. */
export interface Authenticated extends Routed {
  /** Absent where an identity token stands for it. */
  readonly credential?: PresentedCredential;
  readonly caller: Caller;
  /** Of S3: the body as it was before it was sent in chunks, proved to be what was signed. */
  readonly content?: Uint8Array;
}

/** The body is decoded; a second factor that came with the call is proved. */
export interface Understood extends Authenticated {
  readonly input: Readonly<Record<string, unknown>>;
  /** When a one-time code of this call was accepted, in milliseconds since the epoch. */
  readonly mfaAt?: number;
}

/** A question whose context can be written down. */
export interface Question extends AuthorizationRequest {
  readonly context: CheckContext;
}

/** Every question that policies must answer is formed. */
export interface Named extends Understood {
  readonly checks: readonly Question[];
  /** Checks that AWS may make but does not document. */
  readonly undocumented: readonly Question[];
}

/** A question and its answer. */
export interface DecidedCheck {
  readonly question: AuthorizationRequest;
  readonly decision: Decision;
  /**
   * The context keys that the question had when it was decided, without what its record tells anyway: the request may
   * change them, e.g. a resource's tags.
   */
  readonly context: Readonly<Record<string, ContextValue>>;
}

/** Every question is answered. */
export interface Decided extends Named {
  readonly decided: readonly DecidedCheck[];
  readonly decidedUndocumented: readonly DecidedCheck[];
  /** The first check that refuses the request; absent where it may pass. */
  readonly refusal?: DecidedCheck;
}
