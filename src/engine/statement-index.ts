import { descend } from '../lib/prefix-trie.ts';
import { createTextIndex, exactValue, prefixValue, type TextIndex } from '../lib/text-index.ts';
import { matchesPattern, type WildcardPattern } from '../lib/wildcard.ts';
import {
  actionEntries,
  type Candidate,
  candidateMatches,
  type Entry,
  resourceEntries,
  searchedPatterns,
  type Test,
  wholeAction,
  wholeResource,
} from './candidate.ts';
import type { PlacedStatement } from './placed-statement.ts';
import type { Query } from './query.ts';

/** Returns the statements that match, in the order of the policies. */
export type StatementIndex = (query: Query) => readonly PlacedStatement[];

/** Candidates of one action: a list of few, or an index by resource of many. */
interface Bucket {
  few: Candidate[];
  many: TextIndex<Candidate[]> | undefined;
}

/** Up to this number, a linear scan is faster than a lookup. */
const FEW = 8;

const NONE: readonly PlacedStatement[] = [];

/** Index of statements by action. */
interface ActionIndex {
  /** By exact action and by `Name*`: the key already matches the action. */
  readonly proven: TextIndex<Bucket>;
  /** By the literal prefix of all other patterns. */
  readonly searched: TextIndex<Searched[]>;
  /** Cache of search results by action. */
  readonly remembered: Map<string, Bucket>;
}

interface Searched {
  readonly placed: PlacedStatement;
  readonly pattern: WildcardPattern;
}

/** Upper bound of the cache: more than the actions of any service. */
const MOST_REMEMBERED = 1000;

/**
 * An index of the statements of one layer and effect: first by action, then, if many statements name one action, by
 * resource. Exact strings are hashed; patterns are in a trie by their literal prefix.
 */
export function indexStatements(statements: readonly PlacedStatement[]): StatementIndex {
  if (statements.length === 0) return () => NONE;
  if (statements.length <= FEW) {
    const few = statements.map((placed) => wholly(placed));
    return (query) => collect(few, query, undefined) ?? NONE;
  }
  const index: ActionIndex = {
    proven: createTextIndex(),
    searched: createTextIndex(),
    remembered: new Map(),
  };
  for (const placed of statements) addByAction(index, placed);
  return (query) => inOrder(findByAction(index, query));
}

function addByAction({ proven, searched }: ActionIndex, placed: PlacedStatement): void {
  for (const entry of actionEntries(placed))
    addToBucket(valueAt(proven, entry, emptyBucket), placed, entry.test);
  for (const pattern of searchedPatterns(placed))
    prefixValue(searched, pattern.prefix, (): Searched[] => []).push({ placed, pattern });
}

const wholly = (placed: PlacedStatement): Candidate => ({
  placed,
  actionTest: wholeAction(placed),
  resourceTest: wholeResource(placed),
});

const emptyBucket = (): Bucket => ({ few: [], many: undefined });

const valueAt = <T>(index: TextIndex<T>, { key }: Entry, make: () => T): T =>
  'exact' in key ? exactValue(index, key.exact, make) : prefixValue(index, key.prefix, make);

function addToBucket(bucket: Bucket, placed: PlacedStatement, actionTest: Test): void {
  const candidate: Candidate = { placed, actionTest, resourceTest: wholeResource(placed) };
  if (bucket.many !== undefined) addByResource(bucket.many, candidate);
  else bucket.few.push(candidate);
  if (bucket.few.length > FEW) spread(bucket);
}

function spread(bucket: Bucket): void {
  bucket.many = createTextIndex();
  for (const candidate of bucket.few) addByResource(bucket.many, candidate);
  bucket.few = [];
}

function addByResource(index: TextIndex<Candidate[]>, { placed, actionTest }: Candidate): void {
  for (const entry of resourceEntries(placed))
    valueAt(index, entry, () => []).push({ placed, actionTest, resourceTest: entry.test });
}

/** Created with the first match: most queries match nothing in most layers. */
type Found = PlacedStatement[] | undefined;

function findByAction(index: ActionIndex, query: Query): Found {
  const { exact, prefixes } = index.proven;
  let found = findInBucket(exact.get(query.action), query, undefined);
  for (
    let node: typeof prefixes | undefined = prefixes;
    node !== undefined;
    node = descend(node, query.action)
  )
    found = findInBucket(node.value, query, found);
  return findInBucket(search(index, query.action), query, found);
}

/** The statements whose patterns match an action. Each action is searched once; there are few distinct actions. */
function search({ searched, remembered }: ActionIndex, action: string): Bucket {
  const known = remembered.get(action);
  if (known !== undefined) return known;
  const bucket = emptyBucket();
  for (let node: typeof searched.prefixes | undefined = searched.prefixes; node; node = descend(node, action))
    for (const { placed, pattern } of node.value ?? [])
      if (matchesPattern(pattern, action)) addToBucket(bucket, placed, undefined);
  if (remembered.size >= MOST_REMEMBERED) remembered.clear();
  remembered.set(action, bucket);
  return bucket;
}

function findInBucket(bucket: Bucket | undefined, query: Query, before: Found): Found {
  if (bucket === undefined) return before;
  if (bucket.many === undefined) return collect(bucket.few, query, before);
  const { exact, prefixes } = bucket.many;
  let found = collect(exact.get(query.resource), query, before);
  for (
    let node: typeof prefixes | undefined = prefixes;
    node !== undefined;
    node = descend(node, query.resource)
  )
    found = collect(node.value, query, found);
  return found;
}

/** Appends the candidates that match to the earlier matches. */
function collect(candidates: readonly Candidate[] | undefined, query: Query, before: Found): Found {
  if (candidates === undefined) return before;
  let found = before;
  for (const candidate of candidates) {
    if (!candidateMatches(candidate, query)) continue;
    if (found === undefined) found = [candidate.placed];
    else found.push(candidate.placed);
  }
  return found;
}

/** In the order of the policies, without duplicates: a statement may have several keys. */
function inOrder(found: Found): readonly PlacedStatement[] {
  if (found === undefined) return NONE;
  if (found.length === 1) return found;
  return found
    .sort((one, other) => one.order - other.order)
    .filter((placed, index) => placed !== found[index - 1]);
}
