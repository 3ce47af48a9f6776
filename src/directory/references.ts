import type { Diagnostic } from '../lib/errors.ts';
import { didYouMean } from '../lib/nearest.ts';
import { type Path, type PlaceOf, pathDiagnostic } from '../lib/schema-diagnostics.ts';
import type { IdentityKind } from './fingerprint.ts';
import { keysOf, memberOf, type Named, stringsOf } from './raw-document.ts';

/*
 * The checks of `principals.yaml` that its schema cannot do and that need no policies: duplicate names, groups. Reads
 * the raw document, so that these errors are reported together with those of the schema.
 */

/** Sections whose names are case-insensitive on AWS. */
export const SECTIONS: Readonly<Record<string, IdentityKind>> = {
  users: 'user',
  groups: 'group',
  roles: 'role',
};

export function checkPrincipals(document: unknown, placeOf: PlaceOf): readonly Diagnostic[] {
  return [
    ...Object.entries(SECTIONS).flatMap(([section, kind]) => {
      const holders = memberOf(document, section);
      return [
        ...checkKeys(holders, [section], kind, placeOf),
        ...keysOf(holders).flatMap((name) =>
          checkKeys(memberOf(memberOf(holders, name), 'tags'), [section, name, 'tags'], 'tag', placeOf),
        ),
      ];
    }),
    ...checkGroups(document, placeOf),
    ...checkAccessKeys(document, placeOf),
    ...checkProviders(document, placeOf),
  ];
}

/** More unknown groups than these are not compared with all groups. */
const MOST_SUGGESTIONS = 100;

function checkGroups(document: unknown, placeOf: PlaceOf): readonly Diagnostic[] {
  const groups = new Set(keysOf(memberOf(document, 'groups')));
  const users = memberOf(document, 'users');
  let suggestions = 0;
  return keysOf(users).flatMap((user) => {
    const named = stringsOf(memberOf(memberOf(users, user), 'groups'));
    const pathOf = ({ index }: Named): Path => ['users', user, 'groups', ...index];
    const unknown = named.filter(({ text }) => !groups.has(text));
    return [
      ...unknown.map((each) => {
        suggestions += 1;
        const hint = suggestions <= MOST_SUGGESTIONS ? didYouMean(each.text, groups) : '';
        return pathDiagnostic(
          pathOf(each),
          'unknown-group',
          `there is no group "${each.text}"${hint}`,
          placeOf,
        );
      }),
      ...checkTwice(named, pathOf, 'duplicate-name', 'the group', placeOf),
    ];
  });
}

/** Checks that each access key ID occurs once. */
function checkAccessKeys(document: unknown, placeOf: PlaceOf): readonly Diagnostic[] {
  const users = memberOf(document, 'users');
  const ids = keysOf(users).flatMap((user) => {
    const keys = memberOf(memberOf(users, user), 'accessKeys');
    if (!Array.isArray(keys)) return [];
    return keys.flatMap((key, index) =>
      stringsOf(memberOf(key, 'id')).map((id) => ({ ...id, user, key: index })),
    );
  });
  type Id = (typeof ids)[number];
  const pathOf = ({ user, key, index }: Id): Path => ['users', user, 'accessKeys', key, 'id', ...index];
  return checkTwice(ids, pathOf, 'duplicate-access-key', 'the access key id', placeOf);
}

function checkProviders(document: unknown, placeOf: PlaceOf): readonly Diagnostic[] {
  const providers = memberOf(document, 'oidcProviders');
  if (!Array.isArray(providers)) return [];
  const urls = providers.flatMap((provider, at) =>
    stringsOf(memberOf(provider, 'url')).map((url) => ({ ...url, at })),
  );
  const pathOf = ({ at, index }: (typeof urls)[number]): Path => ['oidcProviders', at, 'url', ...index];
  return checkTwice(urls, pathOf, 'duplicate-name', 'the provider', placeOf);
}

/** Reports every duplicate of a name except the first. */
export function checkTwice<Each extends Named>(
  names: readonly Each[],
  pathOf: (each: Each) => Path,
  rule: string,
  what: string,
  placeOf: PlaceOf,
): readonly Diagnostic[] {
  if (names.length < 2) return [];
  const seen = new Map<string, Each>();
  return names.flatMap((each) => {
    const first = seen.get(each.text);
    if (first === undefined) {
      seen.set(each.text, each);
      return [];
    }
    const { label, line } = placeOf(pathOf(first), 'value');
    const where = line === undefined ? label : `${label}, line ${line}`;
    return [
      pathDiagnostic(pathOf(each), rule, `${what} "${each.text}" is already defined at ${where}`, placeOf),
    ];
  });
}

/** Zod ignores a key `__proto__`; no principal may be dropped silently. */
const UNREADABLE_KEY = '__proto__';

function checkKeys(section: unknown, path: Path, kind: string, placeOf: PlaceOf): readonly Diagnostic[] {
  const seen = new Map<string, string>();
  return keysOf(section).flatMap((name) => {
    if (name === UNREADABLE_KEY)
      return [pathDiagnostic([...path, name], 'invalid-name', `invalid name for a ${kind}`, placeOf, 'key')];
    const first = seen.get(name.toLowerCase());
    if (first === undefined) {
      seen.set(name.toLowerCase(), name);
      return [];
    }
    const message = `the ${kind} "${first}" already exists; names are case-insensitive on AWS`;
    return [pathDiagnostic([...path, name], 'duplicate-name', message, placeOf, 'key')];
  });
}
