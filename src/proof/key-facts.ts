import type { ContextValue } from '../engine/request.ts';
import type { Codes } from './codes.ts';
import { patternCodes } from './languages.ts';

/** What is known of a context key before any policy is read. */
export interface KeyFacts {
  /** `either` if unknown: the proof then covers both. */
  readonly values: 'one' | 'many' | 'either';
  /** What its texts are: `true` or `false`, what the operators of its type can read, or anything. */
  readonly type: 'any' | 'boolean' | 'typed';
  /** A text that the operators of its type can read. */
  readonly example?: string;
  /** The language that its texts are of; any text where it is not given. */
  readonly within?: readonly Codes[];
  /** That language as a pattern. */
  readonly like?: string;
  /** Every request has it. */
  readonly present: boolean;
  /** Every request of the proof has this value; `null`: none has the key. */
  readonly fixed?: ContextValue | null;
}

/** Facts of keys by lower-case name. */
export type FactsOf = (key: string) => KeyFacts;

/**
 * Keys that AWS says are in the context of every request.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
const ALWAYS_PRESENT: ReadonlySet<string> = new Set([
  'aws:currenttime',
  'aws:epochtime',
  'aws:securetransport',
  'aws:requestedregion',
  'aws:viaawsservice',
  'aws:principalisawsservice',
]);

/** Types of the Service Authorization Reference whose texts are not just any. */
const TEXT_TYPES: Readonly<Record<string, KeyFacts['type']>> = {
  Bool: 'boolean',
  Boolean: 'boolean',
  Numeric: 'typed',
  Long: 'typed',
  Date: 'typed',
  IPAddress: 'typed',
};

const EXAMPLES: Readonly<Record<string, string>> = {
  Numeric: '1',
  Long: '1',
  Date: '2026-01-01T00:00:00Z',
  IPAddress: '203.0.113.1',
};

/** Keys by whose name a tag follows: `aws:RequestTag/team`. */
const TAG = /^[^/]*tag\//;

/** What a key's value is like, in every request or in those that have it. */
export interface Likeness {
  readonly like: string;
  readonly optional?: true;
}

/**
 * The value that a key has in every request of a proof, or a pattern that its value is like; `null` where no request has
 * it, `undefined` where it is open.
 */
export type KnownKeys = (key: string) => ContextValue | Likeness | null | undefined;

/** Facts from a table of types (`aws:tagkeys` -> `ArrayOfString`), as the Service Authorization Reference has them. */
export function keyFacts(
  types: ReadonlyMap<string, string>,
  knownKeys: KnownKeys = () => undefined,
): FactsOf {
  return (key) => {
    const type = types.get(key) ?? (TAG.test(key) ? 'String' : undefined);
    const example = type === undefined ? undefined : EXAMPLES[type];
    const known = knownKeys(key);
    const isLike = typeof known === 'object' && known !== null && 'like' in known;
    return {
      values: type === undefined ? 'either' : type.startsWith('ArrayOf') ? 'many' : 'one',
      type: (type !== undefined && TEXT_TYPES[type]) || 'any',
      ...(example !== undefined && { example }),
      present:
        ALWAYS_PRESENT.has(key) ||
        (known !== undefined && known !== null && !(isLike && known.optional === true)),
      ...(isLike && { within: [patternCodes(known.like)], like: known.like }),
      ...(known !== undefined && !isLike && { fixed: known }),
    };
  };
}
