/**
 * The values that were used last, at least `size` of them and less than twice as many, in two generations. When the younger
 * one is full it becomes the older one, and the values of the older one that were not used meanwhile are dropped. A lookup is
 * one of a `Map`.
 */
export class Recent<Key, Value> {
  readonly #size: number;
  #young = new Map<Key, Entry<Key, Value>>();
  #old = new Map<Key, Entry<Key, Value>>();

  constructor(size: number) {
    this.#size = size;
  }

  get(key: Key): Value | undefined {
    const found = this.#young.get(key);
    if (found !== undefined) return found.value;
    const old = this.#old.get(key);
    if (old === undefined) return undefined;
    this.#put(old);
    return old.value;
  }

  set(key: Key, value: Value): void {
    this.#put({ key, value });
  }

  #put(entry: Entry<Key, Value>): void {
    if (this.#young.size >= this.#size) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(entry.key, entry);
  }
}

/** With the key that it was set with: an equal text may be a view of a larger one, which it would keep. */
interface Entry<Key, Value> {
  readonly key: Key;
  readonly value: Value;
}
