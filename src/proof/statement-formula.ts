import { compileResource, type ResourcePattern } from '../engine/resource.ts';
import type { Condition, Policy, Statement } from '../policy/ast.ts';
import {
  conditionAtom,
  conditionVariables,
  shapeAtom,
  substituteVariables,
  type VariableValue,
} from './condition-atom.ts';
import { type Formula, Formulas } from './formula.ts';
import type { FactsOf } from './key-facts.ts';
import type { VariableNumbers } from './languages.ts';
import { patternVariables, replaceVariables, resourceAtom } from './resource-atom.ts';

type Values = ReadonlyMap<string, VariableValue>;

/**
 * Statements as formulas, all of one proof: equal statements, and equal elements of different ones, are one formula.
 * Action and principal are not part of it, since a case fixes them.
 */
export class StatementFormulas {
  readonly formulas = new Formulas();
  readonly #facts: FactsOf;
  readonly #known = new Map<Statement, Formula>();
  readonly #variables = new Map<string, number>();

  constructor(facts: FactsOf) {
    this.#facts = facts;
  }

  /** The number of a variable in this proof. */
  readonly numbers: VariableNumbers = (key) => {
    const known = this.#variables.get(key) ?? this.#variables.size;
    this.#variables.set(key, known);
    return known;
  };

  /** That resource and conditions of a statement match. */
  of(statement: Statement, version: Policy['version']): Formula {
    const known = this.#known.get(statement);
    if (known !== undefined) return known;
    const made = this.formulas.and([
      this.#resource(statement, version),
      ...statement.conditions.map((condition) => this.#condition(condition, statement.effect, version)),
    ]);
    this.#known.set(statement, made);
    return made;
  }

  /** That a condition holds which is written as in a policy of Version 2012-10-17. */
  condition(written: Condition): Formula {
    return this.#condition(written, 'Allow', '2012-10-17');
  }

  #resource({ resource }: Statement, version: Policy['version']): Formula {
    if (resource === undefined) return this.formulas.true;
    const { negated, patterns } = compileResource(resource, version === '2012-10-17');
    const fixed = patterns.filter(({ kind }) => kind === 'fixed');
    const open = patterns.filter(({ kind }) => kind === 'variable');
    // A NotResource that must not match asks for one of its patterns: each is a case of its own.
    const closed = negated ? fixed.map((each) => [each]) : fixed.length > 0 ? [fixed] : [];
    const matching = this.formulas.or([
      ...closed.map((some) => this.formulas.atom(resourceAtom(some, this.numbers))),
      ...open.map((each) => this.#openPattern(each)),
    ]);
    return negated ? this.formulas.not(matching) : matching;
  }

  /** That a pattern has a value for each of its variables, and matches. */
  #openPattern(pattern: ResourcePattern): Formula {
    return this.#byCases([...new Set(patternVariables(pattern))], (values) => {
      let resolved = true;
      const filled = replaceVariables(pattern, ({ key, fallback }) => {
        const value = values.get(key);
        if (typeof value === 'object') return value.text;
        if (value === 'absent' && fallback !== undefined) return fallback;
        if (value !== undefined) resolved = false;
        return undefined;
      });
      return resolved ? this.formulas.atom(resourceAtom([filled], this.numbers)) : this.formulas.false;
    });
  }

  /** That a condition holds. */
  #condition(written: Condition, effect: Statement['effect'], version: Policy['version']): Formula {
    const condition = version === '2012-10-17' ? written : withoutVariables(written);
    const { fixed } = this.#facts(condition.key.text.toLowerCase());
    return this.#byCases(conditionVariables(condition), (values) => {
      const atom = conditionAtom(substituteVariables(condition, values), effect, this.numbers);
      if (fixed === undefined) return this.formulas.atom(atom);
      // The key has one value in every request: only what its variables leave open is asked.
      if (atom.variables.length > 0) return this.formulas.atom(atom);
      const context = new Map(fixed === null ? [] : [[atom.key, fixed]]);
      return this.formulas.constant(atom.holds({ resource: '*', context }));
    });
  }

  /** One case for each shape of each key that stands as a variable; with all its variables, a formula has no shape left open. */
  #byCases(keys: readonly string[], build: (values: Values) => Formula, values: Values = new Map()): Formula {
    const [key, ...rest] = keys;
    if (key === undefined) return build(values);
    const next = (value: VariableValue | undefined): Formula =>
      this.#byCases(rest, build, value === undefined ? values : new Map([...values, [key, value]]));
    const { fixed, present, values: shape } = this.#facts(key);
    if (fixed !== undefined)
      return next(typeof fixed === 'string' ? { text: fixed } : fixed === null ? 'absent' : 'list');
    const absent = this.formulas.atom(shapeAtom(key, 'absent'));
    const string = this.formulas.atom(shapeAtom(key, 'string'));
    return this.formulas.or([
      ...(present ? [] : [this.formulas.and([absent, next('absent')])]),
      ...(shape === 'many' ? [] : [this.formulas.and([string, next(undefined)])]),
      ...(shape === 'one'
        ? []
        : [this.formulas.and([this.formulas.not(absent), this.formulas.not(string), next('list')])]),
    ]);
  }
}

/** Before Version 2012-10-17 `${…}` is plain text. */
function withoutVariables(condition: Condition): Condition {
  return {
    ...condition,
    values: condition.values.map((value) => ({ ...value, text: value.text.replaceAll('${', '${$}{') })),
  };
}
