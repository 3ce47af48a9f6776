import type { NamedPolicy } from '../engine/policy-set.ts';
import type { Principal } from '../engine/principal.ts';
import { toQuery } from '../engine/query.ts';
import type { AuthorizationRequest } from '../engine/request.ts';
import { principalMatches } from '../engine/statement.ts';
import type { FactsOf } from './key-facts.ts';
import { principalsNamed } from './principals.ts';
import type { Situation } from './prove.ts';
import { type ResourceUniverse, resourceLanguage } from './resource-formats.ts';
import { matching, policyStatements, type Side, type SideStatement } from './side.ts';

/** Documents on their own, without those who have them. */
export interface DocumentPair {
  readonly next: readonly NamedPolicy[];
  readonly existing: readonly NamedPolicy[];
  readonly universe: ResourceUniverse;
  /** The callers to check, in place of those that the documents distinguish. */
  readonly principals?: readonly Principal[];
  readonly factsFor: (principal: Principal) => FactsOf;
  /** Whether requests keep what AWS documents of several keys together. */
  readonly linked?: true;
}

/**
 * Documents are judged by what their statements match: some Allow does, and no Deny. A resource-based policy is judged like
 * that for each principal that it distinguishes; a grant to an account only delegates, but what the account may hand on is
 * what the policy grants.
 */
export function documentSituations({
  next,
  existing,
  universe,
  principals,
  factsFor,
  linked,
}: DocumentPair): readonly Situation[] {
  const [after, before] = [next.flatMap(policyStatements), existing.flatMap(policyStatements)];
  const named = principals ?? principalsNamed([...after, ...before].map(({ statement }) => statement));
  return named.map((principal) => {
    const sides = { next: sideFor(after, principal), existing: sideFor(before, principal) };
    return {
      ...sides,
      principal,
      facts: factsFor(principal),
      ...(linked && { linked }),
      zoneOf: ({ formats }) => ({ languages: [resourceLanguage(formats, universe, 'any')], excluded: [] }),
      decide: (request) => ({
        next: isAllowed(sides.next, request),
        existing: isAllowed(sides.existing, request),
      }),
    };
  });
}

/** The statements that are about a principal. */
function sideFor(statements: readonly SideStatement[], principal: Principal): Side {
  const query = toQuery({ principal, action: '', resource: '*', context: new Map() }, false);
  const about = statements.filter(({ placed }) => principalMatches(placed.statement, query));
  return {
    ways: [[about.filter(({ statement }) => statement.effect === 'Allow')]],
    denies: about.filter(({ statement }) => statement.effect === 'Deny'),
    resourceControls: [],
    bounded: false,
  };
}

/** By the engine's own statements, formulas aside. */
const isAllowed = ({ ways, denies }: Side, request: AuthorizationRequest): boolean =>
  matching(denies, request, false).length === 0 &&
  ways.some((levels) => levels.every((level) => matching(level, request, false).length > 0));
