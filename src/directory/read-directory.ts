import { dirname, resolve } from 'node:path';
import type { Diagnostic } from '../lib/errors.ts';
import { accountId } from '../lib/identifiers.ts';
import { memoizeFor } from '../lib/memoize.ts';
import { err, ok, type Result } from '../lib/result.ts';
import { byPlace } from '../lib/schema-diagnostics.ts';
import { iamActions } from '../model/iam-actions.ts';
import { advisePolicy } from '../policy/advise.ts';
import { type Account, assemble, type SharedIdentities } from './assemble-directory.ts';
import { checkBucketPolicies } from './bucket-policies.ts';
import { CheckedPolicy, type CheckOptions } from './checked-policy.ts';
import { createDirectory, type Directory } from './directory.ts';
import { type FileState, FileTree } from './file-tree.ts';
import { awsManagedPolicies } from './managed-policies.ts';
import { type ReadProviders, readOidcProviders } from './oidc-providers.ts';
import { PolicyFiles, type PolicySource, type ReadFile } from './policy-files.ts';
import { PolicyLibrary } from './policy-library.ts';
import type { CheckedNames } from './policy-names.ts';
import { type KeptReferences, resolveReferences } from './policy-references.ts';
import { type PrincipalsDocument, principalsOf, readPrincipals } from './principals-document.ts';
import type { PrincipalsInput } from './principals-input.ts';
import { displayPath, readTextSync } from './source-file.ts';

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

/** What an interpretation needs, and what it shares with the one before. */
interface Material extends Account {
  readonly principals: PrincipalsDocument;
  readonly sources: readonly PolicySource[];
  readonly providers: ReadProviders;
  /** The errors of files that could not be read. */
  readonly diagnostics: readonly Diagnostic[];
  /** Path to display; absent if the principals are an object. */
  readonly principalsFile?: string;
  /** Absolute. */
  readonly files: readonly string[];
  readonly check: (source: PolicySource) => CheckedPolicy;
  readonly kept: Kept;
}

/** What a read keeps for the next one, which makes again only what depends on a changed file. */
interface Kept {
  readonly identities: SharedIdentities;
  readonly references: KeptReferences;
  names?: CheckedNames;
}

const nothingKept = (): Kept => ({ identities: new WeakMap(), references: new WeakMap() });

/**
 * Reads the principals and their policies, again and again: a file is read when it changed, and everything that does
 * not depend on it is taken over from the read before.
 */
export class DirectoryReader {
  readonly #owner: Account;
  readonly #principalsFile: string;
  readonly #readFile: ReadFile;
  readonly #policies: PolicyFiles;
  readonly #check: Material['check'];
  #kept = nothingKept();
  #text: Result<string, Diagnostic> | undefined;
  #principals: PrincipalsDocument = principalsOf({});
  #providers: ReadProviders = { providers: [], diagnostics: [], files: [] };
  #last: Result<Directory, readonly Diagnostic[]> | undefined;

  constructor(options: ReadDirectoryOptions, readFile: ReadFile = readTextSync) {
    this.#owner = ownerOf(options);
    this.#readFile = readFile;
    this.#principalsFile = resolve(options.principalsFile);
    this.#policies = new PolicyFiles(resolve(options.policiesFolder), readFile);
    this.#check = checkOnce(this.#owner);
  }

