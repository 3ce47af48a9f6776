import type { NamedPolicy } from '../engine/policy-set.ts';
import { fromValue } from '../lib/document.ts';
import type { Diagnostic } from '../lib/errors.ts';
import type { AccountId } from '../lib/identifiers.ts';
import { memoize, memoizeFor } from '../lib/memoize.ts';
import { didYouMean } from '../lib/nearest.ts';
import { err, ok, type Result } from '../lib/result.ts';
import { parsePolicyDocument } from '../policy/parse.ts';
import type { PolicyKind } from '../policy/validate.ts';
import { type CheckedPolicy, labelled } from './checked-policy.ts';
import type { PolicyUse } from './directory.ts';
import type { AwsManagedPolicies, AwsManagedPolicy } from './managed-policies.ts';
import { FULL_AWS_ACCESS, ORGANIZATION_DEFAULTS } from './organization-defaults.ts';
import type { PolicySource } from './policy-files.ts';
import { type CheckedNames, checkNames } from './policy-names.ts';

export interface LibraryOptions {
  readonly account: AccountId;
  readonly partition: string;
  readonly awsManaged: AwsManagedPolicies;
  /** Checks a policy, or returns what was found when it was checked before. */
  readonly check: (source: PolicySource) => CheckedPolicy;
  /** The names of the library before this one. */
  readonly before?: CheckedNames | undefined;
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

/** Inline policies and trust policies are part of an identity and have no ARN in IAM. */
const USES_WITH_ARN: ReadonlySet<PolicyUse> = new Set(['managed', 'permissionsBoundary']);

/** The policies that principals can name: the files in the policies folder, and the AWS managed policies. */
export class PolicyLibrary {
  readonly names: CheckedNames;
  readonly #options: LibraryOptions;
  readonly #customerArn: string;
  readonly #customer: ReadonlyMap<string, CheckedPolicy>;
  readonly #aws = new Map<string, NamedPolicy | undefined>();
  /** The kinds of use that were resolved, for policies of which there is something to report. */
  readonly #reported = new Map<CheckedPolicy, Set<PolicyKind>>();
  readonly #diagnostics: Diagnostic[];
  /** The names of the files that are new, changed or gone since the library before; absent if there was none. */
  readonly #changed: ReadonlySet<string> | undefined;
  #valid: readonly NamedPolicy[] | undefined;
  #suggestions = 0;

  constructor(sources: readonly PolicySource[], { before, ...options }: LibraryOptions) {
    this.#options = options;
    this.#customerArn = `arn:${options.partition}:iam::${options.account}:policy/`;
    this.names = checkNames(sources, before);
    this.#changed = before && changedNames(before.sources, sources);
    this.#diagnostics = [...this.names.diagnostics];
    const customer = new Map<string, CheckedPolicy>();
    for (const source of sources) customer.set(source.name, options.check(source));
    this.#customer = customer;
  }

  /** Whether the file of a policy is new, changed or gone since the library before. */
  isChanged(name: string): boolean {
    return this.#changed?.has(name) ?? true;
  }

