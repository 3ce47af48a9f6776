import type { Directory } from '../../directory/directory.ts';
import type { NamedPolicy, PolicySet } from '../../engine/policy-set.ts';
import type { Policy } from '../../policy/ast.ts';
import type { PolicyKind } from '../../policy/policy-kind.ts';
import type { Claim } from '../../proof/statement-proofs.ts';

/** A policy to check, and the principals that it applies to. */
export interface Subject {
  readonly name: string;
  readonly file?: string;
  readonly policy: Policy;
  /** What it is put to. */
  readonly kinds: ReadonlySet<PolicyKind>;
  /** The users and roles that it grants something; empty if its attachments are unknown. */
  readonly holders: readonly Holder[];
}

/** A user or role, and every policy that bears on it. */
export interface Holder {
  readonly kind: 'user' | 'role';
  readonly policies: PolicySet;
}

/** Whether a policy gives rights: it is attached to identities, or not attached yet. */
export const isIdentityPolicy = ({ kinds }: Subject): boolean =>
  [...kinds].every((kind) => kind === 'managed' || kind === 'inline');

/** Everybody whose identity-based policies hold this document. */
export function holdersOf(policy: Policy, directory: Directory): readonly Holder[] {
  return [...directory.users.values(), ...directory.roles.values()]
    .map((identity) => ({ kind: identity.kind, policies: directory.policySetOf(identity) }))
    .filter(({ policies }) => policies.identity.some((named) => named.policy === policy));
}

export const claimsOf = (policy: Policy): readonly Claim[] =>
  policy.statements.map((statement) => ({ statement, version: policy.version }));

export const claimsIn = (policies: readonly NamedPolicy[]): readonly Claim[] =>
  [...new Set(policies.map(({ policy }) => policy))].flatMap(claimsOf);
