import { createDirectory, type Directory, type Role, type User } from '../../directory/directory.ts';
import { decide } from '../../engine/decide.ts';
import type { Decision } from '../../engine/decision.ts';
import type { NamedPolicy } from '../../engine/policy-set.ts';
import { filterInSteps, type Steps } from '../../lib/steps.ts';
import type { Policy } from '../../policy/ast.ts';
import { recordedQuestions } from '../../recorded-calls/recorded-request.ts';
import type { RecordedCheck } from './recorded-calls.ts';

/**
 * Recorded checks of one user or role, asked again with other identity-based policies in place of those it has. Every
 * other layer stays: boundary, session, organization, trust.
 */
export class Trial {
  readonly #directory: Directory;
  readonly #identity: User | Role;

  constructor(directory: Directory, identity: User | Role) {
    this.#directory = directory;
    this.#identity = identity;
  }

  /** Decides checks under these policies. */
  under(policies: readonly NamedPolicy[]): (recorded: RecordedCheck) => Decision['decision'] {
    const ask = recordedQuestions(withPolicies(this.#directory, this.#identity, policies));
    return ({ record, check }) => {
      const question = ask(record, check);
      return question.ok ? decide(question.value.request, question.value.policies).decision : 'implicitDeny';
    };
  }

  /** The checks that are not allowed under these policies. */
  refused(
    policies: readonly NamedPolicy[],
    checks: readonly RecordedCheck[],
  ): Steps<readonly RecordedCheck[]> {
    const decisionOf = this.under(policies);
    return filterInSteps(checks, (recorded) => decisionOf(recorded) !== 'allowed');
  }

  /** The first of them. */
  *firstRefused(
    policies: readonly NamedPolicy[],
    checks: readonly RecordedCheck[],
  ): Steps<RecordedCheck | undefined> {
    const decisionOf = this.under(policies);
    for (const recorded of checks) {
      yield;
      if (decisionOf(recorded) !== 'allowed') return recorded;
    }
    return undefined;
  }
}

export const named = (policy: Policy): NamedPolicy => ({ name: 'generated', policy });

/**
 * The same checks, each action and resource once at the beginning: a policy that lacks something is found out early,
 * and all are asked of one that lacks nothing.
 */
export function mostTellingFirst(checks: readonly RecordedCheck[]): readonly RecordedCheck[] {
  const seen = new Set<string>();
  const isFirst = ({ check: { action, resource } }: RecordedCheck): boolean => {
    const key = `${action} ${resource}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  };
  const firsts = checks.filter(isFirst);
  const known = new Set(firsts);
  return [...firsts, ...checks.filter((each) => !known.has(each))];
}

/** The directory as it would be if the user or role had these policies and no groups. */
function withPolicies(
  directory: Directory,
  identity: User | Role,
  policies: readonly NamedPolicy[],
): Directory {
  const own = { managedPolicies: policies, inlinePolicies: [] };
  const { users, roles } = directory;
  return createDirectory({
    ...directory,
    ...(identity.kind === 'user'
      ? { users: new Map([...users, [identity.name, { ...identity, ...own, groups: [] }]]) }
      : { roles: new Map([...roles, [identity.name, { ...identity, ...own }]]) }),
  });
}
