import type { NamedPolicy } from '../engine/policy-set.ts';
import type { Diagnostic } from '../lib/errors.ts';
import { type Path, type PlaceOf, pathDiagnostic } from '../lib/schema-diagnostics.ts';
import { INLINE_SIZE_LIMITS } from '../policy/policy-kind.ts';
import type { IdentityKind } from './fingerprint.ts';

/**
 * How many managed policies AWS attaches to one identity; the quota can be raised from `default` to `most`.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
const ATTACHED: Readonly<Record<IdentityKind, { readonly default: number; readonly most: number }>> = {
  user: { default: 10, most: 20 },
  group: { default: 10, most: 10 },
  role: { default: 20, most: 25 },
};

/**
 * @param attached how many managed policies the identity names
 * @param inlinePolicies the valid ones that it names
 */
export function checkQuotas(
  kind: IdentityKind,
  attached: number,
  inlinePolicies: readonly NamedPolicy[],
  path: Path,
  placeOf: PlaceOf,
): readonly Diagnostic[] {
  const quota = ATTACHED[kind];
  const inlineSize = INLINE_SIZE_LIMITS[kind];
  const size = inlinePolicies.reduce((sum, { policy }) => sum + (policy.size ?? 0), 0);
  const diagnostics: Diagnostic[] = [];
  if (attached > quota.most) {
    const message = `${attached} managed policies; AWS allows at most ${quota.most} for a ${kind}`;
    diagnostics.push(pathDiagnostic([...path, 'managedPolicies'], 'quota', message, placeOf, 'key'));
  } else if (attached > quota.default) {
    const message = `${attached} managed policies; AWS allows ${quota.default} for a ${kind} unless the quota is raised`;
    diagnostics.push(
      pathDiagnostic([...path, 'managedPolicies'], 'quota', message, placeOf, 'key', 'warning'),
    );
  }
  if (size > inlineSize) {
    const message = `the inline policies have ${size} characters without white space; AWS allows ${inlineSize} for a ${kind}`;
    diagnostics.push(pathDiagnostic([...path, 'inlinePolicies'], 'quota', message, placeOf, 'key'));
  }
  return diagnostics;
}
