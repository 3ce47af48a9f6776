import type { Located, Policy } from '../../policy/ast.ts';
import type { Report } from '../../policy/report.ts';

/** Whose ARNs the imported names form. */
export interface Owner {
  readonly account: string;
  readonly partition: string;
}

export type Kind = 'user' | 'group' | 'role';

export interface Inline {
  readonly name: string;
  readonly policy: Policy;
}

/** A user, group or role as an infrastructure file tells it. */
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

export interface ImportedAccount {
  readonly owner: Owner;
  readonly identities: readonly Identity[];
  readonly policies: readonly ManagedPolicy[];
  /** What was left out, and what to know, in sentences. */
  readonly remarks: readonly string[];
}

/** Puts together what stands apart: principals, and what is attached to them elsewhere. */
export class AccountBuilder {
  readonly owner: Owner;
  readonly report: Report;
  readonly #identities: Identity[] = [];
  readonly #policies: ManagedPolicy[] = [];
  readonly #remarks: string[] = [];

  constructor(owner: Owner, report: Report) {
    this.owner = owner;
    this.report = report;
  }

  add(identity: Identity): void {
    const { kind, name } = identity;
    if (this.#find(kind, name.text))
      this.report.error('duplicate-name', `there are two ${kind}s "${name.text}"`, name.position);
    else this.#identities.push(identity);
  }

  addPolicy(policy: ManagedPolicy): void {
    const twice = this.#policies.some(({ arn }) => arn === policy.arn);
    if (twice)
      this.report.error('duplicate-name', `there are two policies ${policy.arn}`, policy.name.position);
    else this.#policies.push(policy);
  }

  remark(sentence: string): void {
    if (!this.#remarks.includes(sentence)) this.#remarks.push(sentence);
  }

  attach(kind: Kind, name: Located, arn: Located): void {
    this.#change(kind, name, ({ managed }) =>
      managed.some(({ text }) => text === arn.text) ? {} : { managed: [...managed, arn] },
    );
  }

  /** A policy put under a name that is there replaces it, as it does in IAM. */
  inline(kind: Kind, name: Located, inline: Inline): void {
    this.#change(kind, name, (before) => ({
      inline: [...before.inline.filter((each) => each.name !== inline.name), inline],
    }));
  }

  join(user: Located, group: Located): void {
    this.#change('user', user, ({ groups }) =>
      groups.some(({ text }) => text === group.text) ? {} : { groups: [...groups, group] },
    );
  }

  build(): ImportedAccount {
    const { owner } = this;
    return { owner, identities: this.#identities, policies: this.#policies, remarks: this.#remarks };
  }

  policyArn(path: string, name: string): string {
    return iamArn(this.owner, `policy${path}${name}`);
  }

  #find(kind: Kind, name: string): Identity | undefined {
    return this.#identities.find((each) => each.kind === kind && each.name.text === name);
  }

  #change(kind: Kind, name: Located, change: (before: Identity) => Partial<Identity>): void {
    const before = this.#find(kind, name.text);
    if (before === undefined) {
      const message = `the ${kind} "${name.text}" is not in this file: what is attached to it here has no place`;
      this.report.error('unknown-principal', message, name.position);
      return;
    }
    this.#identities[this.#identities.indexOf(before)] = { ...before, ...change(before) };
  }
}

export const iamArn = ({ account, partition }: Owner, resource: string): string =>
  `arn:${partition}:iam::${account}:${resource}`;
