import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import type { Fault } from '../errors.ts';
import { err, ok, type Result } from '../lib/result.ts';

/** The text of a policy, not yet parsed. */
export interface PolicySource {
  /** The path inside the folder without the ending, e.g. `trust/ecs-tasks`. */
  readonly name: string;
  readonly text: string;
  readonly format: 'json' | 'yaml';
  /** As people open it; absent for a policy that was passed as an object. */
  readonly file?: string;
  /** The same, absolute. */
  readonly absoluteFile?: string;
}

const FORMATS: ReadonlyMap<string, PolicySource['format']> = new Map([
  ['.json', 'json'],
  ['.yaml', 'yaml'],
  ['.yml', 'yaml'],
]);

/** Every JSON and YAML file below a folder, by name. Names that begin with a dot are left out, as are other files. */
export async function readPolicyFiles(
  folder: string,
): Promise<{ readonly sources: readonly PolicySource[]; readonly faults: readonly Fault[] }> {
  const listed = await listFiles(folder, []);
  const read = await Promise.all(
    listed.map((file) => (file.ok ? readSource(file.value, folder) : Promise.resolve(file))),
  );
  const sources = read.flatMap((result) => (result.ok ? [result.value] : []));
  const faults = read.flatMap((result) => (result.ok ? [] : [result.error]));
  return { sources: sources.sort((a, b) => (a.name < b.name ? -1 : 1)), faults };
}

/** The text of a file in UTF-8, or why it cannot be had. */
export async function readText(file: string): Promise<Result<string, Fault>> {
  try {
    return ok(new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file)));
  } catch (cause) {
    return err(unreadable(file, cause));
  }
}

/** A path as people open it: relative to the working folder where it lies inside, absolute otherwise. */
export function displayPath(file: string): string {
  const path = relative(process.cwd(), file);
  return path === '' || path.startsWith(`..${sep}`) || path === '..' ? file : path;
}

async function readSource(file: string, folder: string): Promise<Result<PolicySource, Fault>> {
  const text = await readText(file);
  if (!text.ok) return text;
  const ending = extname(file);
  const name = relative(folder, file).slice(0, -ending.length).split(sep).join('/');
  const format = FORMATS.get(ending) ?? 'json';
  return ok({ name, text: text.value, format, file: displayPath(file), absoluteFile: file });
}

/** `above` are the folders on the way here, resolved: a link back to one of them would never end. */
async function listFiles(folder: string, above: readonly string[]): Promise<Result<string, Fault>[]> {
  try {
    const here = await realpath(folder);
    if (above.includes(here)) throw new Error('it is a link to a folder that holds it');
    const names = (await readdir(folder)).filter((name) => !name.startsWith('.')).sort();
    const listed = await Promise.all(names.map((name) => listEntry(join(folder, name), [...above, here])));
    return listed.flat();
  } catch (cause) {
    return [err(unreadable(folder, cause))];
  }
}

async function listEntry(path: string, above: readonly string[]): Promise<Result<string, Fault>[]> {
  try {
    if ((await stat(path)).isDirectory()) return await listFiles(path, above);
    return FORMATS.has(extname(path)) ? [ok(path)] : [];
  } catch (cause) {
    return [err(unreadable(path, cause))];
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  EACCES: 'reading it is not permitted',
  EISDIR: 'it is a folder',
  ENOTDIR: 'it is not a folder',
  ERR_ENCODING_INVALID_ENCODED_DATA: 'it is not UTF-8 text',
};

function unreadable(path: string, cause: unknown): Fault {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const reason = REASONS[code] ?? (cause instanceof Error ? cause.message : String(cause));
  return {
    severity: 'error',
    rule: 'unreadable',
    message: `cannot be read: ${reason}`,
    file: displayPath(path),
  };
}
