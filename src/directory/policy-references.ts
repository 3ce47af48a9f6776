import type { NamedPolicy } from '../engine/policy-set.ts';
import type { Diagnostic } from '../lib/errors.ts';
import { type Path, type PlaceOf, pathDiagnostic } from '../lib/schema-diagnostics.ts';
import type { PolicyUse } from './directory.ts';
import type { IdentityKind } from './fingerprint.ts';
import type { PolicyLibrary } from './policy-library.ts';
import { checkQuotas } from './quotas.ts';
import { keysOf, memberOf, type Named, stringsOf } from './raw-document.ts';
import { checkTwice, SECTIONS } from './references.ts';

/** Members of an entry that name policies, and the use of those policies. */
const POLICY_MEMBERS = [
  ['managedPolicies', 'managed'],
  ['inlinePolicies', 'inline'],
  ['permissionsBoundary', 'permissionsBoundary'],
  ['trustPolicy', 'trustPolicy'],
] as const satisfies readonly (readonly [string, PolicyUse])[];

type PolicyMember = (typeof POLICY_MEMBERS)[number][0];

/** The policies that an entry names, by member. The same object for as long as the policies are the same. */
export interface EntryPolicies extends Readonly<Record<PolicyMember, readonly NamedPolicy[]>> {
  /** Whether every name is that of a valid policy. */
  readonly isComplete: boolean;
}

/** What is kept from one resolution to the next, by entry. */
export type KeptReferences = WeakMap<object, KeptEntry>;

interface KeptEntry {
  readonly policies: EntryPolicies;
  /** The names to resolve again if one of their files changed; absent if the entry is to be resolved each time. */
  readonly files?: readonly string[];
}

export interface References {
  readonly diagnostics: readonly Diagnostic[];
  /** By entry of the document. */
  readonly policies: ReadonlyMap<object, EntryPolicies>;
}

const LEVEL_MEMBERS: readonly (readonly [string, PolicyUse])[] = [
  ['serviceControlPolicies', 'serviceControl'],
  ['resourceControlPolicies', 'resourceControl'],
];

/**
 * The policies that principals name, and whether they exist, are valid for their use and within AWS's quotas. An entry is
 * resolved again only if it has to be: an account has 10,000 of them.
 */
export function resolveReferences(
  document: unknown,
  library: PolicyLibrary,
  placeOf: PlaceOf,
  kept: KeptReferences,
): References {
  const diagnostics: Diagnostic[] = [];
  const policies = new Map<object, EntryPolicies>();
  for (const [section, kind] of Object.entries(SECTIONS)) {
    const entries = memberOf(document, section);
    for (const name of keysOf(entries)) {
      const entry = memberOf(entries, name);
      if (typeof entry !== 'object' || entry === null) continue;
      const known = kept.get(entry);
      if (known?.files && !known.files.some((file) => library.isChanged(file))) {
        policies.set(entry, known.policies);
        continue;
      }
      const found = resolveEntry(entry, kind, [section, name], library, placeOf);
      diagnostics.push(...found.diagnostics);
      const resolved = known && isSame(known.policies, found.policies) ? known.policies : found.policies;
      policies.set(entry, resolved);
      kept.set(entry, { policies: resolved, ...(found.isOfFiles && { files: found.names }) });
    }
  }
  const organization = memberOf(document, 'organization');
  for (const [member, use] of LEVEL_MEMBERS) {
    const levels = memberOf(organization, member);
    if (!Array.isArray(levels)) continue;
    for (const [level, names] of levels.entries())
      diagnostics.push(
        ...resolve(stringsOf(names), ['organization', member, level], use, library, placeOf).diagnostics,
      );
  }
  return { diagnostics, policies };
}

function resolveEntry(
  entry: object,
  kind: IdentityKind,
  path: Path,
  library: PolicyLibrary,
  placeOf: PlaceOf,
) {
  const diagnostics: Diagnostic[] = [];
  const policies = {} as Record<PolicyMember, readonly NamedPolicy[]>;
  const names: string[] = [];
  let [isComplete, isOfFiles] = [true, true];
  for (const [member, use] of POLICY_MEMBERS) {
    const named = stringsOf(memberOf(entry, member));
    const found = resolve(named, [...path, member], use, library, placeOf);
    diagnostics.push(...found.diagnostics);
    policies[member] = found.policies;
    isComplete &&= found.policies.length === named.length;
    for (const { text } of named) {
      names.push(text);
      isOfFiles &&= library.isPlainFile(text, use);
    }
  }
  const attached = stringsOf(memberOf(entry, 'managedPolicies')).length;
  diagnostics.push(...checkQuotas(kind, attached, policies.inlinePolicies, path, placeOf));
  return {
    policies: { ...policies, isComplete },
    names,
    diagnostics,
    /** Whether nothing but these files can change the result. */
    isOfFiles: isOfFiles && diagnostics.length === 0,
  };
}

interface Resolution {
  readonly policies: readonly NamedPolicy[];
  readonly diagnostics: readonly Diagnostic[];
}

const NOTHING: Resolution = { policies: [], diagnostics: [] };

function resolve(
  names: readonly Named[],
  path: Path,
  use: PolicyUse,
  library: PolicyLibrary,
  placeOf: PlaceOf,
): Resolution {
  if (names.length === 0) return NOTHING;
  const pathOf = ({ index }: Named): Path => [...path, ...index];
  const policies: NamedPolicy[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const each of names) {
    const found = library.resolve(each.text, use);
    if (!found.ok)
      diagnostics.push(pathDiagnostic(pathOf(each), found.error.rule, found.error.message, placeOf));
    else if (found.value) policies.push(found.value);
  }
  diagnostics.push(...checkTwice(names, pathOf, 'duplicate-name', 'the policy', placeOf));
  return { policies, diagnostics };
}

const isSame = (one: EntryPolicies, other: EntryPolicies): boolean =>
  one.isComplete === other.isComplete &&
  POLICY_MEMBERS.every(
    ([member]) =>
      one[member].length === other[member].length &&
      one[member].every((policy, index) => policy === other[member][index]),
  );
