import type { Caller } from '../directory/caller.ts';
import type { Session } from '../directory/session.ts';
import type { Principal } from '../engine/principal.ts';
import type { ContextValue } from '../engine/request.ts';
import type { HttpRequest } from '../lib/http-message.ts';
import type { AccountId } from '../lib/identifiers.ts';

export type Tags = Readonly<Record<string, string>>;

/** The inputs of a request's context keys, all of them already known. */
export interface ContextFacts {
  /** Absent if a decision is simulated: the network keys are then unknown, except for `secure`. */
  readonly request?: Pick<HttpRequest, 'headers' | 'remoteAddress' | 'secure'>;
  /** Whether a simulated request uses TLS. */
  readonly secure?: boolean;
  readonly principal: Principal;
  /** `AIDA…`, `AROA…:session`, …; see the principal table of the AWS page. */
  readonly userId: string;
  /** Tags of the principal. */
  readonly principalTags: Readonly<Record<string, string>>;
  readonly organization?: Caller['organization'];
  readonly vpcEndpoint?: Caller['vpcEndpoint'];
  /** For temporary credentials. */
  readonly session?: Session;
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
  readonly region: string;
  /** Tags in the request; absent if there are none. */
  readonly requestTags?: Readonly<Record<string, string>>;
  /** Tag keys in the request, including those of an UntagResource. */
  readonly tagKeys?: readonly string[];
}

/** The inputs that differ from check to check of one request. */
export interface CheckFacts {
  readonly resourceAccount: AccountId | undefined;
  readonly tagsOfResource?: TagsOfResource;
  /** A user or role, e.g. one that is passed: its tags also have IAM's own key. */
  readonly isOfIam?: boolean;
  /** Keys of this check only, in lower case, e.g. `iam:passedtoservice`; they override all others. */
  readonly extra?: ReadonlyMap<string, ContextValue>;
}

/**
 * The tags of one resource. `decide` looks them up, which may require a call; `record` returns what is already known.
 * @throws if a decision depends on them and they cannot be read
 */
export type TagsOfResource = (purpose: 'decide' | 'record') => Tags | undefined;
