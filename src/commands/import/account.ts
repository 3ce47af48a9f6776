import { isDeepStrictEqual } from 'node:util';
import type { Located, Policy } from '../../policy/ast.ts';
import { policyDocument } from '../../policy/print.ts';
import type { Report } from '../../policy/report.ts';

/** Whose ARNs the imported names form. */
export interface Owner {
  readonly account: string;
  readonly partition: string;
  /** Where the source says it. */
  readonly region?: string;
}

export type Kind = 'user' | 'group' | 'role';

export interface Inline {
  readonly name: string;
  readonly policy: Policy;
}

/** A user, group or role as an infrastructure file defines it. */
export interface Identity {
  readonly kind: Kind;
  readonly name: Located;
  /** Begins and ends with `/`. */
  readonly path: string;
  /** ARNs. */
  readonly managed: readonly Located[];
  readonly inline: readonly Inline[];
  /** An ARN. */
  readonly boundary?: Located;
  readonly tags: Readonly<Record<string, string>>;
  /** Of users: the names of their groups. */
  readonly groups: readonly Located[];
  /** Of roles. */
  readonly trust?: Policy;
  /** Of roles, in seconds. */
  readonly maxSessionDuration?: number;
}

/** A managed policy of the account. */
export interface ManagedPolicy {
  readonly arn: string;
  readonly name: Located;
  /** Begins and ends with `/`. */
  readonly path: string;
  readonly policy: Policy;
}

/** The policy of an S3 bucket. */
export interface BucketPolicy {
  readonly bucket: Located;
  readonly policy: Policy;
}

/** A resource of the source that concerns IAM and is not in the folder. */
export interface LeftOut {
  /** Its address, logical ID or name. */
  readonly resource: string;
  /** What it is and what to do, as the end of a sentence. */
  readonly reason: string;
}

export interface ImportedAccount {
  readonly owner: Owner;
  readonly identities: readonly Identity[];
  readonly policies: readonly ManagedPolicy[];
  readonly bucketPolicies: readonly BucketPolicy[];
  /** How many resources of the source were imported. */
  readonly imported: number;
  readonly leftOut: readonly LeftOut[];
  /** What to know about what was imported, in sentences. */
  readonly remarks: readonly string[];
}

/** Collects principals, and what is attached to them elsewhere in the source. */
export class AccountBuilder {
  readonly owner: Owner;
  readonly report: Report;
  /** Resources, principals and policies that the user leaves out by name. */
  readonly #omitted: ReadonlySet<string>;
  readonly #usedOmissions = new Set<string>();
  readonly #identities: Identity[] = [];
  readonly #policies: ManagedPolicy[] = [];
  readonly #bucketPolicies: BucketPolicy[] = [];
  readonly #imported = new Set<string>();
  readonly #leftOut = new Map<string, LeftOut>();
  readonly #remarks = new Set<string>();

  constructor(owner: Owner, report: Report, omitted: ReadonlySet<string> = new Set()) {
    this.owner = owner;
    this.report = report;
    this.#omitted = omitted;
  }

  add(identity: Identity): void {
    const { kind, name, inline } = identity;
    if (this.#find(kind, name.text))
      this.report.error('duplicate-name', `there are two ${kind}s "${name.text}"`, name.position);
    else {
      this.#identities.push({ ...identity, inline: [] });
      for (const each of inline) this.inline(kind, name, each);
    }
  }

  addPolicy(policy: ManagedPolicy): void {
    const twice = this.#policies.some(({ arn }) => arn === policy.arn);
    if (twice)
      this.report.error('duplicate-name', `there are two policies ${policy.arn}`, policy.name.position);
    else this.#policies.push(policy);
  }

  /** A bucket has one policy. */
  addBucketPolicy(policy: BucketPolicy): void {
    const { text, position } = policy.bucket;
    if (this.#bucketPolicies.some(({ bucket }) => bucket.text === text))
      this.report.error('duplicate-name', `there are two policies of the bucket "${text}"`, position);
    else this.#bucketPolicies.push(policy);
  }

  remark(sentence: string): void {
    this.#remarks.add(sentence);
  }

  /** Counts a resource of which everything is in the folder. */
  count(resource: string): void {
    this.#imported.add(resource);
  }

  leaveOut(resource: string, reason: string): void {
    this.#leftOut.set(`${resource}\n${reason}`, { resource, reason });
  }

  /** Whether the user leaves it out by name; if so, it is listed. */
  omits(name: string, resource = name): boolean {
    if (!this.#omitted.has(name)) return false;
    this.#usedOmissions.add(name);
    this.leaveOut(resource, resource === name ? 'left out by --omit' : `"${name}" is left out by --omit`);
    return true;
  }

  attach(kind: Kind, name: Located, arn: Located): void {
    this.#change(kind, name, `the policy ${arn.text}`, ({ managed }) =>
      managed.some(({ text }) => text === arn.text) ? {} : { managed: [...managed, arn] },
    );
  }

  /** IAM would keep the one that is put last, and a source does not say which that is. */
  inline(kind: Kind, name: Located, inline: Inline): void {
    this.#change(kind, name, `the inline policy ${inline.name}`, (before) => {
      const other = before.inline.find((each) => each.name === inline.name);
      if (other === undefined) return { inline: [...before.inline, inline] };
      if (isDeepStrictEqual(policyDocument(other.policy), policyDocument(inline.policy))) return {};
      const message = `the ${kind} "${name.text}" has two different inline policies "${inline.name}": only the one that is put last remains in AWS`;
      this.report.error('duplicate-name', message, name.position);
      return {};
    });
  }

