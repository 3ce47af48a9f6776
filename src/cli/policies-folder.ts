import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readFolder } from '../app/proxy-options.ts';
import { CONFIG_FILE } from '../config/read-config.ts';
import type { Directory } from '../directory/directory.ts';
import type { Invocation } from './invocation.ts';
import { readSettings } from './settings.ts';

/** A folder with a configuration of its own, or a policies folder under the configured principals. */
export function directoryIn(
  path: string,
  flags: Readonly<Record<string, unknown>>,
  io: Invocation,
): Promise<Directory> {
  const config = join(path, CONFIG_FILE);
  if (existsSync(config)) return readFolder(readSettings({ ...flags, config }, io));
  return readFolder({ ...readSettings(flags, io), policies: resolve(path) });
}
