import { namesInStatement } from '../engine/missing-keys.ts';
import type { KeyFacts } from './key-facts.ts';
import { linksBetween } from './key-links.ts';
import type { Situation } from './prove.ts';
import { statementsOf } from './side.ts';

/**
 * What a proof takes for granted about the context keys that its policies ask for, a sentence for each key. A request that
 * breaks one of them is not covered.
 */
export function assumptionsOf(situations: readonly Situation[]): readonly string[] {
  const known = new Map<string, Known>();
  const links = new Set<string>();
  for (const { next, existing, facts, linked } of situations) {
    const statements = [...statementsOf(next), ...statementsOf(existing)];
    const names = statements.flatMap(({ statement }) => namesInStatement(statement));
    for (const name of names) {
      const key = known.get(name.toLowerCase()) ?? { name, is: new Set(), constraints: new Set() };
      known.set(name.toLowerCase(), key);
      addFacts(key, facts(name.toLowerCase()));
    }
    const keys = names.map((name) => name.toLowerCase()).filter((key) => facts(key).fixed === undefined);
    for (const { sentence } of linked ? linksBetween(new Set(keys)) : []) links.add(sentence);
  }
  return [...[...known.values()].flatMap(sentencesOf), ...links].sort();
}

/** What is assumed of one key, in any situation. */
interface Known {
  readonly name: string;
  /** What it may be, where that is known. */
  readonly is: Set<string>;
  readonly constraints: Set<string>;
}

function addFacts({ is, constraints }: Known, { fixed, present, type, values, like }: KeyFacts): void {
  if (fixed !== undefined) is.add(textOf(fixed));
  else if (like !== undefined) {
    is.add(/[*?]/.test(like) ? `like ${like}` : like);
    if (!present) is.add('absent');
  } else {
    const parts = [
      ...(present ? ['is in every request'] : []),
      ...(values === 'either' ? [] : [values === 'one' ? 'has one value' : 'has a list of values']),
      ...(type === 'any' ? [] : [type === 'boolean' ? 'is true or false' : 'can be read as its type']),
    ];
    if (parts.length > 0) constraints.add(parts.join(', '));
  }
}

const textOf = (fixed: NonNullable<KeyFacts['fixed']> | null): string =>
  fixed === null ? 'absent' : typeof fixed === 'string' ? fixed : fixed.join(', ');

const sentencesOf = ({ name, is, constraints }: Known): readonly string[] => [
  ...(is.size > 0 ? [`${name} is ${[...is].join(' or ')}`] : []),
  ...[...constraints].map((text) => `${name} ${text}`),
];
