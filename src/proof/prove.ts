import { namesInStatement } from '../engine/missing-keys.ts';
import type { Principal } from '../engine/principal.ts';
import type { AuthorizationRequest } from '../engine/request.ts';
import { arnOf } from '../lib/identifiers.ts';
import type { ActionReference } from '../policy/action-reference.ts';
import type { Statement } from '../policy/ast.ts';
import { type ActionClass, actionClasses } from './action-classes.ts';
import type { Model } from './atom.ts';
import { BoundReached, Budget } from './budget.ts';
import { difference, keysOf } from './difference.ts';
import type { Formula } from './formula.ts';
import type { FactsOf } from './key-facts.ts';
import { linksBetween, linksFormula } from './key-links.ts';
import type { ResourceZone } from './resource-theory.ts';
import { type Level, type Side, type SideStatement, statementsOf } from './side.ts';
import { isTrue, type Solution, Solver } from './solver.ts';
import { StatementFormulas } from './statement-formula.ts';
import { KeyTheory, Theories } from './theories.ts';

/** Requests that are proved about together: those of one principal on the resources of one zone. */
export interface Situation {
  readonly principal: Principal;
  readonly next: Side;
  readonly existing: Side;
  readonly facts: FactsOf;
  /** Whether requests keep what AWS documents of several keys together. */
  readonly linked?: true;
  /** That a key, in lower case, has another value under the existing policies, which no request of both can have. */
  readonly changed?: (key: string) => string | undefined;
  /** The resources that an action may be checked on; `undefined` where it has none here. */
  readonly zoneOf: (action: ActionClass) => ResourceZone | undefined;
  /** The engine's decisions about one request. */
  readonly decide: (request: AuthorizationRequest) => { readonly next: boolean; readonly existing: boolean };
}

export interface ProofOptions {
  readonly reference: ActionReference;
  /** Only actions that one of these statements matches, where given. */
  readonly within?: readonly Statement[];
  /** What a proof may cost: states of word searches and nodes of the search tree. */
  readonly steps: number;
}

/** A request that `next` allows and `existing` does not, by the engine. */
export interface Witness {
  readonly request: AuthorizationRequest & { readonly context: Model['context'] };
  readonly situation: Situation;
  /** The resources of its case. */
  readonly zone: ResourceZone;
  /** Whether the Service Authorization Reference knows the action. */
  readonly listed: boolean;
  /** Whether AWS could send a request with a context. */
  readonly isPossible: (model: Model) => boolean;
}

export type Answer =
  | { readonly kind: 'pass' }
  | { readonly kind: 'fail'; readonly witness: Witness }
  | { readonly kind: 'unknown'; readonly reason: string };

/**
 * Whether `next` allows nothing in any situation that `existing` does not allow. PASS only where every case is refuted,
 * FAIL only with a request that the engine decides differently; everything else is UNKNOWN, with its reason.
 */
export function prove(situations: Iterable<Situation>, options: ProofOptions): Answer {
  const budget = new Budget(options.steps);
  let unknown: Answer | undefined;
  try {
    for (const situation of situations) {
      const answer = proveSituation(situation, options, budget);
      if (answer.kind === 'fail') return answer;
      if (answer.kind === 'unknown') unknown ??= answer;
    }
  } catch (error) {
    if (!(error instanceof BoundReached)) throw error;
    return { kind: 'unknown', reason: error.message };
  }
  return unknown ?? { kind: 'pass' };
}

function proveSituation(situation: Situation, { reference, within }: ProofOptions, budget: Budget): Answer {
  const { next, existing, facts, principal } = situation;
  if (next.ways.length === 0) return { kind: 'pass' };
  const [changed] = keysAsked(situation).flatMap((key) => situation.changed?.(key) ?? []);
  if (changed !== undefined) return { kind: 'unknown', reason: changed };
  const statements = new StatementFormulas(facts);
  const fixed = fixedContext(situation);
  const keyTheory = new KeyTheory(facts, budget);
  let unknown: Answer | undefined;
  for (const one of classesOf(situation, reference, within, budget)) {
    const zone = situation.zoneOf(one);
    if (zone === undefined) continue;
    const formula = difference(next, existing, one, statements);
    const requestOf = ({ resource, context }: Model): Witness['request'] => ({
      principal,
      action: one.action,
      resource: arnOf(resource),
      context: new Map([...fixed, ...context]),
    });
    const confirm = (model: Model): boolean => {
      const decided = situation.decide(requestOf(model));
      return decided.next && !decided.existing;
    };
    const solve = (asked: Formula): Solution => {
      const theories = new Theories(keyTheory, zone, keysOf(asked), budget);
      return new Solver(statements.formulas, theories, budget, confirm).solve(asked);
    };
    const links = situation.linked
      ? linksFormula(linksBetween(new Set(keysOf(formula))), statements)
      : statements.formulas.true;
    const isPossible = (model: Model): boolean => isTrue(links, model);
    const free = solve(formula);
    // Without the links there are more requests: what is refuted then needs no more.
    const solution =
      free.kind === 'none' || (free.kind === 'model' && isPossible(free.model))
        ? free
        : solve(statements.formulas.and([formula, links]));
    if (solution.kind === 'unknown') unknown ??= solution;
    if (solution.kind !== 'model') continue;
    return {
      kind: 'fail',
      witness: { request: requestOf(solution.model), situation, zone, listed: one.listed, isPossible },
    };
  }
  return unknown ?? { kind: 'pass' };
}

/** The keys, in lower case, that the statements ask for. */
function keysAsked({ next, existing }: Situation): readonly string[] {
  const statements = [...statementsOf(next), ...statementsOf(existing)];
  const names = statements.flatMap(({ statement }) => namesInStatement(statement));
  return [...new Set(names.map((name) => name.toLowerCase()))];
}

/** The keys that the statements ask for and that have one value in every request. */
function fixedContext(situation: Situation): Model['context'] {
  return new Map(
    keysAsked(situation).flatMap((key) => {
      const { fixed } = situation.facts(key);
      return fixed === undefined || fixed === null ? [] : [[key, fixed] as const];
    }),
  );
}

const ANY_ACTION: Statement = {
  index: 0,
  effect: 'Allow',
  action: { element: 'Action', patterns: [{ text: '*' }] },
  conditions: [],
};

/** The actions that some way of `next` can allow; only those can differ. */
function* classesOf(
  { next, existing }: Situation,
  reference: ActionReference,
  within: readonly Statement[] | undefined,
  budget: Budget,
): Iterable<ActionClass> {
  const all = [...statementsOf(next), ...statementsOf(existing)].map(({ statement }) => statement);
  // A way without levels, as the root user has it, allows every action.
  const allows = next.ways.flatMap((levels) =>
    levels.length === 0 ? [ANY_ACTION] : narrowest(levels).map(({ statement }) => statement),
  );
  for (const one of actionClasses(
    [...new Set([...all, ...allows, ...(within ?? [])])],
    allows,
    reference,
    budget,
  ))
    if (within === undefined || within.some(one.matches)) yield one;
}

/** The level of a way that names the fewest actions. Any would do: a request needs all of them. */
function narrowest(levels: readonly Level[]): Level {
  const isOpen = ({ statement: { action } }: SideStatement): boolean =>
    action.element === 'NotAction' || action.patterns.some(({ text }) => text === '*');
  return levels.find((level) => !level.some(isOpen)) ?? levels.at(-1) ?? [];
}
