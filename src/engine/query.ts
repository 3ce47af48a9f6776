import { memoizeText } from '../lib/memoize.ts';
import type { Principal } from './principal.ts';
import type { AuthorizationRequest, RequestContext } from './request.ts';

/** An authorization request prepared for matching. */
export interface Query {
  readonly principal: Principal;
  /** In lower case: actions are compared ignoring case. */
  readonly action: string;
  readonly resource: string;
  readonly context: RequestContext;
  /** Whether the principal has a permissions boundary, which affects `NotPrincipal`. */
  readonly bounded: boolean;
}

/** Actions are few: each is folded once. */
const folded = memoizeText((action) => action.toLowerCase());

export const toQuery = (request: AuthorizationRequest, bounded: boolean): Query => ({
  principal: request.principal,
  action: folded(request.action),
  resource: request.resource,
  context: request.context,
  bounded,
});
