import { Recent } from './recent.ts';

/**
 * Remembers the results of a pure function by its argument. Forgets all of them when there are more than `most`, so
 * that input cannot fill the memory.
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

/** Longer texts of clients are worked on each time. */
const MOST_CHARACTERS = 512;
const TEXTS = 1000;

/**
 * The same for texts that clients repeat with every request: those used last are remembered. A text is copied first: a part
 * of a header is a view in V8, which would keep the whole header in memory.
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
