#!/usr/bin/env -S node --max-semi-space-size=4
// The small young generation keeps an idle proxy small: what a start leaves behind is collected, not kept.
// In a checkout a bundle of the sources as they are now runs; the published package holds its bundle.
import { existsSync } from 'node:fs';
import module from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

// As in package.json. An import that an older Node lacks would fail before this check.
if (Number.parseInt(process.versions.node, 10) < 24) {
  process.stderr.write(
    `personalize-authz-proxy needs Node 24 or newer; this is Node ${process.versions.node}. In a checkout, npm start and npm exec bring it.\n`,
  );
  process.exit(2);
}

const source = new URL('../src/cli/process.ts', import.meta.url);
const folder = existsSync(source)
  ? (await import('../scripts/fresh-bundle.js')).freshBundle()
  : fileURLToPath(new URL('../dist/bundle', import.meta.url));

// Keeps the compiled code for the next start. A checkout's is removed with its bundle; a package's folder may be
// read-only: it is in the system's folder for temporary files, or in NODE_COMPILE_CACHE.
module.enableCompileCache(existsSync(source) && folder !== undefined ? `${folder}/compiled` : undefined);

await import(folder === undefined ? source.href : pathToFileURL(`${folder}/cli.js`).href);
