import type { Located, Position, Statement } from '../policy/ast.ts';
import type { CompiledPolicies } from './compile.ts';
import type { CompiledCondition } from './condition.ts';
import { layersFor } from './decide.ts';
import type { Layer, StatementRef } from './decision.ts';
import type { PlacedStatement } from './placed-statement.ts';
import { nameOf } from './principal.ts';
import { type Query, toQuery } from './query.ts';
import type { AuthorizationRequest, ContextValue } from './request.ts';
import { actionMatches, principalMatches, resourceMatches } from './statement.ts';

/** Result of matching one element of a statement with a request. */
export interface ElementTrace {
  readonly element:
    | 'Action'
    | 'NotAction'
    | 'Resource'
    | 'NotResource'
    | 'Principal'
    | 'NotPrincipal'
    | 'Condition';
  /** For conditions, with set operator and `IfExists`. */
  readonly operator?: string;
  /** For conditions, as spelled in the policy. */
  readonly key?: string;
  readonly wanted: readonly string[];
  /** The value in the request; absent if the request does not have the key. */
  readonly found?: ContextValue;
  readonly matched: boolean;
  /** Position of the element in the source; absent for policies that were not read from a source. */
  readonly position?: Position;
}

/** A statement whose actions match the request, with the results of all its elements, not only the first mismatch. */
export interface StatementElements extends StatementRef {
  readonly layer: Layer;
  /** 0-based, root first; for service control and resource control policies. */
  readonly level?: number;
  readonly effect: Statement['effect'];
  readonly matched: boolean;
  readonly elements: readonly ElementTrace[];
}

/**
 * Every statement whose actions match the request, in the order in which AWS evaluates the layers. For explanations.
 */
export function traceElements(
  request: AuthorizationRequest,
  policies: CompiledPolicies,
): readonly StatementElements[] {
  const query = toQuery(request, policies.bounded);
  return layersFor(query, policies).flatMap(({ layer, level, statements }) =>
    statements
      .filter(({ statement }) => actionMatches(statement, query))
      .map((placed): StatementElements => {
        const elements = elementsOf(placed, query, request.action);
        const place = level === undefined ? { layer } : { layer, level };
        const { effect } = placed.statement.source;
        return {
          ...placed.ref,
          ...place,
          effect,
          matched: elements.every(({ matched }) => matched),
          elements,
        };
      }),
  );
}

function elementsOf({ statement }: PlacedStatement, query: Query, action: string): readonly ElementTrace[] {
  const { action: actions, resource, principal } = statement.source;
  const values = principal?.entries.map(({ value }) => value) ?? [];
  return [
    { element: actions.element, ...wantedOf(actions.patterns), found: action, matched: true },
    ...(resource
      ? [
          {
            element: resource.element,
            ...wantedOf(resource.patterns),
            found: query.resource,
            matched: resourceMatches(statement, query),
          },
        ]
      : []),
    ...(principal
      ? [
          {
            element: principal.element,
            ...wantedOf(values),
            found: nameOf(query.principal),
            matched: principalMatches(statement, query),
          },
        ]
      : []),
    ...statement.conditions.map((condition) => conditionTrace(condition, query)),
  ];
}

function conditionTrace(condition: CompiledCondition, { context }: Query): ElementTrace {
  const { qualifier, operator, ifExists, values, key } = condition.source;
  const found = context.get(condition.key);
  return {
    element: 'Condition',
    operator: `${qualifier ? `${qualifier}:` : ''}${operator}${ifExists ? 'IfExists' : ''}`,
    key: key.text,
    wanted: values.map(({ text }) => text),
    ...(found !== undefined && { found }),
    matched: condition.holds(context),
    ...(key.position && { position: key.position }),
  };
}

function wantedOf(patterns: readonly Located[]): Pick<ElementTrace, 'wanted' | 'position'> {
  const position = patterns[0]?.position;
  return { wanted: patterns.map(({ text }) => text), ...(position && { position }) };
}
