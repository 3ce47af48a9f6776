import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from '../scripts/bundle.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Of the package, as far as it runs. */
const FILES = ['bin', 'config', 'policies', 'dist-console', 'package.json'];

/** How the program is started, and what its environment has besides. */
export interface Launcher {
  /** Arguments of Node, as `npm start` and the package's `bin` give them. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

let launcher: Promise<Launcher> | undefined;

/** The package as it is installed, in a temporary folder until this process ends: what is measured is what is published. */
export async function installedPackage(): Promise<Launcher> {
  launcher ??= install();
  return launcher;
}

async function install(): Promise<Launcher> {
  const folder = mkdtempSync(join(tmpdir(), 'authz-bench-package-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  for (const name of FILES) cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  await bundle(join(folder, 'dist/bundle'));
  return {
    args: ['--max-semi-space-size=4', join(folder, 'bin/personalize-authz-proxy.js')],
    env: { NODE_COMPILE_CACHE: join(folder, 'compiled') },
  };
}
