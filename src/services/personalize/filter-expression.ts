import { FilterDiagnostic, type Token, tokensOf } from './filter-tokens.ts';

/**
 * A filter expression, read. Grammar, from AWS's six pages on filters (keywords in any case):
 *
 *     filter     = expression { "|" expression }
 *     expression = ( "INCLUDE" | "EXCLUDE" ) ( "ItemID" | "ActionID" | "UserID" )
 *                  "WHERE" condition { ( "AND" | "OR" ) condition } [ "IF" user { "AND" user } ]
 *     condition  = dataset "." field ( [ "NOT" ] "IN" list | "IN" current | operator value )
 *     user       = "CurrentUser" "." field operator value
 *     list       = "(" member { "," member } ")"
 *     member     = '"' text '"' | "*" | number | "$" parameter | current
 *     operator   = "=" | "!=" | "<" | "<=" | ">" | ">="
 *     value      = number | "$" parameter | "(" "$" parameter ")" | current
 *     current    = "CurrentItem" "." field
 *
 * `filter-rules.ts` has what AWS's guidelines exclude of it.
 * @see https://docs.aws.amazon.com/personalize/latest/dg/creating-filter-expressions.html
 */
export interface Filter {
  readonly expressions: readonly FilterStep[];
  /** Names of the `$` parameters, which a request gives values to. */
  readonly parameters: ReadonlySet<string>;
}

/** One expression of a filter. */
export interface FilterStep {
  readonly action: 'INCLUDE' | 'EXCLUDE';
  readonly subject: Subject;
  readonly dataset: FilterDataset;
  /** Alternatives, each a list of conditions that must all hold. */
  readonly where: readonly (readonly Comparison[])[];
  /** Conditions on the current user; where one does not hold, the expression is not applied. */
  readonly onlyIf: readonly Comparison[];
}

export interface Comparison {
  readonly source: FilterDataset | 'CurrentUser';
  readonly field: string;
  readonly operator: 'IN' | 'NOT IN' | '=' | '!=' | '<' | '<=' | '>' | '>=';
  readonly values: readonly FilterValue[];
}

export type FilterValue =
  | { readonly kind: 'literal'; readonly value: string | number }
  | { readonly kind: 'parameter'; readonly name: string }
  | { readonly kind: 'currentItem'; readonly field: string };

export type Subject = (typeof SUBJECTS)[number];
export type FilterDataset = (typeof DATASETS)[number];

const SUBJECTS = ['ItemID', 'UserID', 'ActionID'] as const;
const DATASETS = ['Items', 'Users', 'Interactions', 'Actions', 'Action_Interactions'] as const;
const OPERATORS = ['=', '!=', '<', '<=', '>', '>='] as const;

/** AWS's own example filters by `Action.MEMBERSHIP_LEVEL`. */
const ACTION = 'Action';

/** Reads a filter expression; a string is its diagnostic. */
export function parseFilter(text: string): Filter | string {
  try {
    return new FilterParser(tokensOf(text)).filter();
  } catch (cause) {
    if (cause instanceof FilterDiagnostic) return `The filter expression is not valid: ${cause.message}.`;
    throw cause;
  }
}

