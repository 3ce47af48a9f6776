#!/usr/bin/env -S node --max-semi-space-size=4
// The small young generation keeps an idle proxy small: what a start leaves behind is collected, not kept.
// In a checkout the TypeScript sources run as they are; the published package holds the built JavaScript only.
import { existsSync } from 'node:fs';
import module from 'node:module';
import { fileURLToPath } from 'node:url';

// As in package.json. An import that an older Node lacks would fail before this check.
if (Number.parseInt(process.versions.node, 10) < 24) {
  process.stderr.write(
    `personalize-authz-proxy needs Node 24 or newer; this is Node ${process.versions.node}. In a checkout, npm start and npm exec bring it.\n`,
  );
  process.exit(2);
}

const source = new URL('../src/cli/process.ts', import.meta.url);
const isCheckout = existsSync(source);

// Keeps what Node makes of the sources (types stripped, code compiled) for the next start. `npm ci` makes it for the
// first one (scripts/prepare.js).
module.enableCompileCache(
  isCheckout ? fileURLToPath(new URL('../node_modules/.cache/compiled', import.meta.url)) : undefined,
);

await import(isCheckout ? source.href : new URL('../dist/cli/process.js', import.meta.url).href);
