import { compile } from '../../engine/compile.ts';
import type { Layer } from '../../engine/decision.ts';
import { explain } from '../../engine/explain.ts';
import { ownerOf } from '../../engine/ownership.ts';
import type { ContextValue, RequestContext } from '../../engine/request.ts';
import type { LayerTrace, Trace } from '../../engine/trace.ts';
import type { Output } from './call.ts';
import { type SimulatedCaller, simulatedContext } from './simulated-caller.ts';
import { policySetOf, type SimulatedLayers, type SimulatedPolicy } from './simulated-policies.ts';
import { statementPosition } from './statement-position.ts';

/** Everything that a simulation is told, but for the action and the resource. */
export interface Simulation {
  readonly layers: SimulatedLayers;
  readonly caller: SimulatedCaller;
  readonly context: ReadonlyMap<string, ContextValue>;
  /** The account that owns resources whose ARN names none. */
  readonly resourceOwner: string;
}

/** What one action on one resource came to. */
export interface Simulated {
  readonly decision: Trace['decision']['decision'];
  readonly matched: readonly Output[];
  /** Keys that policies of any layer ask for and nobody gave, sorted. */
  readonly missing: readonly string[];
  /** Whether the boundary, or every level of the organization, allows; absent where there is none. */
  readonly boundaryAllows?: boolean;
  readonly organizationAllows?: boolean;
  /** Of each policy type, across accounts only. */
  readonly details: Output;
}

/** Asks the engine as a request would, and reads the answer off its trace. */
export function simulateOne(simulation: Simulation, action: string, resource: string): Simulated {
  const { layers, caller, resourceOwner } = simulation;
  const owner = ownerOf(resource) ?? resourceOwner;
  const { set, find } = policySetOf(layers, owner);
  const account = caller.account ?? owner;
  const principal = { ...caller.principal, accountId: account };
  const context = simulatedContext(caller, simulation.context, owner);
  const policies = { ...compile(set), resourceAccount: owner };
  const trace = explain({ principal, action, resource, context }, policies);
  const layersNamed = (name: Layer) => trace.layers.filter(({ layer }) => layer === name);
  const organization = [...layersNamed('serviceControl'), ...layersNamed('resourceControl')];
  const [boundary] = layersNamed('permissionsBoundary');
  return {
    decision: trace.decision.decision,
    matched: trace.decision.determining.flatMap(({ policy, statement }) => match(find(policy), statement)),
    missing: missingKeys(trace, find, context),
    ...(boundary && { boundaryAllows: allows(boundary) }),
    ...(organization.length > 0 && { organizationAllows: organization.every(allows) }),
    details:
      account === owner
        ? {}
        : {
            'IAM Policy': effectOf(layersNamed('identity')),
            'Resource Policy': effectOf(layersNamed('resourcePolicy')),
          },
  };
}

/** None for a statement of the organization: IAM tells its effect, not the statement. */
function match(source: SimulatedPolicy | undefined, statement: number): readonly Output[] {
  if (source?.type === undefined) return [];
  const { id: SourcePolicyId, type: SourcePolicyType, text } = source;
  return [{ SourcePolicyId, SourcePolicyType, ...statementPosition(text, statement) }];
}

type Decided = Trace['decision']['decision'];

/** What the statements of some layers say, by themselves. */
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
 * A decision stops at the first condition that fails; whoever completes a simulation wants all the keys of every
 * statement that is about the action and the resource.
 */
function missingKeys(
  trace: Trace,
  find: (name: string) => SimulatedPolicy | undefined,
  context: RequestContext,
): readonly string[] {
  const near = trace.layers
    .flatMap(({ statements }) => statements)
    .filter(({ mismatch }) => mismatch === undefined || mismatch.element === 'Condition');
  const asked = near.flatMap(
    ({ policy, statement }) =>
      find(policy)?.policy.statements[statement]?.conditions.map(({ key }) => key.text) ?? [],
  );
  const names = [...trace.missingKeys, ...asked].filter(
    (key) => context.get(key.toLowerCase()) === undefined,
  );
  return [...new Map(names.map((name) => [name.toLowerCase(), name])).values()].sort();
}
