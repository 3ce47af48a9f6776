import type { Atom, KeyAtom, Model } from './atom.ts';
import { conditionAtom } from './condition-atom.ts';
import type { TheoryLiteral, TheoryResult } from './theory-result.ts';
import { allTexts, captureVariables, finiteTexts, relaxed } from './variable-language.ts';

/** The keys that literals read as policy variables. */
export const variablesOf = (literals: readonly TheoryLiteral[]): readonly string[] => [
  ...new Set(literals.flatMap(({ atom }) => atom.variables)),
];

type SolveApart = (literals: readonly TheoryLiteral[]) => TheoryResult;

/** Values that are tried for variables before a proof gives up. */
const MOST_TRIES = 40;
const FRESH = 'some-value';

/**
 * Literals with policy variables.
 *
 * A key that a literal pins to some texts is replaced by each of them. Any other variable is first a letter of its own,
 * which `*` takes and letters and `?` do not. That refutes soundly as long as no wanted pattern meets the variable with
 * something that cannot take it; where one does, the variable is `*` in wanted patterns and what excludes it is left out,
 * which allows more. A model needs values: some are tried, and where none fits, the answer is unknown.
 */
export function solveVariables(literals: readonly TheoryLiteral[], solveApart: SolveApart): TheoryResult {
  const [pinned] = pinnedKeys(literals);
  if (pinned !== undefined)
    return firstModel(
      pinned.texts.map((text) => new Map([[pinned.key, text]])),
      literals,
      solveApart,
    );
  const keys = variablesOf(literals);
  if (keys.length === 0) return solveApart(literals);
  const opaque = solveApart(literals);
  if (opaque.kind === 'none' && !opaque.met) return opaque;
  const loose = opaque.kind === 'model' ? opaque : solveApart(literals.flatMap(relaxed));
  if (loose.kind === 'none' && !loose.met) return loose;
  const tried = firstModel(
    candidates(keys, literals, loose.kind === 'model' ? loose.model : undefined),
    literals,
    solveApart,
  );
  return tried.kind === 'model'
    ? tried
    : { kind: 'unknown', reason: `the value of the policy variable ${keys.join(', ')} is open` };
}

/** Keys that are variables, and of which a literal says which texts they may be. */
function pinnedKeys(
  literals: readonly TheoryLiteral[],
): readonly { readonly key: string; readonly texts: readonly string[] }[] {
  const variables = new Set(variablesOf(literals));
  return literals.flatMap(({ atom, positive }) => {
    if (atom.kind !== 'key' || !variables.has(atom.key) || atom.variables.length > 0) return [];
    const texts = finiteTexts(atom, positive);
    return texts && texts.length <= MOST_TRIES ? [{ key: atom.key, texts }] : [];
  });
}

/** The first model that values of variables give. None only where every one of them is refuted. */
function firstModel(
  values: readonly ReadonlyMap<string, string>[],
  literals: readonly TheoryLiteral[],
  solveApart: SolveApart,
): TheoryResult {
  let worst: TheoryResult = { kind: 'none', met: false };
  for (const each of values) {
    const result = solveVariables(substituted(literals, each), solveApart);
    if (result.kind === 'model') return result;
    if (result.kind === 'unknown' || result.met) worst = result;
  }
  return worst;
}

/** The literals with the values put in, and each value as a literal about its key. */
function substituted(
  literals: readonly TheoryLiteral[],
  values: ReadonlyMap<string, string>,
): readonly TheoryLiteral[] {
  return [
    ...literals.map(({ atom, positive }) => ({ atom: replaced(atom, values), positive })),
    ...[...values].map(([key, text]) => ({ atom: equalsAtom(key, text), positive: true })),
  ];
}

const replaced = (atom: Atom, values: ReadonlyMap<string, string>): Atom =>
  atom.variables.some((key) => values.has(key)) ? atom.substitute(values) : atom;

/** That a key is a text. */
const equalsAtom = (key: string, text: string): KeyAtom =>
  conditionAtom(
    {
      operator: 'StringEquals',
      ifExists: false,
      key: { text: key },
      values: [{ text: text.replaceAll(/[$]/g, '${$}') }],
    },
    'Allow',
    () => 0,
  );

/** Assignments worth a try: fresh texts, those of a model, those that the variables have in its texts, and constants. */
function candidates(
  keys: readonly string[],
  literals: readonly TheoryLiteral[],
  model: Model | undefined,
): readonly ReadonlyMap<string, string>[] {
  const fresh = new Map(keys.map((key, index) => [key, `${FRESH}${index === 0 ? '' : index}`]));
  const own = new Map(fresh);
  for (const key of keys) {
    const value = model?.context.get(key);
    if (typeof value === 'string') own.set(key, value);
  }
  const captured = model ? captureVariables(literals, model) : [];
  const constants = literals.flatMap(({ atom }) => allTexts(atom));
  const single = keys.flatMap((key) =>
    [...new Set([...constants, ''])].map((text) => new Map([...own, [key, text]])),
  );
  return [fresh, own, ...captured.map((values) => new Map([...own, ...values])), ...single].slice(
    0,
    MOST_TRIES,
  );
}
