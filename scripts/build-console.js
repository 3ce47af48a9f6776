// Builds the console into `dist-console/`. JavaScript, to run on any Node that runs npm, after `npm ci`. Where its build
// tool is not installed (`--omit=dev`) there is nothing to do; where it fails, the proxy runs without its console.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const vite = `${root}node_modules/vite/bin/vite.js`;
const brought = `${root}node_modules/node/bin/node`;
const node = existsSync(brought) ? brought : process.execPath;
if (existsSync(vite)) {
  const { status } = spawnSync(node, [vite, 'build', `${root}console`, '--logLevel', 'warn'], {
    stdio: 'inherit',
  });
  if (status !== 0)
    process.stderr.write('The console was not built; /_authz/ says so. Try: npm run build:console\n');
}
