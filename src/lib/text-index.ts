import { createTrie, nodeAt, type PrefixNode } from './prefix-trie.ts';

/** Lists of values found by a text: under the whole of it (hashed), and under every prefix of it (a trie). */
export interface TextIndex<T> {
  readonly exact: Map<string, T>;
  readonly prefixes: PrefixNode<T>;
}

export const createTextIndex = <T>(): TextIndex<T> => ({ exact: new Map(), prefixes: createTrie() });

/** The value under exactly this text, made where there is none yet. */
export function exactValue<T>({ exact }: TextIndex<T>, text: string, make: () => T): T {
  const value = exact.get(text) ?? make();
  exact.set(text, value);
  return value;
}

/** The value under this prefix, made where there is none yet. */
export function prefixValue<T>({ prefixes }: TextIndex<T>, prefix: string, make: () => T): T {
  const node = nodeAt(prefixes, prefix);
  node.value ??= make();
  return node.value;
}
