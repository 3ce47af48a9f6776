import type { ContextValue } from '../engine/request.ts';
import type { ResourceAtom } from './atom.ts';
import type { Budget } from './budget.ts';
import type { FactsOf } from './key-facts.ts';
import { type KeyLiteral, type KeySolution, solveKey } from './key-theory.ts';
import { type ResourceSolution, type ResourceZone, solveResource } from './resource-theory.ts';
import type { TheoryLiteral, TheoryResult } from './theory-result.ts';
import { solveVariables } from './variable-theory.ts';

/** The theory of context keys, for all cases of a proof: what was solved once is remembered. */
export class KeyTheory {
  readonly #facts: FactsOf;
  readonly #budget: Budget;
  readonly #known = new Map<string, KeySolution>();

  constructor(facts: FactsOf, budget: Budget) {
    this.#facts = facts;
    this.#budget = budget;
  }

  solve(key: string, literals: readonly KeyLiteral[]): KeySolution {
    const { fixed } = this.#facts(key);
    if (fixed !== undefined) return { kind: 'value', value: fixed ?? undefined };
    return remember(this.#known, `${key}\n${nameOf(literals)}`, () =>
      solveKey(literals, this.#facts(key), this.#budget),
    );
  }
}

/** All theories of one case together. Resource and keys are apart but for policy variables, so each is solved alone. */
export class Theories {
  readonly #keyTheory: KeyTheory;
  readonly #zone: ResourceZone;
  readonly #keys: readonly string[];
  readonly #budget: Budget;
  readonly #known = new Map<string, ResourceSolution>();

  /** @param keys every key, in lower case, that a formula of the case asks for: a model has a value for each that every request has */
  constructor(keyTheory: KeyTheory, zone: ResourceZone, keys: readonly string[], budget: Budget) {
    this.#keyTheory = keyTheory;
    this.#zone = zone;
    this.#keys = keys;
    this.#budget = budget;
  }

  solve(literals: readonly TheoryLiteral[]): TheoryResult {
    return solveVariables(literals, (each) => this.#solveApart(each));
  }

  #solveApart(literals: readonly TheoryLiteral[]): TheoryResult {
    const context = new Map<string, ContextValue>();
    const onResource = literals.filter(isOnResource);
    const resource = remember(this.#known, nameOf(onResource), () =>
      solveResource(onResource, this.#zone, this.#budget),
    );
    const results: (ResourceSolution | KeySolution)[] = [resource];
    for (const [key, about] of groupByKey(literals, this.#keys)) {
      const solution = this.#keyTheory.solve(key, about);
      if (solution.kind === 'none' && !solution.met) return solution;
      if (solution.kind === 'value' && solution.value !== undefined) context.set(key, solution.value);
      results.push(solution);
    }
    const failed = strongest(results);
    if (failed !== undefined) return failed;
    return resource.kind === 'resource'
      ? { kind: 'model', model: { resource: resource.resource, context } }
      : resource;
  }
}

type Failure = Extract<TheoryResult, { kind: 'none' | 'unknown' }>;

/** A refutation before one that a variable weakens, and that before what is not known. */
function strongest(results: readonly (ResourceSolution | KeySolution)[]): Failure | undefined {
  const failures = results.filter(
    (result): result is Failure => result.kind === 'none' || result.kind === 'unknown',
  );
  return (
    failures.find((failure) => failure.kind === 'none' && !failure.met) ??
    failures.find(({ kind }) => kind === 'none') ??
    failures[0]
  );
}

function remember<Result>(known: Map<string, Result>, name: string, solve: () => Result): Result {
  const before = known.get(name);
  if (before !== undefined) return before;
  const result = solve();
  known.set(name, result);
  return result;
}

const nameOf = (literals: readonly TheoryLiteral[]): string =>
  literals
    .map(({ atom, positive }) => `${positive ? '+' : '-'}${atom.name}`)
    .toSorted()
    .join('\n');

const isOnResource = (
  literal: TheoryLiteral,
): literal is { readonly atom: ResourceAtom; readonly positive: boolean } => literal.atom.kind === 'resource';

function groupByKey(
  literals: readonly TheoryLiteral[],
  keys: readonly string[],
): ReadonlyMap<string, readonly KeyLiteral[]> {
  const groups = new Map<string, KeyLiteral[]>(keys.map((key) => [key, []]));
  for (const { atom, positive } of literals)
    if (atom.kind === 'key') groups.set(atom.key, [...(groups.get(atom.key) ?? []), { atom, positive }]);
  return groups;
}
