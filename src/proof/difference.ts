import type { ActionClass } from './action-classes.ts';
import type { Formula } from './formula.ts';
import { deniesOf, type Level, type Side, type SideStatement } from './side.ts';
import type { StatementFormulas } from './statement-formula.ts';

/** That `next` allows a request of an action, and `existing` does not. */
export function difference(
  next: Side,
  existing: Side,
  action: ActionClass,
  statements: StatementFormulas,
): Formula {
  const { formulas } = statements;
  return formulas.and([allows(next, action, statements), formulas.not(allows(existing, action, statements))]);
}

/** That a side allows a request: no Deny matches, and every level of some way has an Allow that does. */
function allows(side: Side, action: ActionClass, statements: StatementFormulas): Formula {
  const { formulas } = statements;
  const oneMatches = (some: readonly SideStatement[]): Formula =>
    formulas.or(
      some
        .filter(({ statement }) => action.matches(statement))
        .map(({ statement, version }) => statements.of(statement, version)),
    );
  return formulas.and([
    formulas.not(oneMatches(deniesOf(side, action.action))),
    formulas.or(side.ways.map((levels: readonly Level[]) => formulas.and(levels.map(oneMatches)))),
  ]);
}

/** Every key, in lower case, that a formula asks for. */
export function keysOf(formula: Formula): readonly string[] {
  const keys = new Set<string>();
  const seen = new Set<Formula>();
  const visit = (each: Formula): void => {
    if (seen.has(each)) return;
    seen.add(each);
    if (each.kind === 'and' || each.kind === 'or') for (const part of each.parts) visit(part);
    if (each.kind === 'literal' && each.atom.kind === 'key') keys.add(each.atom.key);
  };
  visit(formula);
  return [...keys];
}
