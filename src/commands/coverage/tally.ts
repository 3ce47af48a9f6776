import type { PlacedStatement } from '../../engine/placed-statement.ts';
import type { AuthorizationRequest } from '../../engine/request.ts';
import { matchesResourcePattern } from '../../engine/resource.ts';
import { matchesPattern, parsePattern } from '../../lib/wildcard.ts';
import type { Statement } from '../../policy/ast.ts';
import type { PatternCoverage, StatementCoverage, Uses } from './coverage.ts';

/** How a check used a statement. */
export type Use = keyof Uses;

/** What is counted of one statement or pattern. */
class Counter implements Uses {
  allowed = 0;
  denied = 0;
  undocumented = 0;
}

interface PatternCounter {
  readonly counter: Counter;
  readonly matched: Set<string>;
}

interface StatementCounter {
  readonly counter: Counter;
  readonly actions: readonly PatternCounter[];
  readonly resources: readonly PatternCounter[];
}

const MOST_MATCHED = 10;

/** Counts the uses of statements and their patterns, statements distinguished as objects. */
export class Tally {
  readonly #counters = new Map<Statement, StatementCounter>();

  add(
    { statement: compiled }: PlacedStatement,
    { action, resource, context }: AuthorizationRequest,
    use: Use,
  ) {
    const { source } = compiled;
    const { counter, actions, resources } = this.#counterOf(source);
    counter[use] += 1;
    const lower = action.toLowerCase();
    source.action.patterns.forEach(({ text }, index) => {
      if (matchesPattern(parsePattern(text.toLowerCase()), lower)) count(actions[index], use, action);
    });
    compiled.resource?.patterns.forEach((pattern, index) => {
      if (matchesResourcePattern(pattern, resource, context)) count(resources[index], use, resource);
    });
  }

  /** What was counted of a statement; nothing, where it never matched. */
  coverageOf(source: Statement): StatementCoverage {
    const { counter, actions, resources } = this.#counterOf(source);
    const { index, sid, effect, position } = source;
    return {
      statement: index,
      ...(sid && { sid: sid.text }),
      effect,
      ...(position && { line: position.line }),
      ...counter,
      patterns: [
        ...patternsOf('Action', source.action, actions),
        ...patternsOf('Resource', source.resource, resources),
      ],
    };
  }

  #counterOf(source: Statement): StatementCounter {
    const known = this.#counters.get(source);
    if (known !== undefined) return known;
    const counters = (element: Statement['action'] | Statement['resource']): readonly PatternCounter[] =>
      (element?.patterns ?? []).map(() => ({ counter: new Counter(), matched: new Set() }));
    const made = {
      counter: new Counter(),
      actions: counters(source.action),
      resources: counters(source.resource),
    };
    this.#counters.set(source, made);
    return made;
  }
}

function count(pattern: PatternCounter | undefined, use: Use, found: string): void {
  if (pattern === undefined) return;
  pattern.counter[use] += 1;
  if (pattern.matched.size < MOST_MATCHED) pattern.matched.add(found);
}

function patternsOf(
  element: PatternCoverage['element'],
  source: Statement['action'] | Statement['resource'],
  counters: readonly PatternCounter[],
): readonly PatternCoverage[] {
  if (source?.element !== element) return [];
  return source.patterns.flatMap(({ text, position }, index) => {
    const found = counters[index];
    if (found === undefined) return [];
    return [{ element, pattern: text, ...position, ...found.counter, matched: [...found.matched].sort() }];
  });
}
