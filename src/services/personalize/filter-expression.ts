/**
 * A filter expression, read. Grammar (keywords in any case; AWS documents examples and rules, not a grammar):
 *
 *     filter     = expression { "|" expression }
 *     expression = ( "INCLUDE" | "EXCLUDE" ) subject "WHERE" all { "OR" all } [ "IF" all ]
 *     subject    = "ItemID" | "UserID" | "ActionID"
 *     all        = comparison { "AND" comparison }
 *     comparison = source "." field ( [ "NOT" ] "IN" "(" value { "," value } ")" | operator value )
 *     operator   = "=" | "!=" | "<" | "<=" | ">" | ">="
 *     value      = '"' text '"' | "*" | number | "$" parameter | ( "CurrentUser" | "CurrentItem" ) "." field
 *
 * All conditions of one expression are on the dataset of its first; interactions are filtered by event type only, and
 * only they know the value `*`; after IF stands the current user only.
 * @see https://docs.aws.amazon.com/personalize/latest/dg/filter-expressions.html
 */
export interface Filter {
  readonly expressions: readonly FilterStep[];
  /** Names of the `$` parameters, which a request gives values to. */
  readonly parameters: ReadonlySet<string>;
}

/** One expression: each step works on what the step before let through. */
export interface FilterStep {
  readonly action: 'INCLUDE' | 'EXCLUDE';
  readonly subject: Subject;
  readonly dataset: string;
  /** Alternatives, each a list of conditions that must all hold. */
  readonly where: readonly (readonly Comparison[])[];
  /** Conditions on the current user; where one does not hold, the step lets everything through. */
  readonly onlyIf: readonly Comparison[];
}

export interface Comparison {
  readonly source: string;
  readonly field: string;
  readonly operator: 'IN' | 'NOT IN' | '=' | '!=' | '<' | '<=' | '>' | '>=';
  readonly values: readonly FilterValue[];
}

export type FilterValue =
  | { readonly kind: 'literal'; readonly value: string | number }
  | { readonly kind: 'parameter'; readonly name: string }
  | { readonly kind: 'attribute'; readonly source: 'CurrentUser' | 'CurrentItem'; readonly field: string };

export type Subject = (typeof SUBJECTS)[number];

const SUBJECTS = ['ItemID', 'UserID', 'ActionID'] as const;
const DATASETS = ['Items', 'Users', 'Interactions', 'Actions', 'Action_Interactions'];
const CURRENT = ['CurrentUser', 'CurrentItem'] as const;
const INTERACTIONS: ReadonlySet<string> = new Set(['Interactions', 'Action_Interactions']);

const TOKEN =
  /\s*(?:"((?:[^"\\]|\\.)*)"|([A-Za-z_$][A-Za-z0-9_]*|-?\d+(?:\.\d+)?|[<>!]=|[<>=(),.|*])|(\S))/gy;

interface Token {
  readonly kind: 'text' | 'word';
  readonly value: string;
}

/** What is wrong with the text; caught at the door of this file. */
class FilterFault extends Error {}

/** Reads a filter expression; a text says what is wrong with it. */
export function parseFilter(text: string): Filter | string {
  try {
    return new FilterParser(tokensOf(text)).filter();
  } catch (cause) {
    if (cause instanceof FilterFault) return `The filter expression is not valid: ${cause.message}.`;
    throw cause;
  }
}

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  for (const [, quoted, word, unknown] of text.trimEnd().matchAll(TOKEN)) {
    if (unknown !== undefined) throw new FilterFault(`unexpected ${unknown}`);
    tokens.push(
      word === undefined
        ? { kind: 'text', value: (quoted ?? '').replaceAll(/\\(.)/g, '$1') }
        : { kind: 'word', value: word },
    );
  }
  return tokens;
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
    if (this.#next < this.#tokens.length) throw this.#unexpected('| or the end');
    return { expressions, parameters: this.#parameters };
  }

  #step(): FilterStep {
    const action = this.#oneOf(['INCLUDE', 'EXCLUDE'] as const);
    const subject = this.#oneOf(SUBJECTS);
    this.#expect('WHERE');
    const where = [this.#all(DATASETS)];
    while (this.#take('OR')) where.push(this.#all(DATASETS));
    const onlyIf = this.#take('IF') ? this.#all(['CurrentUser']) : [];
    const [first, ...others] = where.flat();
    if (first === undefined) throw this.#unexpected('a condition');
    const foreign = others.find(({ source }) => source !== first.source);
    if (foreign)
      throw new FilterFault(`${first.source} and ${foreign.source} cannot be used in one expression`);
    for (const comparison of where.flat()) checkComparison(comparison);
    return { action, subject, dataset: first.source, where, onlyIf };
  }

  #all(sources: readonly string[]): readonly Comparison[] {
    const comparisons = [this.#comparison(sources)];
    while (this.#take('AND')) comparisons.push(this.#comparison(sources));
    return comparisons;
  }

  #comparison(sources: readonly string[]): Comparison {
    const source = this.#oneOf(sources);
    const field = this.#fieldName();
    const operator = this.#oneOf(['IN', 'NOT', '=', '!=', '<', '<=', '>', '>='] as const);
    if (operator !== 'IN' && operator !== 'NOT') return { source, field, operator, values: [this.#value()] };
    if (operator === 'NOT') this.#expect('IN');
    this.#expect('(');
    const values = [this.#value()];
    while (this.#take(',')) values.push(this.#value());
    this.#expect(')');
    return { source, field, operator: operator === 'IN' ? 'IN' : 'NOT IN', values };
  }

  #value(): FilterValue {
    const token = this.#tokens[this.#next];
    if (token === undefined) throw this.#unexpected('a value');
    const current = CURRENT.find((name) => token.kind === 'word' && name === token.value);
    this.#next += 1;
    if (token.kind === 'text' || token.value === '*') return { kind: 'literal', value: token.value };
    if (current) return { kind: 'attribute', source: current, field: this.#fieldName() };
    if (/^-?\d/.test(token.value)) return { kind: 'literal', value: Number(token.value) };
    if (!/^\$\w/.test(token.value)) {
      this.#next -= 1;
      throw this.#unexpected('a value');
    }
    this.#parameters.add(token.value.slice(1));
    return { kind: 'parameter', name: token.value.slice(1) };
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

  #take(word: string): boolean {
    const token = this.#tokens[this.#next];
    if (token?.kind !== 'word' || token.value.toUpperCase() !== word.toUpperCase()) return false;
    this.#next += 1;
    return true;
  }

  #unexpected(wanted: string): FilterFault {
    const found = this.#tokens[this.#next];
    return new FilterFault(`expected ${wanted}, found ${found === undefined ? 'the end' : found.value}`);
  }
}

function checkComparison({ source, field, values }: Comparison): void {
  const onInteractions = INTERACTIONS.has(source);
  if (onInteractions && field.toUpperCase() !== 'EVENT_TYPE')
    throw new FilterFault(`${source} can be filtered by EVENT_TYPE only`);
  if (!onInteractions && values.some((value) => value.kind === 'literal' && value.value === '*'))
    throw new FilterFault('* can be used with an EVENT_TYPE only');
}
