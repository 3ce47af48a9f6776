import { accessDiagnostic } from '../commands/prove/access-diagnostic.ts';
import type { ProofResult } from '../commands/prove/proof-result.ts';
import {
  proveDocumentNotGranted,
  proveDocuments,
  proveNoPublicAccess,
} from '../commands/prove/prove-claims.ts';
import { renderProofs } from '../commands/prove/render-proofs.ts';
import type { NamedPolicy } from '../engine/policy-set.ts';
import { fromValue } from '../lib/document.ts';
import { parseJson } from '../lib/parse-json.ts';
import { parsePolicyDocument } from '../policy/parse.ts';

/** A policy document: an object, or its JSON text. */
export type PolicyInput = object | string;

/** What must not be granted; a list that is not given means any. */
export interface AccessInput {
  readonly actions?: readonly string[];
  readonly resources?: readonly string[];
}

/** The matchers as `expect(policy)` has them: proofs about all requests at once. */
export interface PolicyMatchers<R = void> {
  /** Whether the policy allows nothing that the reference does not allow. */
  toGrantNothingBeyond(reference: PolicyInput): R;
  /** Whether the policy allows none of some actions on none of some resources. */
  toNeverGrant(access: AccessInput): R;
  /** Whether a resource-based policy grants nothing to the public. */
  toGrantNoPublicAccess(): R;
}

/** For `expect.extend` of vitest and of jest. A failure prints the counterexample; what cannot be decided fails either way. */
export const policyMatchers = {
  toGrantNothingBeyond: (policy: unknown, reference: PolicyInput) =>
    verdictOf(proveDocuments('no-new-access', policyOf(policy, 'policy'), policyOf(reference, 'reference'))),
  toNeverGrant: (policy: unknown, { actions = [], resources = [] }: AccessInput) => {
    const diagnostic = accessDiagnostic({ actions, resources });
    if (diagnostic !== undefined) throw new TypeError(diagnostic);
    return verdictOf(proveDocumentNotGranted(policyOf(policy, 'policy'), { actions, resources }));
  },
  toGrantNoPublicAccess: (policy: unknown) => verdictOf(proveNoPublicAccess(policyOf(policy, 'policy'))),
} as const;

/** @throws Error where nothing is proven: neither the expectation nor its negation holds */
function verdictOf(result: ProofResult): { readonly pass: boolean; readonly message: () => string } {
  if (result.verdict === 'UNKNOWN') throw new Error(renderProofs([result]));
  return { pass: result.verdict === 'PASS', message: () => renderProofs([result]) };
}

/** @throws TypeError for what is no policy */
function policyOf(value: unknown, name: string): NamedPolicy {
  const document: unknown = typeof value === 'string' ? parseJson(value) : value;
  const parsed = parsePolicyDocument(fromValue(document));
  if (parsed.ok) return { name, policy: parsed.value.policy };
  throw new TypeError(`the ${name} is not valid: ${parsed.error.map(({ message }) => message).join('; ')}`);
}
