import type { ReadableState, WritableState } from './resource-store.ts';
import { SortedKeys } from './sorted-keys.ts';

/** A key and its new value as JSON, or the key alone where it was deleted. */
export type Write = readonly [key: string, json: string] | readonly [key: string];

/** Writes over a state that they leave as it is, until somebody else says that they count. */
export class DraftState implements WritableState {
  readonly #base: ReadableState;
  /** A deleted key has no value. */
  readonly #written = new Map<string, { readonly value?: unknown }>();
  readonly #keys = new SortedKeys();

  constructor(base: ReadableState) {
    this.#base = base;
  }

  get writes(): readonly Write[] {
    return Array.from(
      this.#written,
      ([key, { value }]): Write => (value === undefined ? [key] : [key, JSON.stringify(value)]),
    );
  }

  get(key: string): unknown {
    const written = this.#written.get(key);
    return written === undefined ? this.#base.get(key) : written.value;
  }

  put(key: string, value: unknown): void {
    this.#write(key, { value });
  }

  delete(key: string): void {
    if (this.get(key) !== undefined) this.#write(key, {});
  }

  *scan(prefix: string, after?: string): Generator<readonly [string, unknown]> {
    const own = this.#ownKeys(prefix, after);
    let next = own.next().value;
    for (const entry of this.#base.scan(prefix, after)) {
      for (; next && next <= entry[0]; next = own.next().value) yield* this.#entry(next);
      if (!this.#written.has(entry[0])) yield entry;
    }
    for (; next; next = own.next().value) yield* this.#entry(next);
  }

  *#ownKeys(prefix: string, after: string | undefined): Generator<string, undefined> {
    for (const key of this.#keys.startingAt(after ?? prefix)) {
      if (key === after) continue;
      if (!key.startsWith(prefix)) return;
      yield key;
    }
  }

  #entry(key: string): readonly (readonly [string, unknown])[] {
    const value = this.#written.get(key)?.value;
    return value === undefined ? [] : [[key, value]];
  }

  #write(key: string, written: { readonly value?: unknown }): void {
    if (!this.#written.has(key)) this.#keys.add(key);
    this.#written.set(key, written);
  }
}