class FilterParser {
  readonly #tokens: readonly Token[];
  readonly #parameters = new Set<string>();
  #next = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  filter(): Filter {
    const expressions = [this.#step()];
    while (this.#take('|')) expressions.push(this.#step());
    if (this.#next < this.#tokens.length) throw this.#unexpected('AND, OR, IF, | or the end');
    return { expressions, parameters: this.#parameters };
  }

  #step(): FilterStep {
    const action = this.#oneOf(['INCLUDE', 'EXCLUDE'] as const);
    const subject = this.#oneOf(SUBJECTS);
    this.#expect('WHERE');
    const first = this.#condition();
    const where = [[first]];
    for (;;) {
      if (this.#take('AND')) where.at(-1)?.push(this.#condition());
      else if (this.#take('OR')) where.push([this.#condition()]);
      else break;
    }
    const onlyIf = this.#take('IF') ? this.#userConditions() : [];
    return { action, subject, dataset: first.source, where, onlyIf };
  }

  #condition(): Comparison & { readonly source: FilterDataset } {
    const source = this.#dataset();
    const field = this.#fieldName();
    const isNot = this.#take('NOT');
    if (isNot) this.#expect('IN');
    if (isNot || this.#take('IN'))
      return { source, field, operator: isNot ? 'NOT IN' : 'IN', values: this.#list(isNot) };
    if (!OPERATORS.some((operator) => this.#sees(operator)))
      throw this.#unexpected('IN or NOT or = or != or < or <= or > or >=');
    return { source, field, operator: this.#oneOf(OPERATORS), values: [this.#value()] };
  }

  #userConditions(): readonly Comparison[] {
    const conditions: Comparison[] = [];
    do {
      if (!this.#take('CurrentUser')) throw this.#unexpected('CurrentUser');
      const field = this.#fieldName();
      conditions.push({
        source: 'CurrentUser',
        field,
        operator: this.#oneOf(OPERATORS),
        values: [this.#value()],
      });
    } while (this.#take('AND'));
    if (this.#sees('OR')) throw new FilterDiagnostic('conditions after IF are joined by AND only');
    return conditions;
  }

  #dataset(): FilterDataset {
    if (this.#sees('CurrentUser')) throw new FilterDiagnostic('CurrentUser can be used after IF only');
    if (this.#sees('CurrentItem'))
      throw new FilterDiagnostic('CurrentItem can be compared with only; a condition begins with a dataset');
    return this.#take(ACTION) ? 'Actions' : this.#oneOf(DATASETS);
  }

  #list(isNot: boolean): readonly FilterValue[] {
    const current = isNot ? undefined : this.#currentItem();
    if (current) return [current];
    this.#expect('(');
    const values: FilterValue[] = [];
    do values.push(this.#member());
    while (this.#take(','));
    this.#expect(')');
    return values;
  }

  #member(): FilterValue {
    const token = this.#tokens[this.#next];
    if (token?.kind !== 'text' && token?.value !== '*') return this.#numberOrReference();
    this.#next += 1;
    return { kind: 'literal', value: token.value };
  }

  /** What an operator compares with: no string, for which AWS has IN. */
  #value(): FilterValue {
    const token = this.#tokens[this.#next];
    if (token?.kind === 'text')
      throw new FilterDiagnostic(`"${token.value}" is a string: operators compare numbers, strings need IN`);
    if (!this.#take('(')) return this.#numberOrReference();
    const parameter = this.#parameter();
    if (parameter === undefined) throw this.#unexpected('a $parameter');
    this.#expect(')');
    return parameter;
  }

  #numberOrReference(): FilterValue {
    const current = this.#currentItem() ?? this.#parameter();
    if (current) return current;
    if (this.#sees('CurrentUser')) throw new FilterDiagnostic('CurrentUser can be used after IF only');
    const token = this.#tokens[this.#next];
    if (token?.kind !== 'word' || !/^-?\d/.test(token.value)) throw this.#unexpected('a value');
    this.#next += 1;
    return { kind: 'literal', value: Number(token.value) };
  }

  #parameter(): FilterValue | undefined {
    const token = this.#tokens[this.#next];
    if (token?.kind !== 'word' || !/^\$\w/.test(token.value)) return undefined;
    this.#next += 1;
    const name = token.value.slice(1);
    this.#parameters.add(name);
    return { kind: 'parameter', name };
  }

  #currentItem(): FilterValue | undefined {
    return this.#take('CurrentItem') ? { kind: 'currentItem', field: this.#fieldName() } : undefined;
  }

  #fieldName(): string {
    this.#expect('.');
    const token = this.#tokens[this.#next];
    if (token?.kind !== 'word' || !/^[A-Za-z_]/.test(token.value)) throw this.#unexpected('a field name');
    this.#next += 1;
    return token.value;
  }

  #oneOf<T extends string>(words: readonly T[]): T {
    const found = words.find((word) => this.#take(word));
    if (found === undefined) throw this.#unexpected(words.join(' or '));
    return found;
  }

  #expect(word: string): void {
    if (!this.#take(word)) throw this.#unexpected(word);
  }

  #sees(word: string): boolean {
    const token = this.#tokens[this.#next];
    return token?.kind === 'word' && token.value.toUpperCase() === word.toUpperCase();
  }

  #take(word: string): boolean {
    if (!this.#sees(word)) return false;
    this.#next += 1;
    return true;
  }

  #unexpected(wanted: string): FilterDiagnostic {
    const found = this.#tokens[this.#next];
    return new FilterDiagnostic(`expected ${wanted}, found ${found === undefined ? 'the end' : found.value}`);
  }
}
