import type { Policy, Statement } from '../policy/ast.ts';
import { type ActionMatcher, compileAction, matchesAction } from './action.ts';
import { type CompiledCondition, compileCondition } from './condition.ts';
import { matchesPrincipal } from './principal-element.ts';
import type { Query } from './query.ts';
import { compileResource, matchesResource, type ResourceMatcher } from './resource.ts';

/** A statement compiled for evaluation, without the policy's name and position, so that principals can share it. */
export interface CompiledStatement {
  readonly source: Statement;
  readonly action: ActionMatcher;
  /** Absent in trust policies: the role is the resource. */
  readonly resource?: ResourceMatcher;
  readonly conditions: readonly CompiledCondition[];
}

export function compileStatement(source: Statement, { version }: Policy): CompiledStatement {
  const variables = version === '2012-10-17';
  return {
    source,
    action: compileAction(source.action),
    ...(source.resource && { resource: compileResource(source.resource, variables) }),
    conditions: source.conditions.map((condition) =>
      compileCondition(condition, { effect: source.effect, variables }),
    ),
  };
}

/*
 * A statement matches if all its elements match. The trace (explain.ts) tests the same four elements one by one.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
 */

export const actionMatches = ({ action }: CompiledStatement, query: Query): boolean =>
  matchesAction(action, query.action);

export const resourceMatches = ({ resource }: CompiledStatement, query: Query): boolean =>
  resource === undefined || matchesResource(resource, query.resource, query.context);

export const principalMatches = ({ source }: CompiledStatement, query: Query): boolean =>
  source.principal === undefined || matchesPrincipal(source.principal, query);

/** The first condition that is false: conditions are ANDed. */
export function failingCondition(
  { conditions }: CompiledStatement,
  { context }: Query,
): CompiledCondition | undefined {
  for (const condition of conditions) if (!condition.holds(context)) return condition;
  return undefined;
}
