import type { Located, PrincipalElement } from '../policy/ast.ts';
import { type Change, changesToAllow, type LevelEvidence } from './change.ts';
import { combine } from './combine.ts';
import type { CompiledLayer, CompiledPolicies } from './compile.ts';
import type { CompiledCondition } from './condition.ts';
import { failedDecision, layersFor } from './decide.ts';
import type { Decision } from './decision.ts';
import { contextToSend, type Outcome } from './missing-context.ts';
import { recordMissing } from './missing-keys.ts';
import type { PlacedStatement } from './placed-statement.ts';
import { nameOf } from './principal.ts';
import { type Query, toQuery } from './query.ts';
import type { AuthorizationRequest, RequestContext } from './request.ts';
import { actionMatches, failingCondition, principalMatches, resourceMatches } from './statement.ts';
import type { Mismatch, StatementTrace, Trace } from './trace.ts';

/**
 * The decision with its full trace: every statement of every layer, with the first element that did not match.
 * Evaluates each statement separately, without the index that `decide` uses; both use `combine` for the result. For
 * explanations only: thousands of times slower than `decide`.
 */
export function explain(request: AuthorizationRequest, policies: CompiledPolicies): Trace {
  try {
    return trace(request, policies);
  } catch (error) {
    return { decision: failedDecision(error), layers: [], missingKeys: [], changes: [] };
  }
}

function trace(request: AuthorizationRequest, policies: CompiledPolicies): Trace {
  const { resourceAccount, bounded } = policies;
  const { context, missingKeys } = recordMissing(request.context);
  const query = toQuery({ ...request, context }, bounded);
  const traced = layersFor(query, policies).map((layer) => traceLayer(layer, query, request.action));
  const evidence = traced.map(evidenceOf);
  const decision = combine(query, evidence, resourceAccount);
  return {
    decision,
    layers: traced.map(({ layer, statements }) => ({
      layer: layer.layer,
      ...(layer.level !== undefined && { level: layer.level }),
      statements: statements.map(({ trace }) => trace),
    })),
    missingKeys: missingKeys(policies),
    changes: decision.decision === 'allowed' ? [] : changesOf(request, policies, { traced, decision }),
  };
}

interface Denied {
  readonly traced: readonly TracedLayer[];
  readonly decision: Decision;
}

/** A request that could be sent otherwise is no reason to change a policy. */
function changesOf(
  request: AuthorizationRequest,
  policies: CompiledPolicies,
  { traced, decision }: Denied,
): readonly Change[] {
  const { resourceAccount, bounded } = policies;
  const ask = (context: RequestContext): Outcome => {
    const query = toQuery({ ...request, context }, bounded);
    const layers = layersFor(query, policies).map((layer) => traceLayer(layer, query, request.action));
    return outcomeOf(query, layers, combine(query, layers.map(evidenceOf), resourceAccount));
  };
  const first = outcomeOf(toQuery(request, bounded), traced, decision);
  const sent = contextToSend(request, first, ask);
  if (sent) return [{ kind: 'sendContext', layer: decision.layer, ...sent }];
  return changesToAllow(request, traced.map(evidenceOf), resourceAccount);
}

function outcomeOf(query: Query, traced: readonly TracedLayer[], decision: Decision): Outcome {
  const all = traced.flatMap(({ statements }) => statements);
  return {
    decision,
    denies: all.flatMap(({ placed, trace: { effect, matched } }) =>
      effect === 'Deny' && matched ? [placed] : [],
    ),
    near: all.flatMap(({ placed, trace: { effect, mismatch } }) => {
      const failing = mismatch?.element === 'Condition' && failingCondition(placed.statement, query);
      return effect === 'Allow' && failing ? [{ placed, failing }] : [];
    }),
  };
}

interface TracedLayer {
  readonly layer: CompiledLayer;
  readonly statements: readonly { readonly placed: PlacedStatement; readonly trace: StatementTrace }[];
}

/** `action` is spelled as in the request; the query has it in lower case. */
const traceLayer = (layer: CompiledLayer, query: Query, action: string): TracedLayer => ({
  layer,
  statements: layer.statements.map((placed) => ({ placed, trace: traceStatement(placed, query, action) })),
});

function evidenceOf({ layer, statements }: TracedLayer): LevelEvidence {
  const matched = (effect: StatementTrace['effect']) =>
    statements.filter(({ trace }) => trace.matched && trace.effect === effect).map(({ placed }) => placed);
  const level = layer.level === undefined ? {} : { level: layer.level };
  return { layer: layer.layer, ...level, allows: matched('Allow'), denies: matched('Deny') };
}

function traceStatement(placed: PlacedStatement, query: Query, action: string): StatementTrace {
  const mismatch = firstMismatch(placed, query, action);
  const { effect } = placed.statement.source;
  return { ...placed.ref, effect, matched: mismatch === undefined, ...(mismatch && { mismatch }) };
}

/** The same tests as in `decide`, in the same order. */
function firstMismatch({ statement }: PlacedStatement, query: Query, found: string): Mismatch | undefined {
  const { action, resource, principal } = statement.source;
  if (!actionMatches(statement, query))
    return { element: action.element, wanted: textsOf(action.patterns), found };
  if (resource && !resourceMatches(statement, query))
    return { element: resource.element, wanted: textsOf(resource.patterns), found: query.resource };
  if (principal && !principalMatches(statement, query))
    return { element: principal.element, wanted: principalsOf(principal), found: nameOf(query.principal) };
  const condition = failingCondition(statement, query);
  return condition && conditionMismatch(condition, query);
}

function conditionMismatch({ source, key }: CompiledCondition, { context }: Query): Mismatch {
  const { qualifier, operator, ifExists, values } = source;
  const found = context.get(key);
  return {
    element: 'Condition',
    operator: `${qualifier ? `${qualifier}:` : ''}${operator}${ifExists ? 'IfExists' : ''}`,
    key: source.key.text,
    wanted: textsOf(values),
    ...(found !== undefined && { found }),
  };
}

const textsOf = (patterns: readonly Located[]): readonly string[] => patterns.map(({ text }) => text);

const principalsOf = ({ entries }: PrincipalElement): readonly string[] =>
  entries.map(({ value }) => value.text);
