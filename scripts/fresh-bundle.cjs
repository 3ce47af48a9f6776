// The bundle that a checkout runs. A CommonJS module, like the launcher: every start in a checkout passes through here.
const { spawnSync } = require('node:child_process');
const { existsSync, readdirSync, renameSync, rmSync, statSync } = require('node:fs');
const { join } = require('node:path');

const ROOT = join(__dirname, '..');
const DIST = join(ROOT, 'dist');
const PREFIX = 'checkout-';

/** A proxy that still runs loads from the bundle that it started with: a few are kept. */
const KEPT = 5;

/** What a bundle is made from. */
const INPUTS = ['src', 'scripts/bundle.ts', 'package-lock.json'];

/**
 * The folder of a bundle of the sources as they are now, made if there is none; `undefined` where it cannot be made: the
 * sources then run as they are, and Node reports what is wrong with them.
 * @returns {string | undefined}
 */
exports.freshBundle = function freshBundle() {
  const folder = join(DIST, `${PREFIX}${fingerprint()}`);
  return existsSync(folder) || make(folder) ? folder : undefined;
};

/** Changes with every edit, move and removal: the system sets these times itself, and no tool can set them back. */
function fingerprint() {
  let [count, sum] = [0, 0];
  const visit = (path) => {
    const stats = statSync(path);
    count += 1;
    sum += stats.ctimeMs;
    if (!stats.isDirectory()) return;
    for (const name of readdirSync(path)) visit(`${path}/${name}`);
  };
  for (const path of INPUTS) visit(join(ROOT, path));
  return `${count}-${Math.round(sum * 1000).toString(36)}`;
}

/** Processes that start at the same time each make one, and the first one counts. */
function make(folder) {
  // As deep as the bundle itself, which finds the package's files from where it is.
  const temporary = join(DIST, `making-${process.pid}`);
  const { status } = spawnSync(process.execPath, [join(ROOT, 'scripts/bundle.ts'), temporary], {
    stdio: 'ignore',
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  try {
    if (status !== 0) return false;
    renameSync(temporary, folder);
    removeOld();
  } catch {
    // Another process was first, or the checkout is read-only.
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  return existsSync(folder);
}

function removeOld() {
  const made = readdirSync(DIST)
    .filter((name) => name.startsWith(PREFIX))
    .map((name) => ({ path: join(DIST, name), time: statSync(join(DIST, name)).mtimeMs }))
    .sort((one, other) => other.time - one.time);
  for (const { path } of made.slice(KEPT)) rmSync(path, { recursive: true, force: true });
}
