import { resolve } from 'node:path';
import { toValue } from '../lib/document.ts';
import type { Diagnostic } from '../lib/errors.ts';
import { readJson } from '../lib/json-position.ts';
import { checkSchema, type PlaceOf, pathDiagnostic, placesIn } from '../lib/schema-diagnostics.ts';
import { type Account, oidcProvider } from './assemble-directory.ts';
import type { OidcProvider } from './directory.ts';
import { keySet, type Principals } from './principals-schema.ts';
import { displayPath, readText } from './source-file.ts';

type Entry = Principals['oidcProviders'][number];

export interface ReadProviders {
  readonly providers: readonly OidcProvider[];
  readonly diagnostics: readonly Diagnostic[];
  /** The files of the key sets, as absolute paths. */
  readonly files: readonly string[];
}

/**
 * Reads the OpenID Connect providers with their key sets. An unreadable file is reported where it is named; a URL is
 * not fetched until a token is verified.
 */
export async function readOidcProviders(
  entries: readonly Entry[],
  owner: Account,
  folder: string,
  placeOf: PlaceOf,
): Promise<ReadProviders> {
  const read = await Promise.all(
    entries.map(async (entry, index) => {
      const { jwks } = entry;
      if (typeof jwks !== 'string') return { provider: oidcProvider(entry, jwks, owner), diagnostics: [] };
      if (isAddress(jwks)) return { provider: oidcProvider(entry, { url: jwks }, owner), diagnostics: [] };
      return readProvider(entry, jwks, owner, folder, ['oidcProviders', index, 'jwks'], placeOf);
    }),
  );
  return {
    providers: read.flatMap(({ provider }) => provider ?? []),
    diagnostics: read.flatMap(({ diagnostics }) => diagnostics),
    files: entries.flatMap(({ jwks }) =>
      typeof jwks === 'string' && !isAddress(jwks) ? resolve(folder, jwks) : [],
    ),
  };
}

const isAddress = (jwks: string): boolean => /^https?:/.test(jwks);

async function readProvider(
  entry: Entry,
  jwks: string,
  owner: Account,
  folder: string,
  path: readonly PropertyKey[],
  placeOf: PlaceOf,
): Promise<{ readonly provider?: OidcProvider; readonly diagnostics: readonly Diagnostic[] }> {
  const file = resolve(folder, jwks);
  const text = await readText(file);
  if (!text.ok)
    return {
      diagnostics: [pathDiagnostic(path, 'unreadable', `${text.error.file} ${text.error.message}`, placeOf)],
    };
  const document = readJson(text.value, displayPath(file));
  if (!document.ok) return { diagnostics: document.error };
  const keys = checkSchema(keySet, toValue(document.value), placesIn(document.value, displayPath(file)));
  return keys.ok
    ? { provider: oidcProvider(entry, keys.value, owner), diagnostics: [] }
    : { diagnostics: keys.error };
}