  /**
   * @param files everything in the policies folder
   * @param changed the files that are new, changed or gone since the last read; all of them the first time
   * @returns the same as the last time if nothing changed
   */
  async read(
    files: ReadonlyMap<string, FileState>,
    changed: ReadonlySet<string>,
  ): Promise<Result<Directory, readonly Diagnostic[]>> {
    const isNew = [this.#readPrincipals(changed), await this.#policies.update(files, changed)].includes(true);
    const areProvidersNew = await this.#readProviders(isNew, changed);
    if (this.#last !== undefined && !isNew && !areProvidersNew) return this.#last;
    this.#last = undefined;
    const kept = this.#kept;
    // If the read throws, the next one starts from nothing.
    this.#kept = nothingKept();
    this.#last = build({
      ...this.#owner,
      principals: this.#principals,
      sources: this.#policies.sources,
      providers: this.#providers,
      diagnostics: this.#policies.diagnostics,
      principalsFile: displayPath(this.#principalsFile),
      files: [this.#principalsFile, ...this.#policies.paths, ...this.#providers.files],
      check: this.#check,
      kept,
    });
    this.#kept = kept;
    return this.#last;
  }

  #readPrincipals(changed: ReadonlySet<string>): boolean {
    if (this.#text !== undefined && !changed.has(this.#principalsFile)) return false;
    const text = this.#readFile(this.#principalsFile);
    const before = this.#text;
    if (text.ok && before?.ok && text.value === before.value) return false;
    this.#text = text;
    this.#principals = readPrincipals(text, displayPath(this.#principalsFile));
    return true;
  }

  async #readProviders(isNew: boolean, changed: ReadonlySet<string>): Promise<boolean> {
    if (!isNew && !this.#providers.files.some((file) => changed.has(file))) return false;
    const { principals, placeOf } = this.#principals;
    const folder = dirname(this.#principalsFile);
    const read = await readOidcProviders(principals?.oidcProviders ?? [], this.#owner, folder, placeOf);
    if (JSON.stringify(read) === JSON.stringify(this.#providers)) return false;
    this.#providers = read;
    return true;
  }
}

/**
 * Reads the principals and their policies once. Returns every error of every file at once, each with its file, line and
 * column; if one is an error, there is no directory.
 *
 * @returns the directory with its `warnings`; or all errors and warnings, in the order of the files.
 */
export async function readDirectory(
  options: ReadDirectoryOptions,
): Promise<Result<Directory, readonly Diagnostic[]>> {
  const tree = new FileTree([resolve(options.policiesFolder)]);
  const all = await tree.update();
  return new DirectoryReader(options).read(tree.files, all);
}

/** The same for objects: errors have a path in the object instead of a line. */
export async function readDirectoryInput(
  input: DirectoryInput,
): Promise<Result<Directory, readonly Diagnostic[]>> {
  const principals = principalsOf(input.principals);
  const owner = ownerOf(input);
  const entries = principals.principals?.oidcProviders ?? [];
  return build({
    ...owner,
    principals,
    sources: Object.entries(input.policies ?? {}).map(([name, document]) => ({ name, document })),
    providers: await readOidcProviders(entries, owner, process.cwd(), principals.placeOf),
    diagnostics: [],
    files: [],
    check: checkOnce(owner),
    kept: nothingKept(),
  });
}

const ownerOf = ({ account, partition }: Pick<ReadDirectoryOptions, 'account' | 'partition'>): Account => ({
  account: accountId(account),
  partition,
});

/** A policy is checked again only if its file changed: its source is then another object. */
function checkOnce({ account, partition }: Account): Material['check'] {
  const options: CheckOptions = {
    customerArn: `arn:${partition}:iam::${account}:policy/`,
    advise: ({ policy, file }) => advisePolicy(policy, iamActions(), file === undefined ? {} : { file }),
  };
  return memoizeFor((source: PolicySource) => new CheckedPolicy(source, options));
}

function build(material: Material): Result<Directory, readonly Diagnostic[]> {
  const { account, partition, sources, check, kept, providers } = material;
  const { principals, value, placeOf, diagnostics: ofPrincipals } = material.principals;
  const library = new PolicyLibrary(sources, {
    account,
    partition,
    awsManaged: awsManagedPolicies,
    check,
    before: kept.names,
  });
  const references = resolveReferences(value, library, placeOf, kept.references);
  kept.names = library.names;
  const diagnostics = inOrder(
    [
      ...material.diagnostics,
      ...ofPrincipals,
      ...references.diagnostics,
      ...checkBucketPolicies(library),
      ...providers.diagnostics,
      ...library.diagnostics,
    ],
    material.principalsFile,
  );
  if (principals === undefined || diagnostics.some(({ severity }) => severity === 'error'))
    return err(diagnostics);
  return ok(
    createDirectory({
      ...assemble(
        principals,
        { library, policies: references.policies },
        { account, partition },
        kept.identities,
      ),
      oidcProviders: providers.providers,
      warnings: diagnostics,
      files: material.files,
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
