import type { Atom, Model } from './atom.ts';
import { captureGroups } from './capture.ts';
import { type Codes, isVariable, RUN } from './codes.ts';
import type { TheoryLiteral } from './theory-result.ts';

/**
 * What a literal with variables demands at least, whatever their values are: a wanted pattern with `*` in the place of each
 * variable, and nothing where a pattern is excluded.
 */
export function relaxed({ atom, positive }: TheoryLiteral): readonly TheoryLiteral[] {
  if (atom.variables.length === 0) return [{ atom, positive }];
  const wanted = wantedLanguage(atom, positive);
  if (wanted === undefined) return [];
  const language = wanted.map((codes) => codes.map((code) => (isVariable(code) ? RUN : code)));
  const name = `relaxed ${atom.name}`;
  if (atom.kind === 'resource') return [{ atom: { ...atom, name, language }, positive }];
  return atom.texts.kind === 'language'
    ? [{ atom: { ...atom, name, texts: { ...atom.texts, language } }, positive }]
    : [{ atom, positive }];
}

/** The language that a literal wants a text to be of; `undefined` where it excludes one, or asks for none. */
function wantedLanguage(atom: Atom, positive: boolean): readonly Codes[] | undefined {
  if (atom.kind === 'resource') return positive ? atom.language : undefined;
  const { texts } = atom;
  return texts.kind === 'language' && texts.accepted === positive ? texts.language : undefined;
}

/** What the variables of the wanted patterns are in the texts of a model: one assignment for each pattern. */
export function captureVariables(
  literals: readonly TheoryLiteral[],
  { resource, context }: Model,
): readonly ReadonlyMap<string, string>[] {
  return literals.flatMap(({ atom, positive }) => {
    if (atom.variables.length === 0) return [];
    const text = atom.kind === 'resource' ? resource : context.get(atom.key);
    if (typeof text !== 'string') return [];
    return (wantedLanguage(atom, positive) ?? []).flatMap((codes) => {
      const groups = captureGroups(codes, text);
      const variables = codes.filter(isVariable);
      if (groups === undefined || variables.length !== atom.variables.length) return [];
      return [new Map(atom.variables.map((key, index) => [key, groups[index] ?? '']))];
    });
  });
}
