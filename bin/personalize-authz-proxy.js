#!/usr/bin/env -S node --max-semi-space-size=4
// The small young generation keeps an idle proxy small: what a start leaves behind is collected, not kept.
// In a checkout a bundle of the sources as they are now runs; the published package holds its bundle.
// A CommonJS module, as the bundle is (bin/package.json): Node starts it in less time.
const { existsSync } = require('node:fs');
const { enableCompileCache } = require('node:module');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');

const source = join(__dirname, '../src/cli/process.ts');
const isCheckout = existsSync(source);

// As in package.json.
if (Number.parseInt(process.versions.node, 10) < 24) {
  const hint = isCheckout ? ' npm start and npm exec use the one that npm ci installs.' : '';
  process.stderr.write(
    `personalize-authz-proxy needs Node 24 or newer; this is Node ${process.versions.node}.${hint}\n`,
  );
  process.exit(2);
}

const folder = isCheckout
  ? require('../scripts/fresh-bundle.cjs').freshBundle()
  : join(__dirname, '../dist/bundle');

// Keeps the compiled code for the next start. A checkout's is removed with its bundle; a package's folder may be
// read-only: it is in the system's folder for temporary files, or in NODE_COMPILE_CACHE.
enableCompileCache(isCheckout && folder !== undefined ? join(folder, 'compiled') : undefined);

if (folder === undefined) void import(pathToFileURL(source).href);
else require(join(folder, 'cli.cjs'));
