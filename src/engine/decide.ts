import { isReachedByRcps } from '../policy/rcp-services.ts';
import { combine, type Evidence } from './combine.ts';
import type { CompiledLayer, CompiledPolicies } from './compile.ts';
import type { Decision } from './decision.ts';
import { isServiceLinked } from './principal.ts';
import { type Query, toQuery } from './query.ts';
import type { AuthorizationRequest } from './request.ts';

/**
 * Decides whether the principal may perform the action on the resource in this context. Pure: the same input gives
 * the same decision. Never throws: what cannot be evaluated is denied, with the cause.
 */
export function decide(request: AuthorizationRequest, policies: CompiledPolicies): Decision {
  try {
    const query = toQuery(request, policies.bounded);
    return combine(query, gather(query, policies), policies.resourceAccount);
  } catch (error) {
    return failedDecision(error);
  }
}

/** A decision with the matching statements of each layer. */
export interface WeighedDecision {
  readonly decision: Decision;
  readonly evidence: readonly Evidence[];
}

/** Same as `decide`, with the evidence for the decision; no evidence if the evaluation failed. */
export function weigh(request: AuthorizationRequest, policies: CompiledPolicies): WeighedDecision {
  try {
    const query = toQuery(request, policies.bounded);
    const evidence = gather(query, policies);
    return { decision: combine(query, evidence, policies.resourceAccount), evidence };
  } catch (error) {
    return { decision: failedDecision(error), evidence: [] };
  }
}

/** Evaluates every layer that applies to the request. */
function gather(query: Query, policies: CompiledPolicies): readonly Evidence[] {
  const layers = layersFor(query, policies);
  return layers.map(({ layer, allows, denies }) => ({ layer, allows: allows(query), denies: denies(query) }));
}

/**
 * The layers that apply to a request. Only resource policies apply to callers without an account (services, web
 * identities, anonymous callers). Resource control policies apply to the actions of some services only. Neither they
 * nor service control policies apply to service-linked roles.
 * @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html
 */
export function layersFor(
  { principal, action }: Query,
  { layers, resourceLayers, organized }: CompiledPolicies,
): readonly CompiledLayer[] {
  const bearing = 'accountId' in principal ? layers : resourceLayers;
  if (!organized) return bearing;
  const bound = !isServiceLinked(principal);
  const reached = bound && isReachedByRcps(action);
  if (reached) return bearing;
  return bearing.filter(({ layer }) => layer !== 'resourceControl' && (layer !== 'serviceControl' || bound));
}

/** Fails closed: an error in the engine, or in a context key lookup, is a denial. */
export const failedDecision = (error: unknown): Decision => ({
  decision: 'implicitDeny',
  layer: 'identity',
  determining: [],
  cause: error instanceof Error ? error.message : String(error),
});
