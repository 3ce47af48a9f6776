import { fstatSync, type Stats } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import type { Diagnostic } from '../lib/errors.ts';
import { err, ok, type Result } from '../lib/result.ts';
import { displayPath, readText, unreadable } from './source-file.ts';

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

const FORMATS: ReadonlyMap<string, PolicyFile['format']> = new Map([
  ['.json', 'json'],
  ['.yaml', 'yaml'],
  ['.yml', 'yaml'],
]);

/** Every JSON and YAML file in a folder, by name. Ignores names that start with a dot, and other files. */
export async function readPolicyFiles(
  folder: string,
): Promise<{ readonly sources: readonly PolicyFile[]; readonly diagnostics: readonly Diagnostic[] }> {
  const listed = await listFiles(folder, []);
  const read = await Promise.all(
    listed.map((file) => (file.ok ? readSource(file.value, folder) : Promise.resolve(file))),
  );
  const sources = read.flatMap((result) => (result.ok ? [result.value] : []));
  const diagnostics = read.flatMap((result) => (result.ok ? [] : [result.error]));
  return { sources: sources.sort((a, b) => (a.name < b.name ? -1 : 1)), diagnostics };
}

async function readSource(file: string, folder: string): Promise<Result<PolicyFile, Diagnostic>> {
  const text = await readText(file);
  if (!text.ok) return text;
  const ending = extname(file);
  const name = relative(folder, file).slice(0, -ending.length).split(sep).join('/');
  const format = FORMATS.get(ending) ?? 'json';
  return ok({ name, text: text.value, format, file: displayPath(file), absoluteFile: file });
}

/** `above` are the resolved parent folders: a link to one of them would be a cycle. */
async function listFiles(folder: string, above: readonly string[]): Promise<Result<string, Diagnostic>[]> {
  try {
    const here = await realpath(folder);
    if (above.includes(here)) throw new Error('it is a link to a folder that contains it');
    const names = (await readdir(folder)).filter((name) => !name.startsWith('.')).sort();
    const listed = await Promise.all(names.map((name) => listEntry(join(folder, name), [...above, here])));
    return listed.flat();
  } catch (cause) {
    return [err(unreadable(folder, cause))];
  }
}

/** `generate … > policies/shop.json`: the shell truncates the output file before this process reads the folder. */
function isOwnOutput({ dev, ino }: Stats): boolean {
  try {
    const output = fstatSync(1);
    return output.isFile() && output.ino === ino && output.dev === dev;
  } catch {
    return false;
  }
}

async function listEntry(path: string, above: readonly string[]): Promise<Result<string, Diagnostic>[]> {
  try {
    const stats = await stat(path);
    if (stats.isDirectory()) return await listFiles(path, above);
    return FORMATS.has(extname(path)) && !isOwnOutput(stats) ? [ok(path)] : [];
  } catch (cause) {
    return [err(unreadable(path, cause))];
  }
}
