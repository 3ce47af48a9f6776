import { describe, expect, it } from 'vitest';
import { createTrie, descend, nodeAt, type PrefixNode } from '../../../src/lib/prefix-trie.ts';
import { createTextIndex, exactValue, prefixValue } from '../../../src/lib/text-index.ts';

const trieOf = (...prefixes: readonly string[]): PrefixNode<string> => {
  const root = createTrie<string>();
  for (const prefix of prefixes) nodeAt(root, prefix).value = prefix;
  return root;
};

function prefixesOf(root: PrefixNode<string>, text: string): readonly string[] {
  const found: string[] = [];
  for (let node: PrefixNode<string> | undefined = root; node; node = descend(node, text))
    if (node.value !== undefined) found.push(node.value);
  return found;
}

describe('a trie', () => {
  it('finds every stored prefix of a string, shortest first', () => {
    const trie = trieOf('team-1', 'team-17-', '', 'team-', 'team-18', 'other');
    expect(prefixesOf(trie, 'team-17-shop')).toEqual(['', 'team-', 'team-1', 'team-17-']);
  });

  it('does not find strings that share only a beginning, nor longer ones', () => {
    const trie = trieOf('team-17', 'team-18');
    expect(prefixesOf(trie, 'team-1')).toEqual([]);
    expect(prefixesOf(trie, 'team-19')).toEqual([]);
    expect(prefixesOf(trie, 'tea')).toEqual([]);
  });

  it('does not depend on the order of insertion', () => {
    const trie = trieOf('abcd', 'ab', 'abx', 'a', 'abcdef');
    expect(prefixesOf(trie, 'abcdefg')).toEqual(['a', 'ab', 'abcd', 'abcdef']);
  });
});

describe('a text index', () => {
  it('creates a value once per key, and keeps exact strings separate from prefixes', () => {
    const index = createTextIndex<string[]>();
    exactValue(index, 'a', () => []).push('exact');
    exactValue(index, 'a', () => []).push('again');
    prefixValue(index, 'a', () => []).push('prefix');
    expect(index.exact.get('a')).toEqual(['exact', 'again']);
    expect(prefixValue(index, 'a', () => [])).toEqual(['prefix']);
  });
});
