import { chmod, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { displayPath } from '../directory/source-file.ts';
import type { Diagnostic } from '../lib/errors.ts';
import { err, ok, type Result } from '../lib/result.ts';

export interface WriteOptions {
  /** Whether files that are there may be replaced; they keep their mode. */
  readonly overwrite: boolean;
}

/** A file on its way to its place. */
interface Staged {
  readonly file: string;
  readonly written: string;
  readonly isNew: boolean;
}

/**
 * Writes files, all of them or none: each is written beside its place first, and put there when all are. No reader ever
 * sees half a file.
 * @param files texts by absolute paths
 * @returns a diagnostic for each file that is there and may not be replaced, or that cannot be written
 */
export async function writeFiles(
  files: ReadonlyMap<string, string>,
  { overwrite }: WriteOptions,
): Promise<Result<undefined, readonly Diagnostic[]>> {
  const modes = new Map(
    await Promise.all([...files.keys()].map(async (file) => [file, await modeOf(file)] as const)),
  );
  const existing = [...modes].filter(([, mode]) => mode !== undefined).map(([file]) => file);
  if (existing.length > 0 && !overwrite)
    return err(existing.map((file) => diagnostic('exists', file, 'already exists; --force overwrites it')));
  const staged: Staged[] = [];
  const placed: Staged[] = [];
  let current = '';
  try {
    for (const [file, text] of files) {
      current = file;
      staged.push(await stage(file, text, modes.get(file)));
    }
    for (const each of staged) {
      current = each.file;
      await rename(each.written, each.file);
      placed.push(each);
    }
    return ok(undefined);
  } catch (cause) {
    // What was replaced has its new content whole; what was not there is not there again.
    const leftovers = [
      ...staged.map(({ written }) => written),
      ...placed.filter(({ isNew }) => isNew).map(({ file }) => file),
    ];
    await Promise.all(leftovers.map((file) => rm(file, { force: true })));
    return err([diagnostic('unwritable', current, `cannot be written: ${reasonOf(cause)}`)]);
  }
}

async function stage(file: string, text: string, mode: number | undefined): Promise<Staged> {
  await mkdir(dirname(file), { recursive: true });
  const written = `${file}.${process.pid}.tmp`;
  const handle = await open(written, 'w');
  try {
    await handle.writeFile(text);
    await handle.sync();
  } catch (cause) {
    await rm(written, { force: true });
    throw cause;
  } finally {
    await handle.close();
  }
  if (mode !== undefined) await chmod(written, mode);
  return { file, written, isNew: mode === undefined };
}

/** `undefined` for a file that is not there. */
async function modeOf(file: string): Promise<number | undefined> {
  try {
    return (await stat(file)).mode;
  } catch {
    return undefined;
  }
}

const diagnostic = (rule: string, file: string, message: string): Diagnostic => ({
  severity: 'error',
  rule,
  message,
  file: displayPath(file),
});

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'writing there is not permitted',
  EROFS: 'the file system is read-only',
  EEXIST: 'a part of its path is a file',
  ENOTDIR: 'a part of its path is a file',
  EISDIR: 'it is a folder',
  ENOSPC: 'the disk is full',
};

const reasonOf = (cause: unknown): string => {
  const { code = '', message } = cause as NodeJS.ErrnoException;
  return REASONS[code] ?? message;
};
