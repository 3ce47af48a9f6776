import { isReachedByRcps } from '../policy/rcp-services.ts';
import { combine, type Evidence } from './combine.ts';
import type { CompiledLayer, CompiledPolicies } from './compile.ts';
import type { Decision } from './decision.ts';
import { isServiceLinked } from './principal.ts';
import { type Query, toQuery } from './query.ts';
import type { AuthorizationRequest } from './request.ts';

/**
 * May this principal do this action on this resource, in this context? Pure: the same input gives the same decision.
 * Never throws: what cannot be evaluated is denied, with its cause.
 */
export function decide(request: AuthorizationRequest, policies: CompiledPolicies): Decision {
  try {
    const query = toQuery(request, policies.bounded);
    return combine(query, gather(query, policies), policies.resourceAccount);
  } catch (error) {
    return failedDecision(error);
  }
}

/** A decision with the statements that matched, layer by layer. */
export interface WeighedDecision {
  readonly decision: Decision;
  readonly evidence: readonly Evidence[];
}

/** The same as `decide`, with what it was made of; without evidence where it could not be made. */
export function weigh(request: AuthorizationRequest, policies: CompiledPolicies): WeighedDecision {
  try {
    const query = toQuery(request, policies.bounded);
    const evidence = gather(query, policies);
    return { decision: combine(query, evidence, policies.resourceAccount), evidence };
  } catch (error) {
    return { decision: failedDecision(error), evidence: [] };
  }
}

/** Asks every layer that bears on the request. */
function gather(query: Query, policies: CompiledPolicies): readonly Evidence[] {
  const layers = layersFor(query, policies);
  return layers.map(({ layer, allows, denies }) => ({ layer, allows: allows(query), denies: denies(query) }));
}

/**
 * The layers that bear on a request. Callers without an account (services, web identities, anonymous ones) are under the
 * policies of the resource only. Resource control policies reach the actions of some services; a service-linked role is
 * bound by neither these nor service control policies.
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

/** Fail closed: a failure of the engine, or of a context that it asks, is a denial. */
export const failedDecision = (error: unknown): Decision => ({
  decision: 'implicitDeny',
  layer: 'identity',
  determining: [],
  cause: error instanceof Error ? error.message : String(error),
});