  join(user: Located, group: Located): void {
    this.#change('user', user, `the membership in ${group.text}`, ({ groups }) =>
      groups.some(({ text }) => text === group.text) ? {} : { groups: [...groups, group] },
    );
  }

  /** Drops what an exclusive list does not name, as its deployment does. */
  keepOnly(kind: Kind, name: Located, part: 'managed' | 'inline', kept: readonly string[]): void {
    this.#change(kind, name, 'an exclusive list', (before) => {
      const names =
        part === 'managed' ? before.managed.map(({ text }) => text) : before.inline.map((each) => each.name);
      for (const dropped of names.filter((each) => !kept.includes(each)))
        this.leaveOut(dropped, `an exclusive list removes it from the ${kind} "${name.text}"`);
      return part === 'managed'
        ? { managed: before.managed.filter(({ text }) => kept.includes(text)) }
        : { inline: before.inline.filter((each) => kept.includes(each.name)) };
    });
  }

  build(): ImportedAccount {
    for (const identity of this.#identities) this.#listOmittedPolicies(identity);
    for (const name of this.#omitted)
      if (!this.#usedOmissions.has(name) && !this.#followsOtherErrors())
        this.report.error('unknown-omission', `--omit ${name}: there is nothing of this name`, undefined);
    const leftOut = [...this.#leftOut.values()];
    const omitted = new Set(leftOut.map(({ resource }) => resource));
    return {
      owner: this.owner,
      identities: this.#identities,
      policies: this.#policies,
      bucketPolicies: this.#bucketPolicies,
      imported: [...this.#imported].filter((each) => !omitted.has(each)).length,
      leftOut,
      remarks: [...this.#remarks],
    };
  }

  policyArn(path: string, name: string): string {
    return iamArn(this.owner, `policy${path}${name}`);
  }

  #listOmittedPolicies({ kind, name, managed, boundary }: Identity): void {
    for (const { text } of managed) this.omits(text, `${text} of ${kind}/${name.text}`);
    if (boundary && this.omits(boundary.text, `the boundary ${boundary.text} of ${kind}/${name.text}`))
      this.remark(
        `The ${kind} "${name.text}" is allowed more than in AWS: its permissions boundary was left out.`,
      );
  }

  #find(kind: Kind, name: string): Identity | undefined {
    return this.#identities.find((each) => each.kind === kind && each.name.text === name);
  }

  /** What is missing may be what another error is about. */
  #followsOtherErrors(): boolean {
    return this.report.errors.some(({ rule }) => rule === 'unresolved');
  }

  #change(kind: Kind, name: Located, what: string, change: (before: Identity) => Partial<Identity>): void {
    const before = this.#find(kind, name.text);
    if (before !== undefined) {
      this.#identities[this.#identities.indexOf(before)] = { ...before, ...change(before) };
      return;
    }
    const principal = `${kind}/${name.text}`;
    if (this.omits(principal, `${what} of ${principal}`) || this.#followsOtherErrors()) return;
    const message = `the ${kind} "${name.text}" is not in this file, but ${what} is attached to it: import the file that defines it, or leave it out with --omit ${principal}`;
    this.report.error('unknown-principal', message, name.position);
  }
}

export const iamArn = ({ account, partition }: Owner, resource: string): string =>
  `arn:${partition}:iam::${account}:${resource}`;
