#!/usr/bin/env -S node --max-semi-space-size=4
// The small young generation keeps an idle proxy small: what a start leaves behind is collected, not kept.
// In a checkout the TypeScript sources run as they are; the published package holds the built JavaScript only.
import { existsSync } from 'node:fs';
import { enableCompileCache } from 'node:module';

// Keeps what Node makes of the sources (types stripped, code compiled) for the next start.
enableCompileCache();

const source = new URL('../src/cli/main.ts', import.meta.url);
await import(existsSync(source) ? source.href : new URL('../dist/cli/main.js', import.meta.url).href);
