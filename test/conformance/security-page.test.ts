import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../architecture/source-graph.ts';

const PAGE = readFileSync(join(ROOT, 'docs/security.md'), 'utf8');
const SCRIPTS = (
  JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { readonly scripts: Record<string, string> }
).scripts;

/** The rows of the table below a heading, without its head. */
const rowsOf = (heading: string): readonly string[] =>
  (PAGE.split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? '')
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(1);

describe('the page on security', () => {
  it.each([...rowsOf('Promises'), ...rowsOf('One reading')])('names what holds: %.60s', (row) => {
    expect(row.split(' | ').at(-1)).toMatch(/`test\/[\w/-]+\.test\.ts`/);
  });

  it('names tests and scripts that exist', () => {
    const files = [...PAGE.matchAll(/`(test\/[\w/-]+\.test\.ts)`/g)].map(([, file = '']) => file);
    const scripts = [...PAGE.matchAll(/npm run ([\w:]+)/g)].map(([, script = '']) => script);
    expect(files.length).toBeGreaterThan(20);
    expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
    expect(scripts.filter((script) => SCRIPTS[script] === undefined)).toEqual([]);
  });
});
