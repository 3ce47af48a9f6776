import type { Directory } from '../../directory/directory.ts';
import type { NamedPolicy, PolicySet } from '../../engine/policy-set.ts';
import type { AwsError } from '../../lib/errors.ts';
import { ok, type Result } from '../../lib/result.ts';
import type { Policy } from '../../policy/ast.ts';
import { parsePolicy } from '../../policy/parse.ts';
import { type PolicyKind, validatePolicy } from '../../policy/validate.ts';
import { documentText } from './document.ts';
import type { Entity } from './entities.ts';
import { invalidInput } from './refusals.ts';
import { attachedView, inlineName } from './views.ts';

/** As IAM really answers; its model lists other words. */
export type SourceType = 'IAM Policy' | 'Permissions Boundary Policy' | 'Resource Policy';

/** A policy of a simulation, and how the answer names it. */
export interface SimulatedPolicy {
  readonly policy: Policy;
  /** `SourcePolicyId`: a managed policy's name, `user_alice_NAME` of an inline one, `PolicyInputList.1`. */
  readonly id: string;
  /** Absent for an organization's: those are answered by their effect alone. */
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

/** What the folder attaches to a user (its groups included), a group or a role. */
export function attachedLayers(entity: Entity, { organization }: Directory): SimulatedLayers {
  const holders = entity.kind === 'user' ? [entity, ...entity.groups] : [entity];
  const boundary = entity.kind === 'group' ? undefined : entity.permissionsBoundary;
  const { serviceControlPolicies, resourceControlPolicies } = organization ?? {};
  const levels = (all: readonly (readonly NamedPolicy[])[]) =>
    all.map((level) => level.map((policy) => ({ policy: policy.policy, id: policy.name, text: '' })));
  return {
    identity: holders.flatMap((holder) => [
      ...holder.managedPolicies.map((policy) => managed(policy, 'IAM Policy')),
      ...holder.inlinePolicies.map((policy) => ({
        policy: policy.policy,
        id: `${holder.kind}_${holder.name}_${inlineName(policy)}`,
        type: 'IAM Policy' as const,
        text: documentText(policy),
      })),
    ]),
    ...(boundary && { permissionsBoundary: managed(boundary, 'Permissions Boundary Policy') }),
    ...(serviceControlPolicies && { serviceControl: levels(serviceControlPolicies) }),
    ...(resourceControlPolicies && { resourceControl: levels(resourceControlPolicies) }),
  };
}

const managed = (policy: NamedPolicy, type: SourceType): SimulatedPolicy => ({
  policy: policy.policy,
  id: String(attachedView(policy).PolicyName),
  type,
  text: documentText(policy),
});

/** Policies that the request brings, `list` of it: `PolicyInputList.1`, … */
export function inputPolicies(
  list: string,
  texts: readonly string[],
  type: SourceType,
): Result<readonly SimulatedPolicy[], AwsError> {
  const policies: SimulatedPolicy[] = [];
  for (const [index, text] of texts.entries()) {
    const read = inputPolicy(`${list}.${index + 1}`, text, type);
    if (!read.ok) return read;
    policies.push(read.value);
  }
  return ok(policies);
}

const KINDS: Readonly<Record<SourceType, PolicyKind>> = {
  'IAM Policy': 'inline',
  'Permissions Boundary Policy': 'inline',
  'Resource Policy': 'resource',
};

export function inputPolicy(id: string, text: string, type: SourceType): Result<SimulatedPolicy, AwsError> {
  const parsed = parsePolicy(text, { format: 'json' });
  const faults = parsed.ok ? validatePolicy(parsed.value.policy, KINDS[type]) : parsed.error;
  const fault = faults.find(({ severity }) => severity === 'error');
  if (!parsed.ok || fault)
    return invalidInput(`Invalid policy ${id}: ${fault?.message ?? 'it cannot be read'}`);
  return ok({ policy: parsed.value.policy, id, type, text });
}

/** The layers as the engine takes them, and the way back from what it names. */
export function policySetOf(
  layers: SimulatedLayers,
  resourceOwner: string,
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
