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
  const sentences = new Map<string, string>();
  for (const { next, existing, facts, linked } of situations) {
    const statements = [...statementsOf(next), ...statementsOf(existing)];
    const names = statements.flatMap(({ statement }) => namesInStatement(statement));
    for (const name of names) {
      const sentence = sentenceOf(facts(name.toLowerCase()));
      if (sentence !== undefined) sentences.set(name.toLowerCase(), `${name} ${sentence}`);
    }
    const keys = names.map((name) => name.toLowerCase()).filter((key) => facts(key).fixed === undefined);
    for (const { sentence } of linked ? linksBetween(new Set(keys)) : []) sentences.set(sentence, sentence);
  }
  return [...sentences.values()].sort();
}

function sentenceOf({ fixed, present, type, values, within }: KeyFacts): string | undefined {
  if (fixed === null) return 'is absent';
  if (fixed !== undefined) return `is ${typeof fixed === 'string' ? fixed : fixed.join(', ')}`;
  const parts = [
    ...(present ? ['is in every request'] : []),
    ...(values === 'either' ? [] : [values === 'one' ? 'has one value' : 'has a list of values']),
    ...(type === 'any' ? [] : [type === 'boolean' ? 'is true or false' : 'can be read as its type']),
  ];
  if (within !== undefined) parts.push('is of the account of its principal');
  return parts.length > 0 ? parts.join(', ') : undefined;
}
