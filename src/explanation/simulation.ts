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
  readonly changes: readonly Change[];
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
    changes,
  };
}
