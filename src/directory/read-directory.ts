import { createHash } from 'node:crypto';
import { dirname, resolve } from 'node:path';
import { type DocumentNode, duplicateKeys, fromValue, toValue } from '../lib/document.ts';
import type { Diagnostic } from '../lib/errors.ts';
import { accountId } from '../lib/identifiers.ts';
import { err, ok, type Result } from '../lib/result.ts';
import { byPlace, checkSchema, type PlaceOf, placesIn } from '../lib/schema-diagnostics.ts';
import { readYaml } from '../lib/yaml-position.ts';
import { iamActions } from '../model/iam-actions.ts';
import { advisePolicy } from '../policy/advise.ts';
import { assemble } from './assemble-directory.ts';
import { checkBucketPolicies } from './bucket-policies.ts';
import { createDirectory, type Directory } from './directory.ts';
import { awsManagedPolicies } from './managed-policies.ts';
import { readOidcProviders } from './oidc-providers.ts';
import { type PolicySource, readPolicyFiles } from './policy-files.ts';
import { PolicyLibrary } from './policy-library.ts';
import type { PrincipalsInput } from './principals-input.ts';
import { principalsSchema } from './principals-schema.ts';
import { checkReferences } from './references.ts';
import { displayPath, readText } from './source-file.ts';

export interface ReadDirectoryOptions {
  /** `principals.yaml` */
  readonly principalsFile: string;
  /** `policies/` */
  readonly policiesFolder: string;
  /** 12 digits. */
  readonly account: string;
  /** `aws`, `aws-cn`, … */
  readonly partition: string;
}

/** The same as objects instead of files. */
export interface DirectoryInput {
  readonly principals: PrincipalsInput;
  /** Policy documents by name. */
  readonly policies?: Readonly<Record<string, unknown>>;
  readonly account: string;
  readonly partition: string;
}

/** The input files, before they are interpreted. */
interface Material {
  readonly principals: DocumentNode;
  readonly principalsFile?: string;
  readonly sources: readonly PolicySource[];
  /** The errors of files that could not be read. */
  readonly diagnostics: readonly Diagnostic[];
  /** Absolute. */
  readonly files: readonly string[];
}

/**
 * Reads the principals and their policies. Returns every error of every file at once, each with its file, line and
 * column; if one is an error, there is no directory.
 *
 * @returns the directory with its `warnings`; or all errors and warnings, in the order of the files.
 */
export async function readDirectory(
  options: ReadDirectoryOptions,
): Promise<Result<Directory, readonly Diagnostic[]>> {
  const principalsFile = resolve(options.principalsFile);
  const [text, { sources, diagnostics }] = await Promise.all([
    readText(principalsFile),
    readPolicyFiles(resolve(options.policiesFolder)),
  ]);
  const file = displayPath(principalsFile);
  const document = text.ok ? readYaml(text.value, file) : err([text.error]);
  return build(
    {
      principals: document.ok ? document.value : fromValue({}),
      principalsFile,
      sources,
      diagnostics: [...(document.ok ? duplicateKeys(document.value, file) : document.error), ...diagnostics],
      files: [principalsFile, ...sources.map(({ absoluteFile }) => absoluteFile)],
    },
    options,
  );
}

/** The same for objects: errors have a path in the object instead of a line. */
export function readDirectoryInput(input: DirectoryInput): Promise<Result<Directory, readonly Diagnostic[]>> {
  const sources = Object.entries(input.policies ?? {}).map(
    ([name, document]): PolicySource => ({ name, document }),
  );
  return build({ principals: fromValue(input.principals), sources, diagnostics: [], files: [] }, input);
}

async function build(
  { principals, principalsFile, sources, diagnostics: unread, files }: Material,
  { account: text, partition }: { readonly account: string; readonly partition: string },
): Promise<Result<Directory, readonly Diagnostic[]>> {
  const account = accountId(text);
  const value = toValue(principals);
  const placeOf: PlaceOf = placesIn(principals, principalsFile && displayPath(principalsFile));
  const library = new PolicyLibrary(sources, {
    account,
    partition,
    awsManaged: awsManagedPolicies,
    advise: ({ policy, file }) => advisePolicy(policy, iamActions(), file === undefined ? {} : { file }),
  });
  const checked = checkSchema(principalsSchema, value, placeOf);
  const references = [...checkReferences(value, library, placeOf), ...checkBucketPolicies(library)];
  const providers = await readOidcProviders(
    checked.ok ? checked.value.oidcProviders : [],
    { account, partition },
    principalsFile ? dirname(principalsFile) : process.cwd(),
    placeOf,
  );
  const diagnostics = inOrder(
    [
      ...unread,
      ...(checked.ok ? [] : checked.error),
      ...references,
      ...providers.diagnostics,
      ...library.diagnostics,
    ],
    principalsFile && displayPath(principalsFile),
  );
  if (!checked.ok || diagnostics.some(({ severity }) => severity === 'error')) return err(diagnostics);
  return ok(
    createDirectory({
      ...assemble(checked.value, library, { account, partition }),
      oidcProviders: providers.providers,
      warnings: diagnostics,
      files: [...files, ...providers.files],
      digest: digestOf([account, partition, value, sources, providers.providers]),
    }),
  );
}

/** Sorted by position: principals first, then policies by name. */
function inOrder(diagnostics: readonly Diagnostic[], first = ''): readonly Diagnostic[] {
  const place = ({ file = '' }: Diagnostic): string => (file === first ? '' : file);
  return diagnostics.toSorted(
    (a, b) => Number(place(a) > place(b)) - Number(place(a) < place(b)) || byPlace(a, b),
  );
}

const digestOf = (material: unknown): string =>
  createHash('sha256').update(JSON.stringify(material)).digest('hex');
