import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { displayPath, readText, unreadable } from '../../directory/source-file.ts';
import type { Diagnostic } from '../../lib/errors.ts';
import { err, ok, type Result } from '../../lib/result.ts';

/** A test file, as people open it, and its text. */
export interface TestText {
  readonly file: string;
  readonly text: string;
}

/** The texts of files, and of every YAML file below folders, each once; it is a diagnostic to find none. */
export async function readTestFiles(
  paths: readonly string[],
): Promise<Result<readonly TestText[], readonly Diagnostic[]>> {
  const listed = await Promise.all(paths.map((path) => filesAt(resolve(path))));
  const diagnostics = listed.flatMap((each) => (each.ok ? [] : [each.error]));
  const files = [...new Set(listed.flatMap((each) => (each.ok ? each.value : [])))];
  if (files.length === 0 && diagnostics.length === 0) diagnostics.push(none(paths));
  const read = await Promise.all(files.map((file) => readText(file)));
  const unread = read.flatMap((text) => (text.ok ? [] : [text.error]));
  if (diagnostics.length + unread.length > 0) return err([...diagnostics, ...unread]);
  return ok(files.map((file, index) => ({ file: displayPath(file), text: textOf(read[index]) })));
}

const textOf = (read: Result<string, Diagnostic> | undefined): string => (read?.ok ? read.value : '');

async function filesAt(path: string): Promise<Result<readonly string[], Diagnostic>> {
  try {
    if (!(await stat(path)).isDirectory()) return ok([path]);
    const names = await readdir(path, { recursive: true });
    const files = names.filter((name) => /\.ya?ml$/.test(name)).sort();
    return ok(files.map((name) => join(path, name)));
  } catch (cause) {
    return err(unreadable(path, cause));
  }
}

const none = (paths: readonly string[]): Diagnostic => ({
  severity: 'error',
  rule: 'no-tests',
  message: `there is no test file (.yaml or .yml) in ${paths.map(displayPath).join(', ')}`,
});
