import { type FSWatcher, watch } from 'node:fs';
import { basename, join } from 'node:path';

/**
 * Reports changes in folders. One watcher for each folder, not for each file: an account has 30,000 of them. What the
 * system does not report is found by polling.
 */
export class FolderWatcher {
  readonly #onChange: (path: string | undefined) => void;
  readonly #watched = new Map<string, { readonly id: string; readonly watcher: FSWatcher }>();

  /** @param onChange called with the path of a file or folder; `undefined` if anything can have changed */
  constructor(onChange: (path: string | undefined) => void) {
    this.#onChange = onChange;
  }

  /**
   * Watches these folders and no others.
   * @param folders by path, each with what distinguishes it from a later folder at the same path
   * @returns those that were not watched before
   */
  follow(folders: ReadonlyMap<string, string>): readonly string[] {
    for (const [path, { id, watcher }] of this.#watched) {
      if (folders.get(path) === id) continue;
      watcher.close();
      this.#watched.delete(path);
    }
    const added = [...folders].filter(([path]) => !this.#watched.has(path));
    for (const [path, id] of added) this.#watch(path, id);
    return added.map(([path]) => path);
  }

  close(): void {
    this.follow(new Map());
  }

  #watch(path: string, id: string): void {
    try {
      const watcher = watch(path, (_, name) => this.#onChange(pathOf(path, name)));
      // A watcher that fails reports nothing more: polling goes on.
      watcher.on('error', () => watcher.close());
      this.#watched.set(path, { id, watcher });
    } catch {
      // The system has no more watchers, or the folder is gone.
    }
  }
}

/** Kubernetes replaces the link `..data`, through which all files of a ConfigMap are read. */
const pathOf = (folder: string, name: string | null): string | undefined =>
  name === null || basename(name).startsWith('..') ? undefined : join(folder, name);
