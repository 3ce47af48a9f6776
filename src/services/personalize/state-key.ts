import type { ReadableState, WritableState } from './store/resource-store.ts';

declare const value: unique symbol;

/** A key of the store, or the beginning of some, with the type of what is under it. */
export type Key<Value> = string & { readonly [value]: Value };

/*
 * The store holds JSON without types. Each key is made in one place, and what is put under it is checked against
 * its type: so what is read has it. These are the only casts.
 */
export const keyOf = <Value>(text: string): Key<Value> => text as Key<Value>;

export const valueAt = <Value>(state: ReadableState, key: Key<Value>): Value | undefined =>
  state.get(key) as Value | undefined;

export const entriesBelow = <Value>(
  state: ReadableState,
  prefix: Key<Value>,
  after?: string,
): Iterable<readonly [key: Key<Value>, value: Value]> =>
  state.scan(prefix, after) as Iterable<readonly [Key<Value>, Value]>;

export const putAt = <Value>(state: WritableState, key: Key<Value>, value: Value): void =>
  state.put(key, value);
