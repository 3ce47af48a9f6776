import type { StatementRef } from '../engine/decision.ts';
import { type PlacedStatement, placeStatement } from '../engine/placed-statement.ts';
import type { NamedPolicy } from '../engine/policy-set.ts';
import { toQuery } from '../engine/query.ts';
import type { AuthorizationRequest } from '../engine/request.ts';
import {
  actionMatches,
  compileStatement,
  failingCondition,
  principalMatches,
  resourceMatches,
} from '../engine/statement.ts';
import type { Policy, Statement } from '../policy/ast.ts';
import { isReachedByRcps } from '../policy/rcp-services.ts';

/** A statement of one side: as the policy has it, as the engine asks it, and where it is written. */
export interface SideStatement {
  readonly statement: Statement;
  readonly version: Policy['version'];
  readonly placed: PlacedStatement;
  readonly ref: StatementRef;
}

/** Statements of which one must allow. */
export type Level = readonly SideStatement[];

/**
 * What policies say about the requests of one principal on the resources of one zone: they allow a request exactly if no
 * Deny matches, and every level of some way has an Allow that matches. The levels of a way are those of the engine's
 * `combine`: service control policies, boundary, session, ….
 */
export interface Side {
  readonly ways: readonly (readonly Level[])[];
  readonly denies: readonly SideStatement[];
  /** The denies of resource control policies, which reach the actions of some services only. */
  readonly resourceControls: readonly SideStatement[];
  /** Whether the principal has a permissions boundary: `NotPrincipal` asks. */
  readonly bounded: boolean;
}

/** Every statement of a side. */
export const statementsOf = ({ ways, denies, resourceControls }: Side): readonly SideStatement[] => [
  ...new Set([...ways.flat(2), ...denies, ...resourceControls]),
];

/** The denies that bear on an action. */
export const deniesOf = ({ denies, resourceControls }: Side, action: string): readonly SideStatement[] =>
  isReachedByRcps(action.toLowerCase()) ? [...denies, ...resourceControls] : denies;

const known = new WeakMap<NamedPolicy, readonly SideStatement[]>();

/** The statements of a policy. */
export function policyStatements(named: NamedPolicy): readonly SideStatement[] {
  const before = known.get(named);
  if (before !== undefined) return before;
  const { policy } = named;
  const statements = policy.statements.map((statement, index) => {
    const placed = placeStatement(compileStatement(statement, policy), named, index);
    return { statement, version: policy.version, placed, ref: placed.ref };
  });
  known.set(named, statements);
  return statements;
}

/** The statements among some that match a request, by the engine's own tests. */
export function matching(
  statements: readonly SideStatement[],
  request: AuthorizationRequest,
  bounded: boolean,
): readonly SideStatement[] {
  const query = toQuery(request, bounded);
  return statements.filter(
    ({ placed: { statement } }) =>
      actionMatches(statement, query) &&
      resourceMatches(statement, query) &&
      principalMatches(statement, query) &&
      failingCondition(statement, query) === undefined,
  );
}
