import { extname, join, sep } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Diagnostic } from '../lib/errors.ts';
import type { Result } from '../lib/result.ts';
import { type FileState, FileTree } from './file-tree.ts';
import { displayPath, readTextSync, unreadable } from './source-file.ts';

/** A policy that is not yet parsed: the content of a file, or a document that was passed as an object. */
export type PolicySource = PolicyFile | { readonly name: string; readonly document: unknown };

export interface PolicyFile {
  /** The path inside the folder without the extension, e.g. `trust/ecs-tasks`. */
  readonly name: string;
  readonly text: string;
  readonly format: 'json' | 'yaml';
  /** Path to display. */
  readonly file: string;
  /** The same, absolute. */
  readonly absoluteFile: string;
}

/** Reads a file, or returns why it cannot be read. One file is open at a time. */
export type ReadFile = (path: string) => Result<string, Diagnostic>;

const FORMATS: ReadonlyMap<string, PolicyFile['format']> = new Map([
  ['.json', 'json'],
  ['.yaml', 'yaml'],
  ['.yml', 'yaml'],
]);

/** Requests are served between the slices. */
const SLICE_MILLIS = 5;

/** Every JSON and YAML file in a folder, by name. A file is read again only if it changed. */
export class PolicyFiles {
  readonly #folder: string;
  /** What the displayed path has before the path in the folder. */
  readonly #display: string;
  readonly #read: ReadFile;
  readonly #files = new Map<string, PolicyFile>();
  readonly #diagnostics = new Map<string, Diagnostic>();
  #sources: readonly PolicyFile[] = [];

  constructor(folder: string, read: ReadFile) {
    this.#folder = folder;
    this.#display = displayPath(join(folder, 'x')).slice(0, -1);
    this.#read = read;
  }

  /** Sorted by name; the same list if nothing changed. */
  get sources(): readonly PolicyFile[] {
    return this.#sources;
  }

  /** The errors of what cannot be read, in the order of the paths. */
  get diagnostics(): readonly Diagnostic[] {
    return [...this.#diagnostics].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, diagnostic]) => diagnostic);
  }

  get paths(): readonly string[] {
    return [...this.#files.keys()];
  }

  /** @returns whether a policy is new, changed, gone, or no longer readable */
  async update(files: ReadonlyMap<string, FileState>, changed: Iterable<string>): Promise<boolean> {
    let isChanged = false;
    let sliceEnd = performance.now() + SLICE_MILLIS;
    for (const path of changed) {
      if (path !== this.#folder && !path.startsWith(this.#folder + sep)) continue;
      isChanged = this.#updateFile(path, files.get(path)) || isChanged;
      if (performance.now() < sliceEnd) continue;
      await setImmediate();
      sliceEnd = performance.now() + SLICE_MILLIS;
    }
    if (isChanged) this.#sources = [...this.#files.values()].sort(byName);
    return isChanged;
  }

  #updateFile(path: string, state: FileState | undefined): boolean {
    const known = this.#files.get(path);
    const wasUnreadable = this.#diagnostics.delete(path);
    if (typeof state === 'object') {
      this.#diagnostics.set(path, unreadable(path, state.cause));
      this.#files.delete(path);
      return true;
    }
    const format = FORMATS.get(extname(path));
    if (state === undefined || format === undefined) return this.#files.delete(path) || wasUnreadable;
    const text = this.#read(path);
    if (!text.ok) {
      this.#diagnostics.set(path, text.error);
      this.#files.delete(path);
      return true;
    }
    if (known?.text === text.value) return wasUnreadable;
    this.#files.set(path, { ...this.#nameOf(path), text: text.value, format, absoluteFile: path });
    return true;
  }

  #nameOf(path: string): Pick<PolicyFile, 'name' | 'file'> {
    const inside = path.slice(this.#folder.length + 1);
    const name = inside.slice(0, -extname(path).length);
    return { name: sep === '/' ? name : name.split(sep).join('/'), file: this.#display + inside };
  }
}

/** Two files can have one name, which is an error of the second. */
const byName = (a: PolicyFile, b: PolicyFile): number =>
  a.name < b.name || (a.name === b.name && a.absoluteFile < b.absoluteFile) ? -1 : 1;

/** Every JSON and YAML file in a folder, by name, as they are now. */
export async function readPolicyFiles(
  folder: string,
): Promise<{ readonly sources: readonly PolicyFile[]; readonly diagnostics: readonly Diagnostic[] }> {
  const tree = new FileTree([folder]);
  const files = new PolicyFiles(folder, readTextSync);
  const all = await tree.update();
  await files.update(tree.files, all);
  return { sources: files.sources, diagnostics: files.diagnostics };
}
