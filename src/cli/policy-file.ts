import { resolve } from 'node:path';
import { readText } from '../directory/source-file.ts';

/** The text of a policy file as people open it; `undefined` where it cannot be read. */
export async function textOfFile(file: string): Promise<string | undefined> {
  const text = await readText(resolve(file));
  return text.ok ? text.value : undefined;
}
