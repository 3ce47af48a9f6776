import { Recent } from './recent.ts';

/**
 * Caches the results of a pure function by its argument. Clears the cache when it has `most` entries, so that input
 * cannot fill the memory.
 */
export function memoize<Value>(most: number, make: (key: string) => Value): (key: string) => Value {
  const known = new Map<string, Value>();
  return (key) => {
    const found = known.get(key);
    if (found !== undefined || known.has(key)) return found as Value;
    const value = make(key);
    if (known.size >= most) known.clear();
    known.set(key, value);
    return value;
  };
}

/** The same for objects that never change: a result lives as long as its argument. */
export function memoizeFor<Key extends object, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const known = new WeakMap<Key, { readonly value: Value }>();
  return (key) => {
    const found = known.get(key);
    if (found !== undefined) return found.value;
    const value = make(key);
    known.set(key, { value });
    return value;
  };
}

/** The results for longer strings are not cached. */
const MOST_CHARACTERS = 512;
const TEXTS = 1000;

/**
 * The same for strings that clients repeat with every request: the most recently used stay. A string is copied first: a
 * part of a header is a view in V8, which would keep the whole header in memory.
 */
export function memoizeText<Value>(make: (text: string) => Value): (text: string) => Value {
  const known = new Recent<string, { readonly value: Value }>(TEXTS);
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found.value;
    if (text.length > MOST_CHARACTERS) return make(text);
    const own = Buffer.from(text).toString();
    // Half of a surrogate pair is not copied.
    if (own !== text) return make(text);
    const value = make(own);
    known.set(own, { value });
    return value;
  };
}
