import type { Atom } from './atom.ts';

/** A formula over atoms, in negation normal form. Made by `Formulas` only: two equal formulas are the same object. */
export type Formula =
  | { readonly kind: 'constant'; readonly id: number; readonly value: boolean }
  | { readonly kind: 'literal'; readonly id: number; readonly atom: Atom; readonly positive: boolean }
  | { readonly kind: 'and'; readonly id: number; readonly parts: readonly Formula[] }
  | { readonly kind: 'or'; readonly id: number; readonly parts: readonly Formula[] };

/** A literal: an atom, or its negation. */
export type Literal = Extract<Formula, { kind: 'literal' }>;

/**
 * Makes formulas and keeps one object for each. That is the first pruning of a proof: a statement that both sides share
 * is one formula, so that `it matches` and `it does not` contradict each other before any theory is asked.
 *
 * INVARIANT: `not(not(f)) === f`, and the parts of a conjunction or disjunction are sorted by id, without constants and
 * without a part of the same kind.
 */
export class Formulas {
  readonly true: Formula = { kind: 'constant', id: 0, value: true };
  readonly false: Formula = { kind: 'constant', id: 1, value: false };
  readonly #known = new Map<string, Formula>();
  readonly #negations = new Map<Formula, Formula>([
    [this.true, this.false],
    [this.false, this.true],
  ]);
  #nextId = 2;

  constant(value: boolean): Formula {
    return value ? this.true : this.false;
  }

  atom(atom: Atom): Formula {
    return this.#literal(atom, true);
  }

  and(parts: readonly Formula[]): Formula {
    return this.#join('and', parts, this.true, this.false);
  }

  or(parts: readonly Formula[]): Formula {
    return this.#join('or', parts, this.false, this.true);
  }

  not(formula: Formula): Formula {
    const known = this.#negations.get(formula);
    if (known !== undefined) return known;
    const made = this.#negate(formula);
    this.#negations.set(formula, made);
    this.#negations.set(made, formula);
    return made;
  }

  #negate(formula: Formula): Formula {
    if (formula.kind === 'constant') return this.constant(!formula.value);
    if (formula.kind === 'literal') return this.#literal(formula.atom, !formula.positive);
    const parts = formula.parts.map((part) => this.not(part));
    return formula.kind === 'and' ? this.or(parts) : this.and(parts);
  }

  #literal(atom: Atom, positive: boolean): Formula {
    return this.#intern(`${positive ? '+' : '-'}${atom.name}`, (id) => ({
      kind: 'literal',
      id,
      atom,
      positive,
    }));
  }

  #join(kind: 'and' | 'or', given: readonly Formula[], neutral: Formula, absorbing: Formula): Formula {
    const parts = new Map<number, Formula>();
    for (const part of given.flatMap((each) => (each.kind === kind ? each.parts : [each]))) {
      if (part === absorbing) return absorbing;
      if (part !== neutral) parts.set(part.id, part);
    }
    const sorted = [...parts.values()].sort((one, other) => one.id - other.id);
    const [only] = sorted;
    if (only === undefined) return neutral;
    if (sorted.length === 1) return only;
    return this.#intern(`${kind} ${sorted.map(({ id }) => id).join(' ')}`, (id) => ({
      kind,
      id,
      parts: sorted,
    }));
  }

  #intern(name: string, make: (id: number) => Formula): Formula {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const made = make(this.#nextId);
    this.#nextId += 1;
    this.#known.set(name, made);
    return made;
  }
}
