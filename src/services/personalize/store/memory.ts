import type { ReadableState, ResourceStore, WritableState } from './resource-store.ts';
import { SortedKeys } from './sorted-keys.ts';

/** A store that lives as long as the process. */
export function memoryStore(): ResourceStore {
  const state = new MemoryState();
  return {
    transact: async (work) => work(state),
    read: <T>(work: (readable: ReadableState) => T): T => work(state),
    clear: async (work) => {
      state.clear();
      work?.(state);
    },
    close: async () => {},
  };
}

/** Also the copy that a shared store keeps. */
export class MemoryState implements WritableState {
  readonly #values = new Map<string, unknown>();
  readonly #keys = new SortedKeys();

  get(key: string): unknown {
    return this.#values.get(key);
  }

  put(key: string, value: unknown): void {
    if (!this.#values.has(key)) this.#keys.add(key);
    this.#values.set(key, value);
  }

  delete(key: string): void {
    if (this.#values.delete(key)) this.#keys.delete(key);
  }

  *scan(prefix: string, after?: string): Generator<readonly [string, unknown]> {
    for (const key of this.#keys.startingAt(after ?? prefix)) {
      if (key === after) continue;
      if (!key.startsWith(prefix)) return;
      yield [key, this.#values.get(key)];
    }
  }

  clear(): void {
    this.#values.clear();
    this.#keys.clear();
  }
}
