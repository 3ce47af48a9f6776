/**
 * A radix trie: values stored by prefix, found in one pass over a string. Lookups do not allocate: `for (let node =
 * trie; node; node = descend(node, text)) use(node.value)` visits every stored prefix of `text`, shortest first.
 */
export interface PrefixNode<T> {
  /** The string between the parent's prefix and this one. */
  label: string;
  /** Length of the whole prefix. */
  end: number;
  value: T | undefined;
  children: Map<number, PrefixNode<T>> | undefined;
}

/** An empty trie: its root, the node of the empty prefix. */
export const createTrie = <T>(): PrefixNode<T> => ({
  label: '',
  end: 0,
  value: undefined,
  children: undefined,
});

/** The next longer stored prefix of `text` (or a fork on the way to one, without a value). */
export function descend<T>(node: PrefixNode<T>, text: string): PrefixNode<T> | undefined {
  if (node.children === undefined || text.length <= node.end) return undefined;
  const child = node.children.get(text.charCodeAt(node.end));
  return child !== undefined && text.startsWith(child.label, node.end) ? child : undefined;
}

/** The node of exactly this prefix, created if needed. */
export function nodeAt<T>(root: PrefixNode<T>, prefix: string): PrefixNode<T> {
  let node = root;
  while (node.end < prefix.length) {
    node.children ??= new Map();
    const code = prefix.charCodeAt(node.end);
    const child = node.children.get(code);
    if (child === undefined) return addChild(node, prefix.slice(node.end));
    const shared = sharedLength(child.label, prefix, node.end);
    node = shared === child.label.length ? child : split(node, child, shared);
  }
  return node;
}

function addChild<T>(parent: PrefixNode<T>, label: string): PrefixNode<T> {
  const child: PrefixNode<T> = {
    label,
    end: parent.end + label.length,
    value: undefined,
    children: undefined,
  };
  parent.children ??= new Map();
  parent.children.set(label.charCodeAt(0), child);
  return child;
}

/** Inserts a fork between parent and child, after the first `shared` characters of the child's label. */
function split<T>(parent: PrefixNode<T>, child: PrefixNode<T>, shared: number): PrefixNode<T> {
  const fork = addChild(parent, child.label.slice(0, shared));
  child.label = child.label.slice(shared);
  fork.children = new Map([[child.label.charCodeAt(0), child]]);
  return fork;
}

function sharedLength(label: string, text: string, from: number): number {
  let length = 0;
  while (length < label.length && label.charCodeAt(length) === text.charCodeAt(from + length)) length += 1;
  return length;
}