  /** Whether a name is that of a file, and nothing is to be reported of its use. An ARN names another file than its text. */
  isPlainFile(name: string, use: PolicyUse): boolean {
    return (
      !name.startsWith('arn:') && this.#customer.get(name)?.diagnosticsAs(POLICY_KINDS[use]).length === 0
    );
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
    if (this.#valid !== undefined) return this.#valid;
    const valid: NamedPolicy[] = [];
    for (const { policy } of this.#customer.values()) if (policy) valid.push(policy);
    this.#valid = valid;
    return valid;
  }

  /** The AWS managed policies that were resolved so far. */
  get aws(): readonly NamedPolicy[] {
    return [...this.#aws.values()].filter((policy) => policy !== undefined);
  }

  /** Errors and warnings of the policies themselves; those of a use only after it was resolved. */
  get diagnostics(): readonly Diagnostic[] {
    const found = [...this.#diagnostics];
    for (const { diagnostics } of this.#customer.values()) for (const each of diagnostics) found.push(each);
    for (const [policy, kinds] of this.#reported) found.push(...ofUses(policy, kinds));
    return found;
  }

  #resolveName(name: string, use: PolicyUse): Resolved {
    const ofAws = this.#options.awsManaged.find(name);
    const own = this.#customer.get(name);
    if (own === undefined)
      return ofAws
        ? ok(this.#fromAws(ofAws))
        : this.#unknown(name, '', () => [...this.#customer.keys(), ...this.#options.awsManaged.names()]);
    if (!ofAws) return this.#fromFile(own, use);
    return err({
      rule: 'ambiguous-policy',
      message: `"${name}" is both an AWS managed policy and a file in the policies folder; use its ARN, ${this.#ofPartition(ofAws.arn)} or ${this.#customerArn}${name}`,
    });
  }

  #resolveArn(arn: string, use: PolicyUse): Resolved {
    const name = arn.slice(this.#customerArn.length);
    const own = arn.startsWith(this.#customerArn) ? this.#customer.get(name) : undefined;
    if (own) return this.#fromFile(own, use);
    const ofAws = this.#options.awsManaged.find(arn);
    if (ofAws && this.#ofPartition(ofAws.arn) === arn) return ok(this.#fromAws(ofAws));
    const near = this.#options.awsManaged.find(arn.slice(arn.lastIndexOf('/') + 1));
    return this.#unknown(arn, '', () => [
      ...(near ? [this.#ofPartition(near.arn)] : []),
      ...[...this.#customer.keys()].map((known) => this.#customerArn + known),
    ]);
  }

  #resolveFile(name: string, use: PolicyUse): Resolved {
    const own = this.#customer.get(name);
    if (own) return this.#fromFile(own, use);
    const byDefault = ORGANIZATION_DEFAULTS[use];
    if (name === byDefault) return ok(use === 'serviceControl' ? FULL_AWS_ACCESS : undefined);
    return this.#unknown(name, ' in the policies folder', () => [
      ...this.#customer.keys(),
      ...(byDefault ? [byDefault] : []),
    ]);
  }

  #fromFile(checked: CheckedPolicy, use: PolicyUse): Resolved {
    const kind = POLICY_KINDS[use];
    if (checked.diagnosticsAs(kind).length > 0) {
      const kinds = this.#reported.get(checked) ?? new Set();
      this.#reported.set(checked, kinds.add(kind));
    }
    return ok(USES_WITH_ARN.has(use) ? checked.policy : checked.inline);
  }

  #fromAws(managed: AwsManagedPolicy): NamedPolicy | undefined {
    const { name } = managed;
    if (!this.#aws.has(name)) {
      const parsed = parseAws(managed);
      if (!parsed.ok) this.#diagnostics.push(...labelled({ name }, parsed.error));
      this.#aws.set(name, parsed.ok ? parsed.value(this.#ofPartition(managed.arn)) : undefined);
    }
    return this.#aws.get(name);
  }

  /** Names are compared with all candidates for the first errors only: a folder can be missing as a whole. */
  #unknown(name: string, where: string, candidates: () => Iterable<string>): Resolved {
    this.#suggestions += 1;
    const hint = this.#suggestions <= MOST_SUGGESTIONS ? didYouMean(name, candidates()) : '';
    return err({ rule: 'unknown-policy', message: `there is no policy "${name}"${where}${hint}` });
  }

  #ofPartition(arn: string): string {
    return arn.replace(/^arn:aws:/, `arn:${this.#options.partition}:`);
  }
}

const MOST_SUGGESTIONS = 100;

/** Parsed once, for each partition: a principal that it is attached to stays the same when something else changes. */
const parseAws = memoizeFor(({ name, document }: AwsManagedPolicy) => {
  const parsed = parsePolicyDocument(fromValue(document));
  if (!parsed.ok) return parsed;
  const { policy } = parsed.value;
  return ok(memoize(MOST_PARTITIONS, (arn): NamedPolicy => ({ name, arn, policy })));
});

const MOST_PARTITIONS = 10;

/** The names of sources that are in one of two lists only. Both are sorted by name. */
function changedNames(before: readonly PolicySource[], after: readonly PolicySource[]): ReadonlySet<string> {
  const changed = new Set<string>();
  let old = 0;
  for (const source of after) {
    for (let other = before[old]; other !== undefined && other.name < source.name; other = before[old]) {
      changed.add(other.name);
      old += 1;
    }
    if (before[old] === source) old += 1;
    else changed.add(source.name);
  }
  for (const { name } of before.slice(old)) changed.add(name);
  return changed;
}

/** An error can be found twice, in general and for a use: a missing Resource. */
function ofUses(policy: CheckedPolicy, kinds: Iterable<PolicyKind>): readonly Diagnostic[] {
  const placeOf = ({ rule, line, column }: Diagnostic): string => `${rule} ${line} ${column}`;
  const told = new Set(policy.diagnostics.map(placeOf));
  return [...kinds]
    .flatMap((kind) => policy.diagnosticsAs(kind))
    .filter((diagnostic) => {
      const isNew = !told.has(placeOf(diagnostic));
      told.add(placeOf(diagnostic));
      return isNew;
    });
}
