import type { Model } from './atom.ts';
import type { Budget } from './budget.ts';
import type { Formula, Formulas, Literal } from './formula.ts';
import type { Theories } from './theories.ts';

export type Solution =
  | { readonly kind: 'model'; readonly model: Model }
  | { readonly kind: 'none' }
  /** No model was found, and that there is none was not proven. */
  | { readonly kind: 'unknown'; readonly reason: string };

type Disjunction = Extract<Formula, { kind: 'or' }>;

/** What is asserted on one branch. */
interface Branch {
  readonly asserted: ReadonlySet<Formula>;
  readonly literals: readonly Literal[];
  readonly disjunctions: readonly Disjunction[];
}

/**
 * Model-guided splitting: the theories are asked for a model of the literals that must hold; of the disjunctions, only one
 * that this model violates is split. A branch ends where a formula and its negation are both asserted, or where the
 * theories refute its literals.
 */
export class Solver {
  readonly #formulas: Formulas;
  readonly #theories: Theories;
  readonly #budget: Budget;
  /** A model that the solver gives is kept only if this accepts it: the engine's word is the last. */
  readonly #confirm: (model: Model) => boolean;
  #unknown: string | undefined;

  constructor(formulas: Formulas, theories: Theories, budget: Budget, confirm: (model: Model) => boolean) {
    this.#formulas = formulas;
    this.#theories = theories;
    this.#budget = budget;
    this.#confirm = confirm;
  }

  solve(formula: Formula): Solution {
    this.#unknown = undefined;
    const model = this.#branch({ asserted: new Set(), literals: [], disjunctions: [] }, [formula]);
    if (model !== undefined) return { kind: 'model', model };
    return this.#unknown === undefined ? { kind: 'none' } : { kind: 'unknown', reason: this.#unknown };
  }

  #branch(before: Branch, added: readonly Formula[]): Model | undefined {
    this.#budget.spend();
    const branch = propagate(before, added, this.#formulas);
    if (branch === undefined) return undefined;
    const solved = this.#theories.solve(branch.literals);
    if (solved.kind === 'unknown') this.#unknown = solved.reason;
    if (solved.kind !== 'model') return undefined;
    const violated = branch.disjunctions.filter((each) => !isTrue(each, solved.model));
    const [split] = violated.sort((one, other) => one.parts.length - other.parts.length);
    if (split !== undefined) return this.#split(branch, split);
    if (this.#confirm(solved.model)) return solved.model;
    this.#unknown = 'the engine does not confirm a model of the theories';
    return undefined;
  }

  /** One branch for each part; a literal that was refuted on an earlier branch is false on all later ones. */
  #split(branch: Branch, { parts }: Disjunction): Model | undefined {
    const refuted: Formula[] = [];
    for (const part of parts) {
      const negation = this.#formulas.not(part);
      if (branch.asserted.has(negation)) continue;
      const model = this.#branch(branch, [part, ...refuted]);
      if (model !== undefined) return model;
      if (part.kind === 'literal') refuted.push(negation);
    }
    return undefined;
  }
}

/** The branch with formulas added and everything that follows at once; `undefined` where they contradict each other. */
function propagate(before: Branch, added: readonly Formula[], formulas: Formulas): Branch | undefined {
  const asserted = new Set(before.asserted);
  const literals = [...before.literals];
  let disjunctions = [...before.disjunctions];
  const pending = [...added];
  while (pending.length > 0) {
    for (let formula = pending.pop(); formula !== undefined; formula = pending.pop()) {
      if (asserted.has(formula)) continue;
      if (formula.kind === 'constant' ? !formula.value : asserted.has(formulas.not(formula)))
        return undefined;
      asserted.add(formula);
      if (formula.kind === 'literal') literals.push(formula);
      else if (formula.kind === 'and') pending.push(...formula.parts);
      else if (formula.kind === 'or') disjunctions.push(formula);
    }
    const open: Disjunction[] = [];
    for (const disjunction of disjunctions) {
      if (disjunction.parts.some((part) => asserted.has(part))) continue;
      const possible = disjunction.parts.filter((part) => !asserted.has(formulas.not(part)));
      const [only] = possible;
      if (only === undefined) return undefined;
      if (possible.length === 1) pending.push(only);
      else open.push(disjunction);
    }
    disjunctions = open;
  }
  return { asserted, literals, disjunctions };
}

/** What a formula is under a model, by the engine. */
export function isTrue(formula: Formula, model: Model): boolean {
  switch (formula.kind) {
    case 'constant':
      return formula.value;
    case 'literal':
      return formula.atom.holds(model) === formula.positive;
    case 'and':
      return formula.parts.every((part) => isTrue(part, model));
    case 'or':
      return formula.parts.some((part) => isTrue(part, model));
  }
}
