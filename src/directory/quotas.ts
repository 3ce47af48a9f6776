import type { Diagnostic } from '../lib/errors.ts';
import { type Path, type PlaceOf, pathDiagnostic } from '../lib/schema-diagnostics.ts';
import { INLINE_SIZE_LIMITS } from '../policy/policy-kind.ts';
import type { IdentityKind } from './fingerprint.ts';
import type { PolicyLibrary } from './policy-library.ts';
import type { Named } from './raw-document.ts';

/**
 * How many managed policies AWS attaches to one identity; the quota can be raised from `default` to `most`.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
const ATTACHED: Readonly<Record<IdentityKind, { readonly default: number; readonly most: number }>> = {
  user: { default: 10, most: 20 },
  group: { default: 10, most: 10 },
  role: { default: 20, most: 25 },
};

/** @param names the policies that the identity names, by member */
export function checkQuotas(
  kind: IdentityKind,
  names: Readonly<Record<string, readonly Named[]>>,
  path: Path,
  library: PolicyLibrary,
  placeOf: PlaceOf,
): readonly Diagnostic[] {
  const attached = ATTACHED[kind];
  const inlineSize = INLINE_SIZE_LIMITS[kind];
  const count = names.managedPolicies?.length ?? 0;
  const size = sizeOf(names.inlinePolicies ?? [], library);
  const diagnostics: Diagnostic[] = [];
  if (count > attached.most) {
    const message = `${count} managed policies; AWS allows at most ${attached.most} for a ${kind}`;
    diagnostics.push(pathDiagnostic([...path, 'managedPolicies'], 'quota', message, placeOf, 'key'));
  } else if (count > attached.default) {
    const message = `${count} managed policies; AWS allows ${attached.default} for a ${kind} unless the quota is raised`;
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

function sizeOf(names: readonly Named[], library: PolicyLibrary): number {
  return names.reduce((sum, { text }) => {
    const found = library.resolve(text, 'inline');
    return sum + ((found.ok && found.value?.policy.size) || 0);
  }, 0);
}
