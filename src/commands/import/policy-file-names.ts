import { isDeepStrictEqual } from 'node:util';
import type { Policy } from '../../policy/ast.ts';
import { policyDocument } from '../../policy/print.ts';
import type { Report } from '../../policy/report.ts';
import type { BucketPolicy, ImportedAccount, ManagedPolicy } from './account.ts';

/** Policies by the names of their files: paths inside of `policies/` without the ending. */
export class PolicyFileNames {
  readonly policies = new Map<string, Policy>();
  readonly #report: Report;

  constructor(report: Report) {
    this.#report = report;
  }

  /** A managed policy: its file's name is what its ARN ends with. */
  managed({ name, path, policy }: ManagedPolicy): string {
    const file = `${path.slice(1)}${name.text}`;
    if (file.split('/').some((part) => part === '' || part.startsWith('.')))
      this.#report.error(
        'policy-name',
        `the policy "${path}${name.text}" cannot be a file: no folder or file of policies/ may begin with a dot`,
        name.position,
      );
    if (file.startsWith('buckets/'))
      this.#report.error(
        'policy-name',
        `the policy "${path}${name.text}" cannot be a file: policies/buckets/ holds the policies of S3 buckets`,
        name.position,
      );
    this.policies.set(file, policy);
    return file;
  }

  bucket({ bucket, policy }: BucketPolicy): void {
    this.policies.set(`buckets/${bucket.text}`, policy);
  }

  /**
   * An inline policy, `inline/NAME`, with its holder's name before it where another document has that name. A file
   * `inline/NAME` is served as the inline policy `inline.NAME`: read back, it is the same file again.
   */
  inline(holder: string, inlineName: string, policy: Policy): string {
    const name = inlineName.replace(/^inline\./, '');
    return this.#free([`inline/${name}`, `inline/${holder}.${name}`], policy);
  }

  trust(role: string, policy: Policy): string {
    return this.#free([`trust/${role}`], policy);
  }

  /** The first name that nothing else has; else one with a number. */
  #free(candidates: readonly string[], policy: Policy): string {
    const [last = ''] = candidates.slice(-1);
    const numbered = Array.from({ length: this.policies.size + 1 }, (_, index) => `${last}-${index + 2}`);
    const name = [...candidates, ...numbered].find((each) => this.#fits(each, policy)) ?? last;
    this.policies.set(name, policy);
    return name;
  }

  /** To AWS, and to some file systems, names that differ only in case are one. */
  #fits(name: string, policy: Policy): boolean {
    const taken = [...this.policies].find(([each]) => each.toLowerCase() === name.toLowerCase());
    return (
      taken === undefined ||
      (taken[0] === name && isDeepStrictEqual(policyDocument(taken[1]), policyDocument(policy)))
    );
  }
}

/** Managed policies first: their names are given. */
export function nameManaged(
  { policies }: ImportedAccount,
  names: PolicyFileNames,
): ReadonlyMap<string, string> {
  return new Map(policies.map((policy) => [policy.arn, names.managed(policy)]));
}
