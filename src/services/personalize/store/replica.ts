import { randomUUID } from 'node:crypto';
import { DraftState, type Write } from './draft-state.ts';
import { MemoryState } from './memory.ts';
import type { ReadableState, WritableState } from './resource-store.ts';

/** What a transaction changes. */
interface Change {
  readonly clear: boolean;
  readonly writes: readonly Write[];
}

/**
 * A state that a copy can be at. The number counts transactions; the token is random for each, because another history
 * may have as many.
 */
export interface Version {
  readonly number: number;
  readonly token: string;
}

/** The length of a token; before the first transaction it is empty. */
export const TOKEN_LENGTH = 36;

/** The result of a commit to the shared state. */
export interface CommitReply {
  readonly version: Version;
  /**
   * `counts`: there was no other transaction since the version that was given; else what was missed: the transactions since
   * then, or all entries, key and value in turn.
   */
  readonly kind: 'counts' | 'missed' | 'everything';
  readonly texts: readonly string[];
}

/** Compares and appends in one step. With an empty `change` it only compares. */
export type Commit = (from: Version, change: string, token: string) => Promise<CommitReply>;

/** This process's copy of a state that several processes share. */
export class Replica {
  readonly #state = new MemoryState();
  readonly #commit: Commit;
  /** Before any version: the first commit brings everything. */
  #version: Version = { number: -1, token: '' };
  #last: Promise<unknown> = Promise.resolve();

  constructor(commit: Commit) {
    this.#commit = commit;
  }

  get state(): ReadableState {
    return this.#state;
  }

  transact<T>(work: (state: WritableState) => T): Promise<T> {
    return this.#attempt(work, false);
  }

  async clear(work: (state: WritableState) => void = () => {}): Promise<void> {
    await this.#attempt(work, true);
  }

  /** Settles when no transaction is in progress. */
  async idle(): Promise<void> {
    await this.#last.catch(() => {});
  }

  /** Transactions of one process run one after the other: at once they would only make each other retry. */
  #attempt<T>(work: (state: WritableState) => T, clear: boolean): Promise<T> {
    const turn = this.#last.then(async () => {
      for (;;) {
        const draft = new DraftState(clear ? new MemoryState() : this.#state);
        const result = work(draft);
        if (await this.#counts({ clear, writes: draft.writes })) return result;
      }
    });
    this.#last = turn.catch(() => {});
    return turn;
  }

  /** Whether the change was committed; if not, the copy is now current. An empty change tests whether it is. */
  async #counts(change: Change): Promise<boolean> {
    const isNothing = !change.clear && change.writes.length === 0;
    const text = isNothing ? '' : JSON.stringify(change);
    const { version, kind, texts } = await this.#commit(this.#version, text, randomUUID());
    if (kind === 'counts') this.#apply(change);
    if (kind === 'missed') for (const missed of texts) this.#apply(JSON.parse(missed));
    if (kind === 'everything') this.#apply({ clear: true, writes: pairs(texts) });
    this.#version = version;
    return kind === 'counts';
  }

  #apply({ clear, writes }: Change): void {
    if (clear) this.#state.clear();
    for (const [key, json] of writes) {
      if (json === undefined) this.#state.delete(key);
      else this.#state.put(key, JSON.parse(json));
    }
  }
}

/** Key, value, key, value. */
const pairs = (texts: readonly string[]): readonly Write[] =>
  Array.from({ length: texts.length / 2 }, (_, index) => [
    texts[2 * index] ?? '',
    texts[2 * index + 1] ?? '',
  ]);
