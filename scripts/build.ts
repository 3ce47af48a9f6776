/** Builds `dist/`: the bundle, and declarations by tsc; and `dist-console/`: the console by Vite. */
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bundle } from './bundle.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const run = (...args: readonly string[]): void =>
  void execFileSync(process.execPath, args, { stdio: 'inherit' });

rmSync(`${root}dist`, { recursive: true, force: true });
await bundle(`${root}dist/bundle`);
run(`${root}node_modules/typescript/bin/tsc`, '-p', `${root}tsconfig.build.json`);
run(`${root}node_modules/vite/bin/vite.js`, 'build', `${root}console`);
