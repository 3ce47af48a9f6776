import type { Change } from '../engine/change.ts';
import type { CompiledPolicies } from '../engine/compile.ts';
import type { Decision } from '../engine/decision.ts';
import { denialMessage } from '../engine/denial-message.ts';
import { explain } from '../engine/explain.ts';
import { nameOf } from '../engine/principal.ts';
import type { AuthorizationRequest } from '../engine/request.ts';
import type { LayerTrace } from '../engine/trace.ts';

/** One decision and all that led to it, as `simulate --json` prints it. */
export interface Simulation {
  /** The ARN, or the name of a service or identity provider. */
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  readonly decision: Decision['decision'];
  readonly layer: Decision['layer'];
  readonly determining: Decision['determining'];
  /** AWS's sentence; of denials only. */
  readonly message?: string;
  /** Why the engine could not decide, which denies. */
  readonly cause?: string;
  /** Every statement of every layer, in the order in which AWS asks the layers. */
  readonly layers: readonly LayerTrace[];
  /** Context keys that policies asked for and the request does not have. */
  readonly missingKeys: readonly string[];
  /** What would allow a denied request, all of it applied together. */
  readonly changes: readonly PlacedChange[];
}

/** A change, and of one that adds a statement the policy to add it to. */
export type PlacedChange = Change & { readonly target?: ChangeTarget };

/** A policy of the layer that is missing an Allow, one of a file if there is one. */
export interface ChangeTarget {
  readonly policy: string;
  /** As people open it. */
  readonly file?: string;
  /** 1-based: of the last statement of the policy. */
  readonly line?: number;
}

/** Puts one question to the policies and explains the answer. Nothing is filled into the context. */
export function simulate({
  policies,
  ...request
}: AuthorizationRequest & { readonly policies: CompiledPolicies }): Simulation {
  const { decision, layers, missingKeys, changes } = explain(request, policies);
  return {
    principal: nameOf(request.principal),
    action: request.action,
    resource: request.resource,
    ...decision,
    ...(decision.decision !== 'allowed' && { message: denialMessage(request, decision) }),
    layers,
    missingKeys,
    changes: changes.map((change) => withTarget(change, layers)),
  };
}

function withTarget(change: Change, layers: readonly LayerTrace[]): PlacedChange {
  if (change.kind !== 'addStatement' && change.kind !== 'cannotAllow') return change;
  const level = 'level' in change ? change.level : undefined;
  const statements = layers
    .filter((each) => each.layer === change.layer && each.level === level)
    .flatMap((each) => each.statements);
  // A policy that speaks of the same action is the best place. AWS managed policies have no file.
  const inFiles = statements.filter(({ file }) => file !== undefined);
  const near = inFiles.find(({ mismatch }) => mismatch?.element !== 'Action') ?? inFiles[0];
  if (near === undefined) return change;
  const last = inFiles.findLast(({ policy }) => policy === near.policy) ?? near;
  const { policy, file, line } = last;
  return {
    ...change,
    target: { policy, ...(file !== undefined && { file }), ...(line !== undefined && { line }) },
  };
}
