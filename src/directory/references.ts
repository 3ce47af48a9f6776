import type { Fault } from '../lib/errors.ts';
import { didYouMean } from '../lib/nearest.ts';
import { type Path, type PlaceOf, pathFault } from '../lib/schema-faults.ts';
import type { PolicyUse } from './directory.ts';
import type { PolicyLibrary } from './policy-library.ts';
import { checkQuotas } from './quotas.ts';
import { keysOf, type Named, textsAt, valueAt } from './raw-document.ts';

/*
 * What the form of `principals.yaml` cannot tell: names that mean something elsewhere, and names that stand twice.
 * It reads the document as it was written, so that these faults are told together with those of its form.
 */

/** Sections whose names are one name to AWS when they differ only in case. */
const SECTIONS = { users: 'user', groups: 'group', roles: 'role' } as const;

/** Members that name policies, and what for. */
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
): readonly Fault[] {
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

/** The policies and tags of one user, group or role. */
function checkHolder(
  document: unknown,
  path: Path,
  library: PolicyLibrary,
  placeOf: PlaceOf,
): readonly Fault[] {
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
): readonly Fault[] {
  const unknown = names.flatMap(({ text, path }) => {
    const found = library.resolve(text, use);
    return found.ok ? [] : [pathFault(path, found.error.rule, found.error.message, placeOf)];
  });
  return [...unknown, ...checkTwice(names, 'duplicate-name', 'the policy', placeOf)];
}

function checkGroups(document: unknown, placeOf: PlaceOf): readonly Fault[] {
  const groups = keysOf(document, ['groups']);
  return keysOf(document, ['users']).flatMap((user) => {
    const named = textsAt(document, ['users', user, 'groups']);
    const unknown = named.filter(({ text }) => !groups.includes(text));
    return [
      ...unknown.map(({ text, path }) =>
        pathFault(path, 'unknown-group', `there is no group "${text}"${didYouMean(text, groups)}`, placeOf),
      ),
      ...checkTwice(named, 'duplicate-name', 'the group', placeOf),
    ];
  });
}

/** A key id is whose? It must be one user's, and once. */
function checkAccessKeys(document: unknown, placeOf: PlaceOf): readonly Fault[] {
  const ids = keysOf(document, ['users']).flatMap((user) => {
    const keys = valueAt(document, ['users', user, 'accessKeys']);
    if (!Array.isArray(keys)) return [];
    return keys.flatMap((_, index) => textsAt(document, ['users', user, 'accessKeys', index, 'id']));
  });
  return checkTwice(ids, 'duplicate-access-key', 'the access key id', placeOf);
}

function checkOrganization(document: unknown, library: PolicyLibrary, placeOf: PlaceOf): readonly Fault[] {
  return Object.entries(LEVEL_MEMBERS).flatMap(([member, use]) => {
    const levels = valueAt(document, ['organization', member]);
    if (!Array.isArray(levels)) return [];
    return levels.flatMap((_, level) =>
      checkPolicies(textsAt(document, ['organization', member, level]), use, library, placeOf),
    );
  });
}

function checkProviders(document: unknown, placeOf: PlaceOf): readonly Fault[] {
  const providers = valueAt(document, ['oidcProviders']);
  if (!Array.isArray(providers)) return [];
  const urls = providers.flatMap((_, index) => textsAt(document, ['oidcProviders', index, 'url']));
  return checkTwice(urls, 'duplicate-name', 'the provider', placeOf);
}

/** A fault at every name but the first of those that are the same. */
function checkTwice(names: readonly Named[], rule: string, what: string, placeOf: PlaceOf): readonly Fault[] {
  const seen = new Map<string, Path>();
  return names.flatMap(({ text, path }) => {
    const first = seen.get(text);
    seen.set(text, first ?? path);
    if (first === undefined) return [];
    const { label, line } = placeOf(first, 'value');
    const where = line === undefined ? label : `${label}, line ${line}`;
    return [pathFault(path, rule, `${what} "${text}" stands already at ${where}`, placeOf)];
  });
}

/** Zod passes over a key `__proto__`; nobody may be left out in silence. */
const UNREADABLE_KEY = '__proto__';

function checkKeys(document: unknown, section: Path, kind: string, placeOf: PlaceOf): readonly Fault[] {
  const seen = new Map<string, string>();
  return keysOf(document, section).flatMap((name) => {
    const path = [...section, name];
    if (name === UNREADABLE_KEY)
      return [pathFault(path, 'invalid-name', `this is no name for a ${kind}`, placeOf, 'key')];
    const first = seen.get(name.toLowerCase());
    seen.set(name.toLowerCase(), first ?? name);
    if (first === undefined) return [];
    const message = `there is a ${kind} "${first}" already; to AWS names that differ only in case are one`;
    return [pathFault(path, 'duplicate-name', message, placeOf, 'key')];
  });
}
