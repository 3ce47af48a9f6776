// Runs once after `npm ci`, so that the first start is as fast and as small as every later one: Node strips the types of
// the sources and compiles them, and the launcher keeps what it made. JavaScript, to run on any Node that runs npm; and
// where it cannot, the first start makes it.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const launcher = fileURLToPath(new URL('../bin/personalize-authz-proxy.js', import.meta.url));
// A port that is none: all that serves is read, and nothing is served.
spawnSync(process.execPath, ['--max-semi-space-size=4', launcher, 'serve', '--port', 'none'], {
  stdio: 'ignore',
});
