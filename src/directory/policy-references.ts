import type { Diagnostic } from '../lib/errors.ts';
import { type Path, type PlaceOf, pathDiagnostic } from '../lib/schema-diagnostics.ts';
import type { PolicyUse } from './directory.ts';
import type { PolicyLibrary } from './policy-library.ts';
import { checkQuotas } from './quotas.ts';
import { keysOf, memberOf, type Named, stringsOf } from './raw-document.ts';
import { checkTwice, SECTIONS } from './references.ts';

/** Members that name policies, and the use of those policies. */
const POLICY_MEMBERS: readonly (readonly [string, PolicyUse])[] = [
  ['managedPolicies', 'managed'],
  ['inlinePolicies', 'inline'],
  ['permissionsBoundary', 'permissionsBoundary'],
  ['trustPolicy', 'trustPolicy'],
];

const LEVEL_MEMBERS: readonly (readonly [string, PolicyUse])[] = [
  ['serviceControlPolicies', 'serviceControl'],
  ['resourceControlPolicies', 'resourceControl'],
];

/** The policies that principals name: whether they exist, are valid for their use and within AWS's quotas. */
export function checkPolicyReferences(
  document: unknown,
  library: PolicyLibrary,
  placeOf: PlaceOf,
): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  for (const [section, kind] of Object.entries(SECTIONS)) {
    const holders = memberOf(document, section);
    for (const name of keysOf(holders)) {
      const holder = memberOf(holders, name);
      const names: Record<string, readonly Named[]> = {};
      for (const [member, use] of POLICY_MEMBERS) {
        names[member] = stringsOf(memberOf(holder, member));
        diagnostics.push(...checkPolicies(names[member], [section, name, member], use, library, placeOf));
      }
      diagnostics.push(...checkQuotas(kind, names, [section, name], library, placeOf));
    }
  }
  const organization = memberOf(document, 'organization');
  for (const [member, use] of LEVEL_MEMBERS) {
    const levels = memberOf(organization, member);
    if (!Array.isArray(levels)) continue;
    for (const [level, names] of levels.entries())
      diagnostics.push(
        ...checkPolicies(stringsOf(names), ['organization', member, level], use, library, placeOf),
      );
  }
  return diagnostics;
}

const NONE: readonly Diagnostic[] = [];

function checkPolicies(
  names: readonly Named[],
  path: Path,
  use: PolicyUse,
  library: PolicyLibrary,
  placeOf: PlaceOf,
): readonly Diagnostic[] {
  if (names.length === 0) return NONE;
  const pathOf = ({ index }: Named): Path => [...path, ...index];
  const unknown = names.flatMap((each) => {
    const found = library.resolve(each.text, use);
    return found.ok ? NONE : [pathDiagnostic(pathOf(each), found.error.rule, found.error.message, placeOf)];
  });
  return [...unknown, ...checkTwice(names, pathOf, 'duplicate-name', 'the policy', placeOf)];
}
