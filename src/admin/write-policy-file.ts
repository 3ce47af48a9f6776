import { copyFile, realpath, rename, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { displayPath } from '../directory/source-file.ts';
import { errorCode } from '../lib/error-code.ts';
import { err, ok, type Result } from '../lib/result.ts';

/**
 * Replaces a policy file and keeps what it held beside it, in a file whose name begins with a dot, which is not read as
 * a policy. A reader sees the old text or the new one, never a part.
 * @returns the backup, or why nothing was written
 */
export async function writePolicyFile(
  file: string,
  text: string,
  folder: string,
): Promise<Result<string, string>> {
  const path = resolve(file);
  try {
    const [inside, home] = await Promise.all([realpath(path), realpath(folder)]);
    if (!inside.startsWith(home + sep)) return err(`${file} is outside of the policies folder.`);
    const backup = join(dirname(inside), `.${basename(inside)}.bak`);
    await copyFile(inside, backup);
    const temporary = join(dirname(inside), `.${basename(inside)}.new`);
    await writeFile(temporary, text);
    await rename(temporary, inside);
    return ok(displayPath(backup));
  } catch (cause) {
    return err(`${file} cannot be written: ${errorCode(cause) ?? String(cause)}.`);
  }
}
