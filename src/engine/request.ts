import type { Principal } from './principal.ts';

/** A text for a single-valued context key, a list for a multi-valued one (`aws:TagKeys`). */
export type ContextValue = string | readonly string[];

/** The context keys of a request. Keys are asked for in lower case; a `Map` with lower-case keys is one. */
export interface RequestContext {
  get(key: string): ContextValue | undefined;
}

/** One question to the engine: may this principal do this action on this resource, in this context? */
export interface AuthorizationRequest {
  readonly principal: Principal;
  /** `service:Name`, e.g. `personalize:CreateCampaign`. */
  readonly action: string;
  /** An ARN, or `*` for an action that has no resource. */
  readonly resource: string;
  readonly context: RequestContext;
}
