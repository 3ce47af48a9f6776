import type { NamedPolicy, PolicySet } from '../engine/policy-set.ts';
import { isServiceLinked, type Principal } from '../engine/principal.ts';
import { matchesPrincipal, namingOf } from '../engine/principal-element.ts';
import { toQuery } from '../engine/query.ts';
import { type Level, policyStatements, type Side, type SideStatement } from './side.ts';

/** What the resources of a zone are to the policies of their own. */
export interface ZoneOwner {
  /** Whether another account owns them. */
  readonly foreign: boolean;
  /** Whether their own policy, if there is one, must grant even to its own account: roles and KMS keys. */
  readonly ownPolicyDecides: boolean;
}

/**
 * The policies of one principal as ways and levels. It says the same as the engine's `combine`, for all requests at once;
 * the engine confirms every counterexample, and a property test holds the two together.
 */
export function principalSide(policies: PolicySet, principal: Principal, owner: ZoneOwner): Side {
  const hasAccount = 'accountId' in principal;
  const query = toQuery(
    { principal, action: '', resource: '*', context: new Map() },
    policies.permissionsBoundary !== undefined,
  );
  const applies = ({ statement }: SideStatement): boolean =>
    statement.principal === undefined || matchesPrincipal(statement.principal, query);
  const of = (effect: 'Allow' | 'Deny', named: readonly NamedPolicy[]): Level =>
    named.flatMap(policyStatements).filter((each) => each.statement.effect === effect && applies(each));
  // A service-linked role is bound by no policy of the organization.
  const isBound = !isServiceLinked(principal);
  const onResource = listOf(policies.resourcePolicy?.policy);
  const onPrincipal = [
    ...(isBound ? (policies.serviceControl ?? []).flat() : []),
    ...policies.identity,
    ...listOf(policies.permissionsBoundary),
    ...(policies.session ?? []),
  ];
  return {
    ways: waysOf(policies, principal, owner, (named) => of('Allow', named)),
    resourceControls: isBound ? of('Deny', (policies.resourceControl ?? []).flat()) : [],
    denies: of('Deny', hasAccount ? [...onResource, ...onPrincipal] : onResource),
    bounded: policies.permissionsBoundary !== undefined,
  };
}

const listOf = <T>(value: T | undefined): readonly T[] => (value === undefined ? [] : [value]);

function waysOf(
  { identity, permissionsBoundary, session, serviceControl = [], resourcePolicy }: PolicySet,
  principal: Principal,
  { foreign, ownPolicyDecides }: ZoneOwner,
  allowsOf: (named: readonly NamedPolicy[]) => Level,
): Side['ways'] {
  const grants = allowsOf(listOf(resourcePolicy?.policy));
  const named = (...namings: readonly string[]): Level =>
    grants.filter(({ statement }) => namings.includes(namingOf(statement.principal, principal) ?? ''));
  if (!('accountId' in principal)) return [[named('direct', 'role', 'account')]];
  const guardrails = isServiceLinked(principal) ? [] : serviceControl.map(allowsOf);
  const limits = [
    ...listOf(permissionsBoundary).map((boundary) => allowsOf([boundary])),
    ...listOf(session).map(allowsOf),
  ];
  // A federated user has only what its session policies pass on.
  const isLimited = principal.type === 'FederatedUser' && session === undefined;
  const needsGrant = foreign || (resourcePolicy !== undefined && ownPolicyDecides);
  const byGrant = foreign
    ? []
    : [[...guardrails, named('direct')], ...(isLimited ? [] : [[...guardrails, named('role'), ...limits]])];
  const byIdentity = [
    ...guardrails,
    ...(needsGrant ? [named('direct', 'role', 'account')] : []),
    ...(principal.type === 'Root' ? [] : [allowsOf(identity)]),
    ...limits,
  ];
  const ways = [...byGrant, ...(isLimited ? [] : [byIdentity])];
  return ways.filter((levels) => levels.every((level) => level.length > 0));
}
