import type { NamedPolicy } from '../engine/policy-set.ts';
import { type DocumentNode, fromValue } from '../lib/document.ts';
import type { Diagnostic } from '../lib/errors.ts';
import type { AccountId } from '../lib/identifiers.ts';
import { didYouMean } from '../lib/nearest.ts';
import { err, ok, type Result } from '../lib/result.ts';
import { readYaml } from '../lib/yaml-position.ts';
import type { Policy } from '../policy/ast.ts';
import { parsePolicy, parsePolicyDocument, sketchPolicy } from '../policy/parse.ts';
import { type PolicyKind, validatePolicy } from '../policy/validate.ts';
import type { PolicyUse } from './directory.ts';
import type { AwsManagedPolicies, AwsManagedPolicy } from './managed-policies.ts';
import { FULL_AWS_ACCESS, ORGANIZATION_DEFAULTS } from './organization-defaults.ts';
import type { PolicySource } from './policy-files.ts';
import { checkNames } from './policy-names.ts';

export interface LibraryOptions {
  readonly account: AccountId;
  readonly partition: string;
  readonly awsManaged: AwsManagedPolicies;
  /** Warnings about a valid policy, e.g. an action that does not exist. */
  readonly advise: (policy: NamedPolicy) => readonly Diagnostic[];
}

/** The policy kind, which determines the validation rules, for each use. */
export const POLICY_KINDS: Readonly<Record<PolicyUse, PolicyKind>> = {
  managed: 'managed',
  inline: 'inline',
  permissionsBoundary: 'permissionsBoundary',
  trustPolicy: 'trust',
  serviceControl: 'serviceControl',
  resourceControl: 'resourceControl',
  bucketPolicy: 'resource',
};

type Resolved = Result<NamedPolicy | undefined, Pick<Diagnostic, 'rule' | 'message'>>;

/** The policies that principals can name: the files in the policies folder, and the AWS managed policies. */
export class PolicyLibrary {
  readonly #options: LibraryOptions;
  readonly #customerArn: string;
  /** `undefined` for a file with errors. */
  readonly #customer: ReadonlyMap<string, NamedPolicy | undefined>;
  /** The parsable parts of files with errors, so that all errors are reported at once. */
  readonly #sketches = new Map<string, { readonly policy: Policy; readonly file: string }>();
  readonly #aws = new Map<string, NamedPolicy | undefined>();
  readonly #checked = new Set<string>();
  readonly #diagnostics: Diagnostic[];

  constructor(sources: readonly PolicySource[], options: LibraryOptions) {
    this.#options = options;
    this.#customerArn = `arn:${options.partition}:iam::${options.account}:policy/`;
    this.#diagnostics = [...checkNames(sources)];
    this.#customer = new Map(sources.map((source) => [source.name, this.#parse(source)]));
  }

  /**
   * Resolves a name or an ARN for a use. `undefined` for a file with errors (which are reported separately), and for
   * RCPFullAWSAccess. The rules of a use are checked when the policy is first resolved for it.
   */
  resolve(name: string, use: PolicyUse): Resolved {
    if (use !== 'managed' && use !== 'permissionsBoundary') return this.#resolveFile(name, use);
    return name.startsWith('arn:') ? this.#resolveArn(name, use) : this.#resolveName(name, use);
  }

