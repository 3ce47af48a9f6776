import type { AccountId } from '../lib/identifiers.ts';
import type { Policy } from '../policy/ast.ts';
import type { Layer } from './decision.ts';
import { type PlacedStatement, placeStatement } from './placed-statement.ts';
import type { NamedPolicy, PolicySet } from './policy-set.ts';
import { type CompiledStatement, compileStatement } from './statement.ts';
import { indexStatements, type StatementIndex } from './statement-index.ts';

/** The policies of one layer, or of one level of it. */
export interface CompiledLayer {
  readonly layer: Layer;
  /** 0-based, root first; for service control and resource control policies. */
  readonly level?: number;
  /** In the order of the policies, for traces. */
  readonly statements: readonly PlacedStatement[];
  readonly allows: StatementIndex;
  readonly denies: StatementIndex;
}

/** A `PolicySet` compiled for evaluation. */
export interface CompiledPolicies {
  /** The layers that are present, in the order in which AWS evaluates them. */
  readonly layers: readonly CompiledLayer[];
  /** The layers that apply to callers without an account: services, web identities, anonymous callers. */
  readonly resourceLayers: readonly CompiledLayer[];
  /** Whether the layers include policies of an organization, which do not apply to every request. */
  readonly organized: boolean;
  /** Whether there is a permissions boundary. */
  readonly bounded: boolean;
  /** The account that owns the resource policy in the layers. */
  readonly resourceAccount?: AccountId;
}

/**
 * Compiles once, when the directory is loaded. Policies and levels that several principals share are compiled once.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
 */
export function compile(policies: PolicySet): CompiledPolicies {
  const {
    identity,
    permissionsBoundary,
    session,
    serviceControl = [],
    resourceControl = [],
    resourcePolicy,
  } = policies;
  const resourceLayers = [
    ...resourceControl.map((level, index) => compileLayer('resourceControl', level, index)),
    ...(resourcePolicy ? [compileLayer('resourcePolicy', [resourcePolicy.policy])] : []),
  ];
  const layers = [
    ...resourceLayers.filter(({ layer }) => layer === 'resourceControl'),
    ...serviceControl.map((level, index) => compileLayer('serviceControl', level, index)),
    ...resourceLayers.filter(({ layer }) => layer === 'resourcePolicy'),
    compileLayer('identity', identity),
    ...(permissionsBoundary ? [compileLayer('permissionsBoundary', [permissionsBoundary])] : []),
    ...(session ? [compileLayer('session', session)] : []),
  ];
  return {
    layers,
    resourceLayers,
    organized: serviceControl.length > 0 || resourceControl.length > 0,
    bounded: permissionsBoundary !== undefined,
    ...(resourcePolicy && { resourceAccount: resourcePolicy.account }),
  };
}

function compileLayer(layer: Layer, policies: readonly NamedPolicy[], level?: number): CompiledLayer {
  return { layer, ...(level !== undefined && { level }), ...indexPolicies(policies) };
}

type Indexed = Pick<CompiledLayer, 'statements' | 'allows' | 'denies'>;

/** Keyed by the policy objects, which are immutable; an entry is collected with its policies. */
const indexed = new WeakMap<readonly NamedPolicy[], Indexed>();
const compiled = new WeakMap<Policy, readonly CompiledStatement[]>();

function indexPolicies(policies: readonly NamedPolicy[]): Indexed {
  const known = indexed.get(policies);
  if (known !== undefined) return known;
  const statements = policies
    .flatMap((named) => compilePolicy(named.policy).map((statement) => ({ statement, named })))
    .map(({ statement, named }, order) => placeStatement(statement, named, order));
  const made = {
    statements,
    allows: indexStatements(statements.filter(({ statement }) => statement.source.effect === 'Allow')),
    denies: indexStatements(statements.filter(({ statement }) => statement.source.effect === 'Deny')),
  };
  indexed.set(policies, made);
  return made;
}

function compilePolicy(policy: Policy): readonly CompiledStatement[] {
  const known = compiled.get(policy);
  if (known !== undefined) return known;
  const made = policy.statements.map((statement) => compileStatement(statement, policy));
  compiled.set(policy, made);
  return made;
}
