import type { ResourceArn } from '../lib/identifiers.ts';
import type { Principal } from './principal.ts';

/** A string for a single-valued context key, a list for a multi-valued one (`aws:TagKeys`). */
export type ContextValue = string | readonly string[];

/** The context keys of a request. Keys are looked up in lower case; a `Map` with lower-case keys satisfies it. */
export interface RequestContext {
  get(key: string): ContextValue | undefined;
}

/** Authorization request: may this principal perform this action on this resource, in this context? */
export interface AuthorizationRequest {
  readonly principal: Principal;
  /** `service:Name`, e.g. `personalize:CreateCampaign`. */
  readonly action: string;
  /** An ARN, or `*` for an action that has no resource. */
  readonly resource: ResourceArn;
  readonly context: RequestContext;
}
