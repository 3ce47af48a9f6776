import { compile } from '../engine/compile.ts';
import { decide } from '../engine/decide.ts';
import type { PolicySet } from '../engine/policy-set.ts';
import type { Principal } from '../engine/principal.ts';
import type { Codes } from './codes.ts';
import type { FactsOf } from './key-facts.ts';
import { patternCodes } from './languages.ts';
import { principalSide } from './principal-side.ts';
import type { Situation } from './prove.ts';
import { type ResourceUniverse, resourceLanguage } from './resource-formats.ts';

/** A resource that has a policy of its own, on one side at least. */
export interface OwnedResource {
  /** Patterns of its ARNs. */
  readonly patterns: readonly string[];
  /** Prefix of the actions that its policy is about, in lower case; every action where it is not given. */
  readonly service?: string;
  /** Whether its policy must grant, even to its own account. */
  readonly ownPolicyDecides: boolean;
}

/** What a principal may do under two sets of policies. */
export interface PrincipalPair {
  readonly principal: Extract<Principal, { accountId: string }>;
  readonly universe: ResourceUniverse;
  readonly facts: FactsOf;
  readonly changed?: Situation['changed'];
  readonly owned: readonly OwnedResource[];
  /** The policies that bear on requests about an owned resource, or about all others. */
  readonly next: (resource: OwnedResource | undefined) => PolicySet;
  readonly existing: (resource: OwnedResource | undefined) => PolicySet;
}

/**
 * One situation for each resource with a policy of its own, and one for all others of the principal's account. A resource
 * of another account without a policy here is denied whatever the principal's policies say, so nothing is asked about it.
 */
export function* principalSituations(pair: PrincipalPair): Iterable<Situation> {
  yield situation(pair, undefined);
  for (const owned of pair.owned) yield situation(pair, owned);
}

function situation(pair: PrincipalPair, owned: OwnedResource | undefined): Situation {
  const { principal, facts, changed, universe } = pair;
  const policies = { next: pair.next(owned), existing: pair.existing(owned) };
  const compiled = { next: compile(policies.next), existing: compile(policies.existing) };
  const owner = { foreign: false, ownPolicyDecides: owned?.ownPolicyDecides ?? false };
  return {
    principal,
    facts,
    ...(changed && { changed }),
    linked: true,
    next: principalSide(policies.next, principal, owner),
    existing: principalSide(policies.existing, principal, owner),
    decide: (request) => ({
      next: decide(request, compiled.next).decision === 'allowed',
      existing: decide(request, compiled.existing).decision === 'allowed',
    }),
    zoneOf: ({ action, formats }) => {
      const isAbout = ({ service }: OwnedResource): boolean =>
        service === undefined || action.toLowerCase().startsWith(service);
      if (owned !== undefined)
        return isAbout(owned) ? { languages: [languageOf([owned])], excluded: [] } : undefined;
      return {
        languages: [resourceLanguage(formats, universe, { account: principal.accountId })],
        excluded: languageOf(pair.owned.filter(isAbout)),
      };
    },
  };
}

const languageOf = (owned: readonly OwnedResource[]): readonly Codes[] =>
  owned.flatMap(({ patterns }) => patterns.map(patternCodes));
