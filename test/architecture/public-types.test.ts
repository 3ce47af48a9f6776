import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'public-types-'));

/** What brings its types along, and what every TypeScript project for Node has. */
const TYPED = /^(?:node:|zod$|jose$)/;

beforeAll(() => {
  const tsc = `${ROOT}node_modules/typescript/bin/tsc`;
  const args = ['-p', `${ROOT}tsconfig.build.json`, '--emitDeclarationOnly', '--outDir', folder];
  execFileSync(process.execPath, [tsc, ...args]);
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true }));

it('declares what the package exports without types that its dependents do not install', () => {
  const untyped: string[] = [];
  const seen = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const [, name = ''] of readFileSync(join(folder, file), 'utf8').matchAll(
      /(?:from |import\()['"]([^'"]+)['"]/g,
    )) {
      if (name.startsWith('.')) visit(normalize(join(dirname(file), name.replace(/\.[jt]s$/, '.d.ts'))));
      else if (!TYPED.test(name)) untyped.push(`${file}: ${name}`);
    }
  };

  visit('index.d.ts');

  expect(untyped).toEqual([]);
  expect(seen.size).toBeGreaterThan(20);
});
