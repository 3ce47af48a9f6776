import { awsManagedPolicies } from '../../directory/managed-policies.ts';
import type { PrincipalsInput, RoleInput, UserInput } from '../../directory/principals-input.ts';
import type { Located } from '../../policy/ast.ts';
import { printPolicy } from '../../policy/print.ts';
import type { Report } from '../../policy/report.ts';
import type { Identity, ImportedAccount, Kind } from './account.ts';
import { nameManaged, PolicyFileNames } from './policy-file-names.ts';

/** An imported account as the proxy reads it. */
export interface ImportedFolder {
  readonly principals: PrincipalsInput;
  /** JSON texts by the names of their files. */
  readonly policies: ReadonlyMap<string, string>;
}

export function toFolder(
  account: ImportedAccount,
  { report, omitted }: { readonly report: Report; readonly omitted: ReadonlySet<string> },
): ImportedFolder {
  const names = new PolicyFileNames(report);
  const managed = nameManaged(account, names);
  for (const each of account.bucketPolicies) names.bucket(each);
  const writer = new IdentityWriter({ names, managed, omitted }, report);
  const ofKind = (kind: Kind) => account.identities.filter((each) => each.kind === kind).toSorted(byName);
  const section = <Entry>(kind: Kind, entryOf: (identity: Identity) => Entry) =>
    Object.fromEntries(ofKind(kind).map((identity) => [identity.name.text, entryOf(identity)]));
  const principals: PrincipalsInput = {
    users: section('user', (identity) => writer.user(identity)),
    groups: section('group', (identity) => writer.attached(identity)),
    roles: section('role', (identity) => writer.role(identity)),
  };
  const policies = new Map([...names.policies].map(([name, policy]) => [name, `${printPolicy(policy)}\n`]));
  return { principals, policies };
}

const byName = (a: Identity, b: Identity): number => (a.name.text < b.name.text ? -1 : 1);

interface WriterOptions {
  readonly names: PolicyFileNames;
  readonly managed: ReadonlyMap<string, string>;
  readonly omitted: ReadonlySet<string>;
}

/** The entries of `principals.yaml`, in the order in which people read them; what is by default is left out. */
class IdentityWriter {
  readonly #names: PolicyFileNames;
  /** ARN -> file name. */
  readonly #managed: ReadonlyMap<string, string>;
  /** ARNs of policies that are left out. */
  readonly #omitted: ReadonlySet<string>;
  readonly #report: Report;

  constructor({ names, managed, omitted }: WriterOptions, report: Report) {
    this.#names = names;
    this.#managed = managed;
    this.#omitted = omitted;
    this.#report = report;
  }

  user(identity: Identity): UserInput {
    const { groups } = identity;
    const names = groups.map(({ text }) => text);
    const { path, ...attached } = this.attached(identity);
    return {
      ...(path !== undefined && { path }),
      ...(names.length > 0 && { groups: names }),
      ...attached,
      ...this.#rest(identity),
    };
  }

  role(identity: Identity): RoleInput {
    const { name, trust, maxSessionDuration = DEFAULT_SESSION } = identity;
    const { path, ...attached } = this.attached(identity);
    return {
      ...(path !== undefined && { path }),
      trustPolicy: trust ? this.#names.trust(name.text, trust) : '',
      ...attached,
      ...this.#rest(identity),
      ...(maxSessionDuration !== DEFAULT_SESSION && { maxSessionDuration }),
    };
  }

  attached({ name, path, managed, inline }: Identity) {
    const managedPolicies = managed.flatMap((arn) => this.#nameOf(arn) ?? []);
    const inlinePolicies = inline.map((each) => this.#names.inline(name.text, each.name, each.policy));
    return {
      ...(path !== '/' && { path }),
      ...(managedPolicies.length > 0 && { managedPolicies }),
      ...(inlinePolicies.length > 0 && { inlinePolicies }),
    };
  }

  #rest({ boundary, tags }: Identity) {
    const permissionsBoundary = boundary && this.#nameOf(boundary);
    return {
      ...(permissionsBoundary !== undefined && { permissionsBoundary }),
      ...(Object.keys(tags).length > 0 && { tags }),
    };
  }

  /** A name where one policy has it, an ARN where AWS and the account have one each; `undefined` where it is left out. */
  #nameOf({ text: arn, position }: Located): string | undefined {
    if (this.#omitted.has(arn)) return undefined;
    const own = this.#managed.get(arn);
    if (own !== undefined) return awsManagedPolicies.find(own) ? arn : own;
    const ofAws = awsManagedPolicies.find(arn);
    if (ofAws !== undefined) return this.#names.policies.has(ofAws.name) ? arn : ofAws.name;
    // A policy that could not be read is not missing.
    if (this.#report.errors.some(({ rule }) => rule !== 'unknown-policy')) return undefined;
    const message = `the policy ${arn} is neither in this file nor an AWS managed policy of this release: give its document with --policy ${arn}=FILE, or leave it out with --omit ${arn}`;
    this.#report.error('unknown-policy', message, position);
    return undefined;
  }
}

/** In seconds. */
const DEFAULT_SESSION = 3600;
