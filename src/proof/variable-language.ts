import type { Atom, KeyAtom, LanguageDemand, Model } from './atom.ts';
import { captureGroups } from './capture.ts';
import { type Codes, isVariable, RUN, textOf } from './codes.ts';
import type { TheoryLiteral } from './theory-result.ts';

/** The demands that a literal makes, all of them; `undefined` where it can be satisfied in several ways. */
function demandsOf(atom: Atom, positive: boolean): readonly LanguageDemand[] | undefined {
  if (atom.kind === 'resource') return [{ language: atom.language, accepted: positive }];
  if (atom.texts.kind !== 'language') return undefined;
  const { demands } = atom.texts;
  if (positive) return demands;
  const [only] = demands;
  return only && demands.length === 1 ? [{ ...only, accepted: !only.accepted }] : undefined;
}

const hasVariable = ({ language }: LanguageDemand): boolean =>
  language.some((codes) => codes.some(isVariable));

/**
 * What a literal with variables demands at least, whatever their values are: a wanted pattern with `*` in the place of each
 * variable, and nothing where a pattern is excluded.
 */
export function relaxed({ atom, positive }: TheoryLiteral): readonly TheoryLiteral[] {
  if (atom.variables.length === 0) return [{ atom, positive }];
  const demands = demandsOf(atom, positive);
  if (demands === undefined) return [];
  const loose = demands
    .filter((demand) => demand.accepted || !hasVariable(demand))
    .map(({ language, accepted }) => ({ language: language.map(withRuns), accepted }));
  const name = `relaxed ${positive ? '' : 'not '}${atom.name}`;
  if (atom.kind === 'resource')
    return loose.map(({ language }) => ({ atom: { ...atom, name, language }, positive: true }));
  return [
    {
      atom: {
        ...asWanted(atom, positive),
        name,
        texts: { kind: 'language', demands: loose, exact: isExact(atom) },
      },
      positive: true,
    },
  ];
}

/** The atom that holds where a literal does: not for all values is for some value not. */
function asWanted(atom: KeyAtom, positive: boolean): KeyAtom {
  if (positive || atom.qualifier === undefined)
    return { ...atom, holds: (model) => atom.holds(model) === positive };
  const qualifier = atom.qualifier === 'ForAllValues' ? 'ForAnyValue' : 'ForAllValues';
  return { ...atom, qualifier, holds: (model) => !atom.holds(model) };
}

const isExact = ({ texts }: KeyAtom): boolean => texts.kind === 'language' && texts.exact;

const withRuns = (codes: Codes): Codes => codes.map((code) => (isVariable(code) ? RUN : code));

/** The texts of a key that a literal allows, where it allows only some. */
export function finiteTexts(atom: KeyAtom, positive: boolean): readonly string[] | undefined {
  if (atom.texts.kind !== 'language' || !atom.texts.exact) return undefined;
  for (const { language, accepted } of demandsOf(atom, positive) ?? []) {
    const texts = accepted ? language.map(textOf) : [undefined];
    if (texts.every((text) => text !== undefined)) return texts;
  }
  return undefined;
}

/** Every text that an atom about a key spells out. */
export const allTexts = (atom: Atom): readonly string[] =>
  (demandsOf(atom, true) ?? [])
    .flatMap(({ language }) => (atom.kind === 'key' ? language.map(textOf) : []))
    .filter((text) => text !== undefined);

/** What the variables of the wanted patterns are in the texts of a model: one assignment for each pattern. */
export function captureVariables(
  literals: readonly TheoryLiteral[],
  { resource, context }: Model,
): readonly ReadonlyMap<string, string>[] {
  return literals.flatMap(({ atom, positive }) => {
    const text = atom.kind === 'resource' ? resource : context.get(atom.key);
    if (atom.variables.length === 0 || typeof text !== 'string') return [];
    const wanted = (demandsOf(atom, positive) ?? []).filter(({ accepted }) => accepted);
    return wanted.flatMap(({ language }) =>
      language.flatMap((codes) => {
        const groups = captureGroups(codes, text);
        if (groups === undefined || codes.filter(isVariable).length !== atom.variables.length) return [];
        return [new Map(atom.variables.map((key, index) => [key, groups[index] ?? '']))];
      }),
    );
  });
}
