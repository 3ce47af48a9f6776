/**
 * Builds `dist/`: JavaScript and declarations by tsc, and the generated data that is read from a file beside them; and
 * `dist-console/`: the console by Vite.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

rmSync(`${root}dist`, { recursive: true, force: true });
execFileSync(
  process.execPath,
  [`${root}node_modules/typescript/bin/tsc`, '-p', `${root}tsconfig.build.json`],
  {
    stdio: 'inherit',
  },
);
cpSync(`${root}src`, `${root}dist`, { recursive: true, filter: (path) => !path.endsWith('.ts') });
execFileSync(process.execPath, [`${root}node_modules/vite/bin/vite.js`, 'build', `${root}console`], {
  stdio: 'inherit',
});
