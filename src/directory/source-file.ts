import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { relative, sep } from 'node:path';
import { errorCode } from '../lib/error-code.ts';
import type { Fault } from '../lib/errors.ts';
import { err, ok, type Result } from '../lib/result.ts';

/** The text of a file in UTF-8, or why it cannot be had. */
export async function readText(file: string): Promise<Result<string, Fault>> {
  try {
    return ok(decode(await readFile(file)));
  } catch (cause) {
    return err(unreadable(file, cause));
  }
}

/** The same for the few files without which nothing starts. */
export function readTextSync(file: string): Result<string, Fault> {
  try {
    return ok(decode(readFileSync(file)));
  } catch (cause) {
    return err(unreadable(file, cause));
  }
}

/** Drops a byte order mark; what is not UTF-8 throws. */
const decode = (bytes: Uint8Array): string => new TextDecoder('utf-8', { fatal: true }).decode(bytes);

/** A path as people open it: relative to the working folder where it lies inside, absolute otherwise. */
export function displayPath(file: string): string {
  const path = relative(process.cwd(), file);
  return path === '' || path.startsWith(`..${sep}`) || path === '..' ? file : path;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  EACCES: 'reading it is not permitted',
  EISDIR: 'it is a folder',
  ENOTDIR: 'it is not a folder',
  ERR_ENCODING_INVALID_ENCODED_DATA: 'it is not UTF-8 text',
};

/** A fault that tells why a file or folder cannot be read. */
export function unreadable(path: string, cause: unknown): Fault {
  const code = errorCode(cause) ?? '';
  const reason = REASONS[code] ?? (cause instanceof Error ? cause.message : String(cause));
  return {
    severity: 'error',
    rule: 'unreadable',
    message: `cannot be read: ${reason}`,
    file: displayPath(path),
  };
}
