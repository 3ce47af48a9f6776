import { compile } from '../../engine/compile.ts';
import type { Layer } from '../../engine/decision.ts';
import { explain } from '../../engine/explain.ts';
import { ownerOf } from '../../engine/ownership.ts';
import type { ContextValue, RequestContext } from '../../engine/request.ts';
import type { LayerTrace, Trace } from '../../engine/trace.ts';
import { type AccountId, arnOf } from '../../lib/identifiers.ts';
import type { Output } from './call.ts';
import { isEligible } from './resource-eligibility.ts';
import { type SimulatedCaller, simulatedContext } from './simulated-caller.ts';
import { policySetOf, type SimulatedLayers, type SimulatedPolicy } from './simulated-policies.ts';
import { contextKeys } from './simulation-context.ts';
import { statementPosition } from './statement-position.ts';

/** The input of a simulation, without the action and the resource. */
export interface Simulation {
  readonly layers: SimulatedLayers;
  readonly caller: SimulatedCaller;
  readonly context: ReadonlyMap<string, ContextValue>;
  /** The account that owns resources whose ARN names none. */
  readonly resourceOwner: AccountId;
}

/** What one action on one resource came to. */
export interface Simulated {
  readonly decision: Trace['decision']['decision'];
  readonly matched: readonly Output[];
  /** Of an implicit deny: the keys that policies ask for and that are not given, sorted. */
  readonly missing: readonly string[];
  /** Whether the boundary, or every level of the organization, allows; absent if there is none. */
  readonly boundaryAllows?: boolean;
  readonly organizationAllows?: boolean;
  /** Of each policy type, across accounts only. */
  readonly details: Output;
}

/** Asks the engine as a request would, and reads the result from its trace. */
export function simulateOne(simulation: Simulation, action: string, resource: string): Simulated {
  const { layers, caller, resourceOwner } = simulation;
  const owner = ownerOf(resource) ?? resourceOwner;
  const { set, find } = policySetOf(layers, owner);
  const account = caller.account ?? owner;
  const principal = { ...caller.principal, accountId: account };
  const context = simulatedContext(caller, simulation.context, owner);
  const policies = { ...compile(set), resourceAccount: owner };
  const trace = explain({ principal, action, resource: arnOf(resource), context }, policies);
  const layersNamed = (name: Layer) => trace.layers.filter(({ layer }) => layer === name);
  const organization = [...layersNamed('serviceControl'), ...layersNamed('resourceControl')];
  const organizationAllows = organization.every(allows);
  const [boundary] = layersNamed('permissionsBoundary');
  const eligible = isEligible(action, resource);
  const grantedByResource =
    account === owner && organizationAllows && effectOf(layersNamed('resourcePolicy')) === 'allowed';
  const decision = decisionOf(trace, eligible, grantedByResource);
  const effects = { explicitDeny: 'Deny', allowed: 'Allow', implicitDeny: undefined } as const;
  const effect = organizationAllows || decision === 'allowed' ? effects[decision] : undefined;
  return {
    decision,
    matched: LISTED_LAYERS.flatMap((name) => (effect === undefined ? [] : layersNamed(name)))
      .filter(({ layer }) => layer !== 'permissionsBoundary' || effect === 'Deny')
      .flatMap(({ statements }) => statements.filter((each) => each.matched && each.effect === effect))
      .flatMap(({ policy, statement }) => match(find(policy), statement)),
    missing: decision === 'implicitDeny' ? missingKeys(layers, context) : [],
    ...(boundary && { boundaryAllows: eligible && allows(boundary) }),
    ...(organization.length > 0 && { organizationAllows }),
    details:
      account === owner || !organizationAllows
        ? {}
        : {
            'IAM Policy': eligible ? effectOf(layersNamed('identity')) : 'implicitDeny',
            'Resource Policy': eligible ? effectOf(layersNamed('resourcePolicy')) : 'implicitDeny',
          },
  };
}

/**
 * A same-account grant of a resource policy is enough for the simulator, to the account's root as well, as captured
 * answers show; a request would need an allow of the caller's own policies beside that.
 */
function decisionOf({ decision: { decision } }: Trace, eligible: boolean, granted: boolean): Decided {
  if (!eligible) return 'implicitDeny';
  return decision === 'implicitDeny' && granted ? 'allowed' : decision;
}

/** The order of MatchedStatements. Statements of an organization are never among them, nor what a boundary allows. */
const LISTED_LAYERS = [
  'permissionsBoundary',
  'resourcePolicy',
  'identity',
] as const satisfies readonly Layer[];

/** None for a statement of the organization: IAM returns its effect, not the statement. */
function match(source: SimulatedPolicy | undefined, statement: number): readonly Output[] {
  if (source?.type === undefined) return [];
  const { id: SourcePolicyId, type: SourcePolicyType, text } = source;
  return [{ SourcePolicyId, SourcePolicyType, ...statementPosition(text, statement) }];
}

type Decided = Trace['decision']['decision'];

/** The decision of the statements of some layers, by themselves. */
function effectOf(layers: readonly LayerTrace[]): Decided {
  const matched = layers.flatMap(({ statements }) => statements).filter((statement) => statement.matched);
  if (matched.some(({ effect }) => effect === 'Deny')) return 'explicitDeny';
  return matched.length > 0 ? 'allowed' : 'implicitDeny';
}

/** RCPFullAWSAccess is at every level of resource control policies: they only deny. */
function allows(layer: LayerTrace): boolean {
  const effect = effectOf([layer]);
  return layer.layer === 'resourceControl' ? effect !== 'explicitDeny' : effect === 'allowed';
}

/**
 * What was not given of the keys that the policies of identity, boundary and resource ask for, whatever the action of
 * their statements. Keys that only the organization's policies ask for are not reported.
 */
function missingKeys(
  { identity, permissionsBoundary, resourcePolicy }: SimulatedLayers,
  context: RequestContext,
): readonly string[] {
  const policies = [permissionsBoundary, resourcePolicy, ...identity].flatMap((each) => each?.policy ?? []);
  return contextKeys(policies).filter((key) => context.get(key.toLowerCase()) === undefined);
}
