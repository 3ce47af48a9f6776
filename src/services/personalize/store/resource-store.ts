/**
 * Where the stub keeps what it knows: an ordered map from text keys to JSON values. Everything that the stub looks up
 * is a key or a run of keys with one prefix, so a store needs no idea of resources, and a new one is five methods.
 */
export interface ResourceStore {
  /**
   * Runs `work`, whose reads and writes are one: no other call sees half of them, and a throw undoes them where the store is
   * durable. A store that is shared may run `work` again when another writer was faster, so `work` must only compute.
   */
  transact<T>(work: (state: WritableState) => T): Promise<T>;
  /** Reads at once. A store that is shared answers with the last state that it saw. */
  read<T>(work: (state: ReadableState) => T): T;
  /** Forgets everything, and runs `work` on what is then empty, as one. */
  clear(work?: (state: WritableState) => void): Promise<void>;
  /** Whether other processes write to it, so that `read` may be behind. */
  readonly isShared?: true;
  /** Why calls fail now, naming the store; absent where that cannot happen. */
  readonly problem?: string | undefined;
  close(): Promise<void>;
}

export interface ReadableState {
  get(key: string): unknown;
  /** Entries whose key begins with `prefix` and comes after `after`, in ascending order. Do not write while iterating. */
  scan(prefix: string, after?: string): Iterable<readonly [key: string, value: unknown]>;
}

export interface WritableState extends ReadableState {
  /** Values are JSON (no `Date`, no `undefined` in lists) and are not changed after they were put. */
  put(key: string, value: unknown): void;
  delete(key: string): void;
}
