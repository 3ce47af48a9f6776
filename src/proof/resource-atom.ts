import { matchesResourcePattern, type ResourcePattern } from '../engine/resource.ts';
import type { Part } from '../engine/variables.ts';
import type { WildcardPattern } from '../lib/wildcard.ts';
import type { ResourceAtom } from './atom.ts';
import { type Codes, literal, RUN } from './codes.ts';
import { automatonCodes, codesOf, patternCodes, type VariableNumbers } from './languages.ts';

/** Whether the resource matches one of the engine's patterns. */
export function resourceAtom(patterns: readonly ResourcePattern[], numbers: VariableNumbers): ResourceAtom {
  const language = patterns.map((pattern) => resourceCodes(pattern, numbers));
  return {
    kind: 'resource',
    name: `resource ${language
      .map((codes) => codes.join())
      .toSorted()
      .join(' ')}`,
    language,
    variables: [...new Set(patterns.flatMap(patternVariables))],
    holds: ({ resource, context }) =>
      patterns.some((pattern) => matchesResourcePattern(pattern, resource, context)),
    substitute: (values) =>
      resourceAtom(
        patterns.map((pattern) => replaceVariables(pattern, ({ key }) => values.get(key))),
        numbers,
      ),
  };
}

type Variable = Extract<Part, { kind: 'variable' }>;

/** The keys, in lower case, that stand as variables in a pattern. */
export const patternVariables = (pattern: ResourcePattern): readonly string[] =>
  pattern.kind === 'fixed'
    ? []
    : pattern.parts.flatMap((part) => (part.kind === 'variable' ? [part.key] : []));

/** The pattern with the texts that variables stand for; those without one stay. */
export function replaceVariables(
  pattern: ResourcePattern,
  textOf: (variable: Variable) => string | undefined,
): ResourcePattern {
  if (pattern.kind === 'fixed') return pattern;
  const parts = pattern.parts.map((part): Part => {
    const text = part.kind === 'variable' ? textOf(part) : undefined;
    return text === undefined ? part : { kind: 'escape', text };
  });
  return { ...pattern, parts };
}

/** A pattern as codes of an automaton. */
export function resourceCodes(pattern: ResourcePattern, numbers: VariableNumbers): Codes {
  if (pattern.kind === 'fixed') return fixedCodes(pattern.pattern);
  return [...automatonCodes(pattern.codes), ...codesOf(pattern.parts, numbers, patternCodes)];
}

function fixedCodes({ shape, prefix, codes }: WildcardPattern): Codes {
  if (shape === 'general') return automatonCodes(codes);
  return shape === 'exact' ? literal(prefix) : [...literal(prefix), RUN];
}
