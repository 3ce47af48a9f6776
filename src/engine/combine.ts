import type { AccountId } from '../lib/identifiers.ts';
import type { Decision, Layer, StatementRef } from './decision.ts';
import { type Grant, grantOf } from './grant.ts';
import { ownerOf, ownPolicyDecides } from './ownership.ts';
import type { PlacedStatement } from './placed-statement.ts';
import type { Principal } from './principal.ts';
import type { Query } from './query.ts';

/** The matching statements of one layer, or of one level of it, by effect. */
export interface Evidence {
  readonly layer: Layer;
  readonly allows: readonly PlacedStatement[];
  readonly denies: readonly PlacedStatement[];
}

/**
 * Operations that return the caller's identity. Policies do not control them, not even an explicit deny. They require
 * credentials, which anonymous callers, web identities and services do not have.
 */
const UNCONTROLLED: ReadonlySet<string> = new Set(['sts:getcalleridentity', 'sts:getsessiontoken']);

/**
 * IAM's evaluation logic: combines the results of all layers into one decision. This is the only place where layers
 * are combined.
 *
 * A deny in any layer denies. Otherwise every layer that is present must allow; the decision names the first that
 * does not. `evidence` is in the order in which AWS evaluates the layers; `resourceAccount` is the account of the
 * resource policy in it.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
 */
export function combine(query: Query, evidence: readonly Evidence[], resourceAccount?: AccountId): Decision {
  if (UNCONTROLLED.has(query.action))
    return 'accountId' in query.principal ? allowed('identity', []) : implicitDeny('resourcePolicy');
  return explicitDeny(evidence) ?? orderedAllow(query, evidence, resourceAccount);
}

/** Lists the denies of every layer; the decision names the first layer that denies. */
function explicitDeny(evidence: readonly Evidence[]): Decision | undefined {
  for (const { layer, denies } of evidence) {
    if (denies.length === 0) continue;
    return { decision: 'explicitDeny', layer, determining: evidence.flatMap((each) => refsOf(each.denies)) };
  }
  return undefined;
}

/**
 * The layers from the outermost to the innermost. Resource control policies are left out: RCPFullAWSAccess always
 * allows.
 */
function orderedAllow(
  query: Query,
  evidence: readonly Evidence[],
  resourceAccount: AccountId | undefined,
): Decision {
  if (!everyLevelAllows(evidence, 'serviceControl')) return implicitDeny('serviceControl');
  const { principal, action, resource } = query;
  const resourcePolicy = layerOf(evidence, 'resourcePolicy');
  const grant = resourcePolicy && grantOf(resourcePolicy.allows, principal);
  if (!('accountId' in principal)) return grant ? allowedBy(grant) : implicitDeny('resourcePolicy');

  const owner = resourceAccount ?? ownerOf(resource);
  const foreign = owner !== undefined && owner !== principal.accountId;
  const needsGrant = foreign || (resourcePolicy !== undefined && ownPolicyDecides(action, resource));
  if (needsGrant && grant === undefined) return implicitDeny('resourcePolicy');
  if (grant?.naming === 'direct' && !foreign) return allowedBy(grant);

  const grantSuffices = grant?.naming === 'role' && !foreign;
  const identityAllows = principal.type === 'Root' || everyLevelAllows(evidence, 'identity');
  if (!grantSuffices && !identityAllows) return implicitDeny('identity');
  if (!everyLevelAllows(evidence, 'permissionsBoundary')) return implicitDeny('permissionsBoundary');
  if (!sessionAllows(principal, evidence)) return implicitDeny('session');
  if (grantSuffices) return allowedBy(grant);
  const byIdentity = refsOf(layerOf(evidence, 'identity')?.allows ?? []);
  return allowed('identity', needsGrant && grant ? [...refsOf(grant.statements), ...byIdentity] : byIdentity);
}

/** A layer that is absent does not restrict. */
function everyLevelAllows(evidence: readonly Evidence[], name: Layer): boolean {
  for (const { layer, allows } of evidence) if (layer === name && allows.length === 0) return false;
  return true;
}

/** Without session policies, a role session has all permissions of its role; a federated user has none. */
function sessionAllows(principal: Principal, evidence: readonly Evidence[]): boolean {
  if (principal.type === 'FederatedUser' && layerOf(evidence, 'session') === undefined) return false;
  return everyLevelAllows(evidence, 'session');
}

function layerOf(evidence: readonly Evidence[], name: Layer): Evidence | undefined {
  for (const each of evidence) if (each.layer === name) return each;
  return undefined;
}

const refsOf = (statements: readonly PlacedStatement[]): readonly StatementRef[] =>
  statements.map(({ ref }) => ref);

const allowed = (layer: Layer, determining: readonly StatementRef[]): Decision => ({
  decision: 'allowed',
  layer,
  determining,
});

const allowedBy = (grant: Grant): Decision => allowed('resourcePolicy', refsOf(grant.statements));

const implicitDeny = (layer: Layer): Decision => ({ decision: 'implicitDeny', layer, determining: [] });
