import { fstatSync, lstatSync, readdirSync, type Stats, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { errorCode } from '../lib/error-code.ts';

/** What was found at a path: a stamp that changes with the file, or why it cannot be read. */
export type FileState = string | { readonly cause: unknown };

/** Deeper folders are not read: links can lead in circles in ways that are not worth telling apart. */
const MOST_DEPTH = 40;
/** Requests are served between the slices. */
const SLICE_MILLIS = 5;

/**
 * The files at some paths and in the folders below them, as they were last seen. Names that start with a dot are
 * ignored. Symbolic links are followed: Kubernetes updates a mounted ConfigMap by replacing one.
 *
 * One file is looked at after the other, without a promise for each: 30,000 files take a tenth of a second.
 */
export class FileTree {
  readonly #roots: Set<string>;
  #files = new Map<string, FileState>();
  #folders = new Map<string, string>();
  readonly #output = ownOutput();
  /** Updates follow each other. */
  #updating: Promise<void> = Promise.resolve();

  constructor(roots: Iterable<string>) {
    this.#roots = new Set(roots);
  }

  /** By path; folders that cannot be read are among them. */
  get files(): ReadonlyMap<string, FileState> {
    return this.#files;
  }

  /** The folders by path, each with what distinguishes it from a later folder at the same path. */
  get folders(): ReadonlyMap<string, string> {
    return this.#folders;
  }

  get roots(): ReadonlySet<string> {
    return this.#roots;
  }

  /** Looks at a path outside of the known ones from now on. */
  add(path: string): void {
    if (!this.covers(path)) this.#roots.add(path);
  }

  /** Whether a path is one of the roots, or would be found below one. */
  covers(path: string): boolean {
    for (const root of this.#roots) {
      if (path === root) return true;
      if (path.startsWith(root + sep)) return !path.includes(`${sep}.`, root.length);
    }
    return false;
  }

  /**
   * Looks again, at everything or at some paths.
   * @returns the files that are new, changed or gone
   */
  update(paths?: Iterable<string>): Promise<ReadonlySet<string>> {
    const update = this.#updating.then(() => this.#update(paths));
    this.#updating = update.then(() => {});
    return update;
  }

  async #update(paths: Iterable<string> | undefined): Promise<ReadonlySet<string>> {
    const changed = new Set<string>();
    if (paths === undefined) {
      const files = this.#files;
      this.#files = new Map();
      this.#folders = new Map();
      for (const root of this.#roots) await this.#look(root);
      for (const [path, state] of this.#files) if (differs(files.get(path), state)) changed.add(path);
      for (const path of files.keys()) if (!this.#files.has(path)) changed.add(path);
      return changed;
    }
    for (const path of paths) if (this.covers(path)) await this.#lookBelow(path, changed);
    return changed;
  }

  async #lookBelow(path: string, changed: Set<string>): Promise<void> {
    const before = new Map<string, FileState>();
    const drop = (each: string): void => {
      const state = this.#files.get(each);
      if (state !== undefined) before.set(each, state);
      this.#files.delete(each);
      this.#folders.delete(each);
    };
    // A folder of which only a file was reported is not known as one.
    if (!this.#files.has(path))
      for (const each of [...this.#files.keys(), ...this.#folders.keys()])
        if (each.startsWith(path + sep)) drop(each);
    drop(path);
    await this.#look(path);
    for (const each of [...before.keys(), ...this.#below(path)])
      if (differs(before.get(each), this.#files.get(each))) changed.add(each);
  }

  *#below(path: string): Iterable<string> {
    if (this.#files.has(path)) yield path;
    if (!this.#folders.has(path)) return;
    for (const each of this.#files.keys()) if (each.startsWith(path + sep)) yield each;
  }

  async #look(root: string): Promise<void> {
    let sliceEnd = performance.now() + SLICE_MILLIS;
    const open: { readonly path: string; readonly above: readonly string[] }[] = [{ path: root, above: [] }];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      for (const path of this.#lookAt(next.path, next.above)) open.push(path);
      if (performance.now() < sliceEnd) continue;
      await setImmediate();
      sliceEnd = performance.now() + SLICE_MILLIS;
    }
  }

  /** @returns what is in the folder, if it is one */
  #lookAt(
    path: string,
    above: readonly string[],
  ): { readonly path: string; readonly above: readonly string[] }[] {
    try {
      const stats = statSync(path);
      if (!stats.isDirectory()) {
        const isOutput = stats.ino === this.#output?.ino && stats.dev === this.#output.dev;
        if (stats.isFile() && !isOutput) this.#files.set(path, stampOf(stats));
        return [];
      }
      const id = `${stats.dev} ${stats.ino}`;
      if (above.includes(id)) throw new Error('it is a link to a folder that contains it');
      if (above.length > MOST_DEPTH) throw new Error(`it is nested deeper than ${MOST_DEPTH} folders`);
      const names = readdirSync(path).filter((name) => !name.startsWith('.'));
      this.#folders.set(path, id);
      return names.map((name) => ({ path: join(path, name), above: [...above, id] }));
    } catch (cause) {
      // What is gone is no error, unless it has to be there or is the target of a link.
      const isGone = errorCode(cause) === 'ENOENT' && !this.#roots.has(path) && !isLink(path);
      if (!isGone) this.#files.set(path, { cause });
      return [];
    }
  }
}

const isLink = (path: string): boolean =>
  lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;

const stampOf = ({ ino, size, mtimeMs, ctimeMs }: Stats): string => `${ino} ${size} ${mtimeMs} ${ctimeMs}`;

/** Two failures are the same if their messages are. */
function differs(one: FileState | undefined, other: FileState | undefined): boolean {
  if (typeof one === 'object' && typeof other === 'object') return String(one.cause) !== String(other.cause);
  return one !== other;
}

/** `generate … > policies/shop.json`: the shell truncates the output file before this process reads the folder. */
function ownOutput(): Pick<Stats, 'dev' | 'ino'> | undefined {
  try {
    const output = fstatSync(1);
    return output.isFile() ? output : undefined;
  } catch {
    return undefined;
  }
}
