import { createTrie, nodeAt, type PrefixNode } from './prefix-trie.ts';

/** Values found by string: by exact match (hashed), and by every prefix (a trie). */
export interface TextIndex<T> {
  readonly exact: Map<string, T>;
  readonly prefixes: PrefixNode<T>;
}

export const createTextIndex = <T>(): TextIndex<T> => ({ exact: new Map(), prefixes: createTrie() });

/** The value for exactly this string, created if needed. */
export function exactValue<T>({ exact }: TextIndex<T>, text: string, make: () => T): T {
  const value = exact.get(text) ?? make();
  exact.set(text, value);
  return value;
}

/** The value for this prefix, created if needed. */
export function prefixValue<T>({ prefixes }: TextIndex<T>, prefix: string, make: () => T): T {
  const node = nodeAt(prefixes, prefix);
  node.value ??= make();
  return node.value;
}
