// Runs after `npm ci` in a checkout, and when npm prepares a git dependency. JavaScript, to run on any Node that runs npm.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

// npm packs a git dependency without `prepack`: the package is built here. pacote sets this variable for it.
const isGitDependency = process.env._PACOTE_NO_PREPARE_ !== undefined;

if (isGitDependency) {
  const build = fileURLToPath(new URL('build.ts', import.meta.url));
  // As an npm script, so that the Node of the devDependencies runs it.
  process.exitCode =
    spawnSync('npm', ['exec', '--', 'node', build], { stdio: 'inherit', shell: true }).status ?? 1;
  if (process.exitCode === 0) await import('./published-manifest.js');
} else {
  await import('./build-console.js');
  // The launcher bundles the sources and keeps what Node compiles: the first start is then as fast and as small as every
  // later one. Where that fails, the first start does it.
  const root = fileURLToPath(new URL('..', import.meta.url));
  // All that serves is loaded, on a free port, for a command that does nothing.
  const run = ['run', '--config', `${root}config/proxy.yaml`, '--as', 'user/alice', '--quiet'];
  const launcher = ['--max-semi-space-size=4', `${root}bin/personalize-authz-proxy.js`];
  spawnSync(process.execPath, [...launcher, ...run, '--', process.execPath, '--eval', '0'], {
    stdio: 'ignore',
  });
}
