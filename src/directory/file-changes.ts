import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { type FileState, FileTree } from './file-tree.ts';
import { FolderWatcher } from './folder-watcher.ts';

/** Together with the settling time, less than half a second. */
const MOST_LOOKS = 10;

/** Waits; resolves to false if nothing is waited for any more. */
export type Rest = () => Promise<boolean>;

/** Which files below some paths changed and were not read since. */
export class FileChanges {
  readonly #tree: FileTree;
  readonly #watcher: FolderWatcher;
  /** Paths for which the system reported a change. */
  #reported = new Set<string>();
  /** Whether everything has to be looked at, because it was asked for or a report had no path. */
  #everything = false;
  /** Files that have changed since they were last read. */
  #unread = new Set<string>();

  /** @param onReport called when the system reports a change */
  constructor(paths: readonly string[], onReport: () => void) {
    this.#tree = new FileTree(paths);
    this.#watcher = new FolderWatcher((path) => {
      if (path === undefined) this.#everything = true;
      else if (this.#tree.covers(path)) this.#reported.add(path);
      else return;
      onReport();
    });
  }

  get files(): ReadonlyMap<string, FileState> {
    return this.#tree.files;
  }

  /** Whether there is something to look at or to read. */
  get isPending(): boolean {
    return this.#everything || this.#reported.size > 0 || this.#unread.size > 0;
  }

  /** All files, watched from now on, before they are read. */
  async all(): Promise<ReadonlySet<string>> {
    const all = await this.#tree.update();
    this.#follow();
    return all;
  }

  /** Watches files outside of the paths, too. */
  add(files: readonly string[]): void {
    for (const file of files) this.#tree.add(file);
    this.#follow();
  }

  /** Looks at everything with the next changes, not only at what was reported. */
  expectAnything(): void {
    this.#everything = true;
  }

  /** Looks at everything now. */
  async look(): Promise<void> {
    addAll(this.#unread, await this.#tree.update());
  }

  /** These were not read, or changed while they were read. */
  keep(changed: Iterable<string>): void {
    addAll(this.#unread, changed);
  }

  /** Finds out which of these files changed after they were looked at. */
  async lookAgain(changed: ReadonlySet<string>): Promise<void> {
    addAll(this.#unread, await this.#tree.update(changed));
  }

  /** The changed files, once they have been the same for a while; editors write in several steps. */
  async settled(rest: Rest): Promise<ReadonlySet<string>> {
    const changed = this.#unread;
    this.#unread = new Set();
    addAll(changed, await this.#take());
    for (let looks = 0; looks < MOST_LOOKS && changed.size > 0; looks += 1) {
      if (!(await rest())) break;
      const again = new Set(await this.#tree.update(changed));
      addAll(again, await this.#take());
      if (again.size === 0) break;
      addAll(changed, again);
    }
    return changed;
  }

  close(): void {
    this.#watcher.close();
  }

  /** What was reported counts even if it looks the same: two writes can leave the same size and time. */
  async #take(): Promise<ReadonlySet<string>> {
    const [everything, reported] = [this.#everything, this.#reported];
    this.#everything = false;
    this.#reported = new Set();
    if (!everything && reported.size === 0) return reported;
    const changed = new Set(await this.#tree.update(everything ? undefined : reported));
    for (const path of reported) if (this.#tree.files.has(path)) changed.add(path);
    // What was written to a new folder before it was watched was not reported.
    for (const folder of this.#follow()) addAll(changed, await this.#tree.update([folder]));
    return changed;
  }

  /** Watches the folders of the tree, and those that hold its roots. */
  #follow(): readonly string[] {
    const folders = new Map(this.#tree.folders);
    for (const root of this.#tree.roots) folders.set(dirname(root), idOf(dirname(root)));
    return this.#watcher.follow(folders).filter((path) => this.#tree.covers(path));
  }
}

function addAll(to: Set<string>, paths: Iterable<string>): void {
  for (const path of paths) to.add(path);
}

function idOf(folder: string): string {
  try {
    const { dev, ino } = statSync(folder);
    return `${dev} ${ino}`;
  } catch {
    return '';
  }
}