  /** The valid policies in the folder, by name. */
  get customer(): readonly NamedPolicy[] {
    return [...this.#customer.values()].filter((policy) => policy !== undefined);
  }

  /** The AWS managed policies that were resolved so far. */
  get aws(): readonly NamedPolicy[] {
    return [...this.#aws.values()].filter((policy) => policy !== undefined);
  }

  /** Errors and warnings of the policies themselves; those of a use only after it was resolved. */
  get diagnostics(): readonly Diagnostic[] {
    return this.#diagnostics;
  }

  #resolveName(name: string, use: PolicyUse): Resolved {
    const ofAws = this.#options.awsManaged.find(name);
    if (!this.#customer.has(name))
      return ofAws
        ? ok(this.#fromAws(ofAws))
        : unknown(name, '', [...this.#customer.keys(), ...this.#options.awsManaged.names()]);
    if (!ofAws) return this.#fromFile(name, use);
    return err({
      rule: 'ambiguous-policy',
      message: `"${name}" is both an AWS managed policy and a file in the policies folder; use its ARN, ${this.#ofPartition(ofAws.arn)} or ${this.#customerArn}${name}`,
    });
  }

  #resolveArn(arn: string, use: PolicyUse): Resolved {
    const name = arn.slice(this.#customerArn.length);
    if (arn.startsWith(this.#customerArn) && this.#customer.has(name)) return this.#fromFile(name, use);
    const ofAws = this.#options.awsManaged.find(arn);
    if (ofAws && this.#ofPartition(ofAws.arn) === arn) return ok(this.#fromAws(ofAws));
    const near = this.#options.awsManaged.find(arn.slice(arn.lastIndexOf('/') + 1));
    const candidates = [...this.#customer.keys()].map((known) => this.#customerArn + known);
    return unknown(arn, '', near ? [this.#ofPartition(near.arn), ...candidates] : candidates);
  }

  #resolveFile(name: string, use: PolicyUse): Resolved {
    if (this.#customer.has(name)) return this.#fromFile(name, use);
    const byDefault = ORGANIZATION_DEFAULTS[use];
    if (name === byDefault) return ok(use === 'serviceControl' ? FULL_AWS_ACCESS : undefined);
    return unknown(name, ' in the policies folder', [
      ...this.#customer.keys(),
      ...(byDefault ? [byDefault] : []),
    ]);
  }

  #fromFile(name: string, use: PolicyUse): Resolved {
    const policy = this.#customer.get(name);
    const kind = POLICY_KINDS[use];
    const checked = policy ?? this.#sketches.get(name);
    if (checked && !this.#checked.has(`${kind} ${name}`)) {
      this.#checked.add(`${kind} ${name}`);
      const diagnostics = validatePolicy(checked.policy, kind, fileOf(checked));
      this.#diagnostics.push(
        ...labelled(name, checked.file, diagnostics).filter((diagnostic) => !this.#isTold(diagnostic)),
      );
    }
    return ok(policy);
  }

  /** An error can be found twice, in general and for a use: a missing Resource. */
  #isTold({ rule, file, line, column }: Diagnostic): boolean {
    return this.#diagnostics.some(
      (told) => told.rule === rule && told.file === file && told.line === line && told.column === column,
    );
  }

  #fromAws({ name, arn, document }: AwsManagedPolicy): NamedPolicy | undefined {
    if (!this.#aws.has(name)) {
      const parsed = parsePolicyDocument(fromValue(document));
      if (!parsed.ok) this.#diagnostics.push(...labelled(name, undefined, parsed.error));
      const policy = parsed.ok ? parsed.value.policy : undefined;
      this.#aws.set(name, policy && { name, arn: this.#ofPartition(arn), policy });
    }
    return this.#aws.get(name);
  }

  #parse(source: PolicySource): NamedPolicy | undefined {
    const { name } = source;
    const file = 'file' in source ? source.file : undefined;
    const parsed =
      'text' in source ? parsePolicy(source.text, source) : parsePolicyDocument(fromValue(source.document));
    this.#diagnostics.push(...labelled(name, file, parsed.ok ? parsed.value.warnings : parsed.error));
    if (!parsed.ok) {
      const sketch = 'text' in source ? sketchPolicy(source.text, source) : undefined;
      if (sketch && 'text' in source) this.#sketches.set(name, { policy: sketch, file: source.file });
      return undefined;
    }
    const { policy } = parsed.value;
    const named = {
      name,
      arn: this.#customerArn + name,
      ...(file !== undefined && { file }),
      policy,
      written: () => writtenAs(source),
    };
    this.#diagnostics.push(...labelled(name, file, this.#options.advise(named)));
    return named;
  }

  #ofPartition(arn: string): string {
    return arn.replace(/^arn:aws:/, `arn:${this.#options.partition}:`);
  }
}

/** A JSON file unchanged; YAML and objects as JSON with the same elements and lists. */
function writtenAs(source: PolicySource): string {
  if (!('text' in source)) return JSON.stringify(source.document, undefined, 2);
  const read = source.format === 'yaml' ? readYaml(source.text) : undefined;
  return read?.ok ? JSON.stringify(exactValue(read.value), undefined, 2) : source.text;
}

/** A number that JSON would write differently stays a string: `012345678901` is an account. */
function exactValue(node: DocumentNode): unknown {
  if (node.kind === 'array') return node.items.map(exactValue);
  if (node.kind === 'object')
    return Object.fromEntries(node.entries.map(({ key, value }) => [key, exactValue(value)]));
  return typeof node.value === 'number' && String(node.value) !== node.text ? node.text : node.value;
}

const fileOf = ({ file }: Pick<NamedPolicy, 'file'>): { readonly file?: string } =>
  file === undefined ? {} : { file };

/** A policy without a file is identified by its name. */
function labelled(
  name: string,
  file: string | undefined,
  diagnostics: readonly Diagnostic[],
): readonly Diagnostic[] {
  if (file !== undefined) return diagnostics;
  return diagnostics.map(({ severity, rule, message }) => ({
    severity,
    rule,
    message: `policy "${name}": ${message}`,
  }));
}

function unknown(name: string, where: string, candidates: Iterable<string>): Resolved {
  return err({
    rule: 'unknown-policy',
    message: `there is no policy "${name}"${where}${didYouMean(name, candidates)}`,
  });
}
