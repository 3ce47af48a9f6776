import type { Directory } from '../../directory/directory.ts';
import type { NamedPolicy, PolicySet } from '../../engine/policy-set.ts';
import type { AccountId } from '../../lib/identifiers.ts';
import type { Policy } from '../../policy/ast.ts';
import type { Entity } from './entities.ts';
import { type Exclusions, NO_EXCLUSIONS } from './policy-exclusions.ts';
import { attachedView, documentText, inlineName } from './views.ts';

/** The values that IAM returns; its model lists others. */
export type SourceType = 'IAM Policy' | 'Permissions Boundary Policy' | 'Resource Policy';

/** A policy of a simulation, and how the response names it. */
export interface SimulatedPolicy {
  readonly policy: Policy;
  /** `SourcePolicyId`: a managed policy's name, `user_alice_NAME` of an inline one, `PolicyInputList.1`. */
  readonly id: string;
  /** Absent for an organization's: of those only the effect is returned. */
  readonly type?: SourceType;
  /** What the positions of statements count in. */
  readonly text: string;
}

/** The policies of one simulation, by layer. */
export interface SimulatedLayers {
  readonly identity: readonly SimulatedPolicy[];
  readonly permissionsBoundary?: SimulatedPolicy;
  readonly resourcePolicy?: SimulatedPolicy;
  readonly serviceControl?: readonly (readonly SimulatedPolicy[])[];
  readonly resourceControl?: readonly (readonly SimulatedPolicy[])[];
}

/** What the folder attaches to a user (its groups included), a group or a role, without what is excluded. */
export function attachedLayers(
  entity: Entity,
  { organization }: Directory,
  excluded: Exclusions = NO_EXCLUSIONS,
): SimulatedLayers {
  const holders = entity.kind === 'user' ? [entity, ...entity.groups] : [entity];
  const boundary = entity.kind === 'group' || excluded.boundary ? undefined : entity.permissionsBoundary;
  const { serviceControlPolicies, resourceControlPolicies } = organization ?? {};
  const serviceControl = excluded.serviceControl ? undefined : serviceControlPolicies;
  const levels = (all: readonly (readonly NamedPolicy[])[]) =>
    all.map((level) => level.map((policy) => ({ policy: policy.policy, id: policy.name, text: '' })));
  return {
    identity: holders.flatMap((holder) => [
      ...holder.managedPolicies
        .filter((policy) => !excluded.managed(policy))
        .map((policy) => managed(policy, 'IAM Policy')),
      ...holder.inlinePolicies
        .filter((policy) => !excluded.inline(holder, policy))
        .map((policy) => ({
          policy: policy.policy,
          id: `${holder.kind}_${holder.name}_${inlineName(policy)}`,
          type: 'IAM Policy' as const,
          text: documentText(policy),
        })),
    ]),
    ...(boundary && { permissionsBoundary: managed(boundary, 'Permissions Boundary Policy') }),
    ...(serviceControl && { serviceControl: levels(serviceControl) }),
    ...(resourceControlPolicies && { resourceControl: levels(resourceControlPolicies) }),
  };
}

const managed = (policy: NamedPolicy, type: SourceType): SimulatedPolicy => ({
  policy: policy.policy,
  id: String(attachedView(policy).PolicyName),
  type,
  text: documentText(policy),
});

/** The layers as the engine takes them, and the way back from what it names. */
export function policySetOf(
  layers: SimulatedLayers,
  resourceOwner: AccountId,
): { readonly set: PolicySet; readonly find: (name: string) => SimulatedPolicy | undefined } {
  const known: SimulatedPolicy[] = [];
  // Two policies may bear one name: the engine is given numbers.
  const named = (policy: SimulatedPolicy): NamedPolicy => {
    known.push(policy);
    return { name: String(known.length - 1), policy: policy.policy };
  };
  const { identity, permissionsBoundary, resourcePolicy, serviceControl, resourceControl } = layers;
  const set: PolicySet = {
    identity: identity.map(named),
    ...(permissionsBoundary && { permissionsBoundary: named(permissionsBoundary) }),
    ...(serviceControl && { serviceControl: serviceControl.map((level) => level.map(named)) }),
    ...(resourceControl && { resourceControl: resourceControl.map((level) => level.map(named)) }),
    ...(resourcePolicy && { resourcePolicy: { policy: named(resourcePolicy), account: resourceOwner } }),
  };
  return { set, find: (name) => known[Number(name)] };
}
