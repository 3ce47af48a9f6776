import type { CheckContext } from '../context-keys/request-context.ts';
import type { Caller } from '../directory/caller.ts';
import type { Session } from '../directory/session.ts';
import type { Decision } from '../engine/decision.ts';
import type { AuthorizationRequest, ContextValue } from '../engine/request.ts';
import type { AwsError } from '../lib/errors.ts';
import type { HttpRequest } from '../lib/http-message.ts';
import type { MaybePromise } from '../lib/maybe-promise.ts';
import type { Result } from '../lib/result.ts';
import type { Authorization } from '../model/check.ts';
import type { Operation, Protocol } from '../model/shape.ts';
import type { PresentedCredential } from '../sigv4/credential.ts';
import type { SignatureRules } from '../sigv4/signature-rules.ts';
import type { ErrorEncoding } from '../wire/encode-error.ts';
import type { InputValue } from '../wire/input-value.ts';
import type { ValidationCode } from '../wire/validate.ts';
import type { Addressing, CallDependencies, Endpoint, Payload, ResourceRules } from './service-rules.ts';

/** Everything that the request path must know about one AWS service. */
export interface Service {
  /** The folder under `services/`. */
  readonly name: string;
  readonly endpoints: () => readonly Endpoint[];
  readonly addressing?: Addressing;
  /** The error of an operation that exists on AWS and is not supported here. */
  readonly unsupported?: (operation: Operation) => AwsError | undefined;
  /** As people call it: `Amazon Personalize`. */
  readonly title: string;
  /** Whether an unknown operation is answered with the operations that are served. */
  readonly namesUnknownOperations?: true;
  readonly signature: (protocol: Protocol) => SignatureRules;
  /** What is wrong with the scope of a credential; `region` is the configured one. */
  readonly scopeError: (
    credential: PresentedCredential,
    region: string,
    operation: Operation,
  ) => AwsError | undefined;
  readonly payload?: Payload;
  /** Authenticates a call without a signature; `undefined` where the call needs one. */
  readonly authenticateUnsigned?: (
    call: Routed,
    deps: CallDependencies & { readonly headOnly: boolean },
  ) => Promise<Result<Authenticated, AwsError>> | undefined;
  /** Why an operation is not available to temporary credentials of this kind. */
  readonly sessionLimit?: (session: Session, operation: Operation) => AwsError | undefined;
  /** Decodes the input; absent: by the operation's shape and the protocol. */
  readonly decodeInput?: (
    call: Authenticated,
    deps: CallDependencies,
  ) => MaybePromise<Result<InputValue, AwsError>>;
  /** Validates and completes a decoded call before its checks are resolved. */
  readonly completeCall?: (
    call: Decoded,
    deps: CallDependencies,
  ) => Result<Decoded, AwsError> | Promise<Result<Decoded, AwsError>>;
  /** Whether parameters given twice in a query or form take the first value, as where AWS itself is the only reader. */
  readonly firstParameterWins?: true;
  readonly validationCode: ValidationCode;
  /** The code of a request that two readers could understand differently. */
  readonly ambiguityCode: string;
  /** What a call of the operation must be allowed to do. */
  readonly authorization: (operation: Operation) => Authorization;
  /** Condition keys of the service's calls, in lower case. */
  readonly contextKeys?: (call: CheckFacts, account: string) => ReadonlyMap<string, ContextValue>;
  /** Whether a check of the action has a key of the call; by default each check has all of them. */
  readonly hasContextKey?: (action: string, key: string) => boolean;
  /** `aws:RequestedRegion` of a global service. */
  readonly requestedRegion?: string;
  /** The input as conditions on its members (`when`) see it. */
  readonly inputForConditions?: (call: CheckFacts) => InputValue;
  readonly resources: ResourceRules;
  /** AWS's sentence about a denied action of this service, where it differs from the common one. */
  readonly denialMessage?: (request: AuthorizationRequest, decision: Decision) => string;
  readonly errors?: ErrorEncoding;
  /** Calls are answered by this process from the folder, and recorded as `answered`; others as `forwarded`. */
  readonly answersFromFolder?: true;
  /** A denied call is never answered, in audit mode neither: its response would hold credentials. */
  readonly issuesCredentials?: true;
  /** Operations that are decided by their head, before the body is read. */
  readonly uploads?: ReadonlySet<string>;
}

/** What the checks of a call depend on. */
export type CheckFacts = Pick<Decoded, 'route' | 'caller' | 'input' | 'receivedAt' | 'mfaAt' | 'credential'>;

/*
 * A request on its way through the pipeline, one type per stage; each holds the one before:
 * received -> routed -> authenticated -> decoded -> checked -> decided.
 */

/** The operation that a request calls, and the protocol in which it is called. */
export interface Route {
  readonly service: Service;
  readonly operation: Operation;
  readonly protocol: Protocol;
}

export interface Received {
  readonly request: HttpRequest;
  /** `x-amzn-requestid`. */
  readonly requestId: string;
  /** `x-authz-decision`: the id of the decision record. */
  readonly decisionId: string;
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
}

/** The operation is known, by target, path, `Action` or address. */
export interface Routed extends Received {
  readonly route: Route;
}

/** The caller is known: its signature was verified, or the operation is called without one. */
export interface Authenticated extends Routed {
  /** Absent where the call is not signed: an identity token or nothing takes its place. */
  readonly credential?: PresentedCredential;
  readonly caller: Caller;
  /** The body without its transfer framing, where the service has one of its own (`aws-chunked`). */
  readonly content?: Uint8Array;
}

/** The input is decoded; a second factor that came with the call is proved. */
export interface Decoded extends Authenticated {
  readonly input: InputValue;
  /** When a one-time code of this call was accepted, in milliseconds since the epoch. */
  readonly mfaAt?: number;
}

/** An authorization request whose context can be recorded. */
export interface Question extends AuthorizationRequest {
  readonly context: CheckContext;
}

/** What policies are asked about a call, in AWS's order. */
export interface Checks {
  readonly checks: readonly Question[];
  /** Checks that AWS may make but does not document. */
  readonly undocumented: readonly Question[];
}

/** The checks are resolved: each names an action, a resource and the context keys that AWS would have. */
export interface Checked extends Decoded, Checks {}

/** A check and its decision. */
export interface DecidedCheck {
  readonly question: AuthorizationRequest;
  readonly decision: Decision;
  /**
   * The context keys at the time of the decision, without those that the record holds elsewhere: the request may change
   * them, e.g. a resource's tags.
   */
  readonly context: Readonly<Record<string, ContextValue>>;
}

/** Every check is decided. */
export interface Decided extends Checked {
  readonly decided: readonly DecidedCheck[];
  readonly decidedUndocumented: readonly DecidedCheck[];
  /** The first check that denies the call; absent where the call is allowed. */
  readonly refusal?: DecidedCheck;
}

/** How far a request came. */
export type Stage = Received | Routed | Authenticated | Decoded | Checked | Decided;
