import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../lib/error-code.ts';

/**
 * A fingerprint that changes when a file or folder under the paths is written, replaced, added or removed. Follows
 * symbolic links, because Kubernetes updates a mounted ConfigMap by replacing one; ignores names that start with a
 * dot.
 */
export async function fingerprint(paths: readonly string[]): Promise<string> {
  return (await Promise.all(paths.map((path) => describe(path, 0)))).join('\n');
}

/** Deeper paths are treated as symbolic link cycles. */
const MAX_DEPTH = 40;

async function describe(path: string, depth: number): Promise<string> {
  try {
    const entry = await stat(path, { bigint: true });
    const state = `${path} ${entry.ino} ${entry.size} ${entry.mtimeNs} ${entry.ctimeNs}`;
    if (!entry.isDirectory() || depth > MAX_DEPTH) return state;
    const names = (await readdir(path)).filter((name) => !name.startsWith('.')).sort();
    const below = await Promise.all(names.map((name) => describe(join(path, name), depth + 1)));
    return [`${path} ${entry.ino}`, ...below].join('\n');
  } catch (cause) {
    return `${path} ${errorCode(cause) ?? cause}`;
  }
}
