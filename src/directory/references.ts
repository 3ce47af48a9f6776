import type { Diagnostic } from '../lib/errors.ts';
import { didYouMean } from '../lib/nearest.ts';
import { type Path, type PlaceOf, pathDiagnostic } from '../lib/schema-diagnostics.ts';
import type { PolicyUse } from './directory.ts';
import type { PolicyLibrary } from './policy-library.ts';
import { checkQuotas } from './quotas.ts';
import { keysOf, type Named, textsAt, valueAt } from './raw-document.ts';

/*
 * The checks of `principals.yaml` that its schema cannot do: references, and duplicate names. Reads the raw document,
 * so that these errors are reported together with those of the schema.
 */

/** Sections whose names are case-insensitive on AWS. */
const SECTIONS = { users: 'user', groups: 'group', roles: 'role' } as const;

/** Members that name policies, and the use of those policies. */
const POLICY_MEMBERS: Readonly<Record<string, PolicyUse>> = {
  managedPolicies: 'managed',
  inlinePolicies: 'inline',
  permissionsBoundary: 'permissionsBoundary',
  trustPolicy: 'trustPolicy',
};

const LEVEL_MEMBERS: Readonly<Record<string, PolicyUse>> = {
  serviceControlPolicies: 'serviceControl',
  resourceControlPolicies: 'resourceControl',
};

export function checkReferences(
  document: unknown,
  library: PolicyLibrary,
  placeOf: PlaceOf,
): readonly Diagnostic[] {
  return [
    ...Object.entries(SECTIONS).flatMap(([section, kind]) => [
      ...checkKeys(document, [section], kind, placeOf),
      ...keysOf(document, [section]).flatMap((name) => [
        ...checkHolder(document, [section, name], library, placeOf),
        ...checkQuotas(kind, document, [section, name], library, placeOf),
      ]),
    ]),
    ...checkGroups(document, placeOf),
    ...checkAccessKeys(document, placeOf),
    ...checkOrganization(document, library, placeOf),
    ...checkProviders(document, placeOf),
  ];
}

/** Checks the policies and tags of one user, group or role. */
function checkHolder(
  document: unknown,
  path: Path,
  library: PolicyLibrary,
  placeOf: PlaceOf,
): readonly Diagnostic[] {
  const policies = Object.entries(POLICY_MEMBERS).flatMap(([member, use]) =>
    checkPolicies(textsAt(document, [...path, member]), use, library, placeOf),
  );
  return [...policies, ...checkKeys(document, [...path, 'tags'], 'tag', placeOf)];
}

function checkPolicies(
  names: readonly Named[],
  use: PolicyUse,
  library: PolicyLibrary,
  placeOf: PlaceOf,
): readonly Diagnostic[] {
  const unknown = names.flatMap(({ text, path }) => {
    const found = library.resolve(text, use);
    return found.ok ? [] : [pathDiagnostic(path, found.error.rule, found.error.message, placeOf)];
  });
  return [...unknown, ...checkTwice(names, 'duplicate-name', 'the policy', placeOf)];
}

function checkGroups(document: unknown, placeOf: PlaceOf): readonly Diagnostic[] {
  const groups = keysOf(document, ['groups']);
  return keysOf(document, ['users']).flatMap((user) => {
    const named = textsAt(document, ['users', user, 'groups']);
    const unknown = named.filter(({ text }) => !groups.includes(text));
    return [
      ...unknown.map(({ text, path }) =>
        pathDiagnostic(
          path,
          'unknown-group',
          `there is no group "${text}"${didYouMean(text, groups)}`,
          placeOf,
        ),
      ),
      ...checkTwice(named, 'duplicate-name', 'the group', placeOf),
    ];
  });
}

/** Checks that each access key ID occurs once. */
function checkAccessKeys(document: unknown, placeOf: PlaceOf): readonly Diagnostic[] {
  const ids = keysOf(document, ['users']).flatMap((user) => {
    const keys = valueAt(document, ['users', user, 'accessKeys']);
    if (!Array.isArray(keys)) return [];
    return keys.flatMap((_, index) => textsAt(document, ['users', user, 'accessKeys', index, 'id']));
  });
  return checkTwice(ids, 'duplicate-access-key', 'the access key id', placeOf);
}

function checkOrganization(
  document: unknown,
  library: PolicyLibrary,
  placeOf: PlaceOf,
): readonly Diagnostic[] {
  return Object.entries(LEVEL_MEMBERS).flatMap(([member, use]) => {
    const levels = valueAt(document, ['organization', member]);
    if (!Array.isArray(levels)) return [];
    return levels.flatMap((_, level) =>
      checkPolicies(textsAt(document, ['organization', member, level]), use, library, placeOf),
    );
  });
}

function checkProviders(document: unknown, placeOf: PlaceOf): readonly Diagnostic[] {
  const providers = valueAt(document, ['oidcProviders']);
  if (!Array.isArray(providers)) return [];
  const urls = providers.flatMap((_, index) => textsAt(document, ['oidcProviders', index, 'url']));
  return checkTwice(urls, 'duplicate-name', 'the provider', placeOf);
}

/** Reports every duplicate of a name except the first. */
function checkTwice(
  names: readonly Named[],
  rule: string,
  what: string,
  placeOf: PlaceOf,
): readonly Diagnostic[] {
  const seen = new Map<string, Path>();
  return names.flatMap(({ text, path }) => {
    const first = seen.get(text);
    seen.set(text, first ?? path);
    if (first === undefined) return [];
    const { label, line } = placeOf(first, 'value');
    const where = line === undefined ? label : `${label}, line ${line}`;
    return [pathDiagnostic(path, rule, `${what} "${text}" is already defined at ${where}`, placeOf)];
  });
}

/** Zod ignores a key `__proto__`; no principal may be dropped silently. */
const UNREADABLE_KEY = '__proto__';

function checkKeys(document: unknown, section: Path, kind: string, placeOf: PlaceOf): readonly Diagnostic[] {
  const seen = new Map<string, string>();
  return keysOf(document, section).flatMap((name) => {
    const path = [...section, name];
    if (name === UNREADABLE_KEY)
      return [pathDiagnostic(path, 'invalid-name', `invalid name for a ${kind}`, placeOf, 'key')];
    const first = seen.get(name.toLowerCase());
    seen.set(name.toLowerCase(), first ?? name);
    if (first === undefined) return [];
    const message = `the ${kind} "${first}" already exists; names are case-insensitive on AWS`;
    return [pathDiagnostic(path, 'duplicate-name', message, placeOf, 'key')];
  });
}
