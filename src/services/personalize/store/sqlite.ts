import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { ReadableState, ResourceStore, WritableState } from './resource-store.ts';

/** How many entries a scan reads at first; each further read takes twice as many, up to `MOST_ROWS`. */
const FIRST_ROWS = 32;
const MOST_ROWS = 1024;

/** Sorts after every key that begins with the same text: the last code point. */
const END = '\u{10FFFF}';

/**
 * A store in one file, which is created where it does not exist. What was answered is on disk: a process that is killed
 * at any moment loses nothing, and a power cut at most the last moments. Throws where the file cannot be opened.
 */
export function sqliteStore(file: string): ResourceStore {
  const database = new DatabaseSync(file);
  database.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000; PRAGMA cache_size = -32768',
  );
  database.exec(
    'CREATE TABLE IF NOT EXISTS entries (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID',
  );
  const state = new SqliteState(database);
  const inTransaction = <T>(work: () => T): T => {
    database.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      database.exec('COMMIT');
      return result;
    } catch (cause) {
      database.exec('ROLLBACK');
      throw cause;
    }
  };
  return {
    transact: async (work) => inTransaction(() => work(state)),
    read: <T>(work: (readable: ReadableState) => T): T => work(state),
    clear: async (work) =>
      inTransaction(() => {
        database.exec('DELETE FROM entries');
        work?.(state);
      }),
    async close() {
      if (database.isOpen) database.close();
    },
  };
}

class SqliteState implements WritableState {
  readonly #get: StatementSync;
  readonly #put: StatementSync;
  readonly #delete: StatementSync;
  readonly #scan: StatementSync;

  constructor(database: DatabaseSync) {
    this.#get = database.prepare('SELECT value FROM entries WHERE key = ?');
    this.#put = database.prepare(
      'INSERT INTO entries (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
    );
    this.#delete = database.prepare('DELETE FROM entries WHERE key = ?');
    this.#scan = database.prepare(
      'SELECT key, value FROM entries WHERE key > ? AND key < ? ORDER BY key LIMIT ?',
    );
  }

  get(key: string): unknown {
    const row = this.#get.get(key);
    return row === undefined ? undefined : JSON.parse(row.value as string);
  }

  put(key: string, value: unknown): void {
    this.#put.run(key, JSON.stringify(value));
  }

  delete(key: string): void {
    this.#delete.run(key);
  }

  /** Reads page by page: no statement stays open when the caller stops early. */
  *scan(prefix: string, after = prefix): Generator<readonly [string, unknown]> {
    let from = after;
    for (let limit = FIRST_ROWS; ; limit = Math.min(2 * limit, MOST_ROWS)) {
      const rows = this.#scan.all(from, prefix + END, limit) as { key: string; value: string }[];
      for (const { key, value } of rows) yield [key, JSON.parse(value)];
      const last = rows.at(-1);
      if (last === undefined || rows.length < limit) return;
      from = last.key;
    }
  }
}
