/** @module-tag clients */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import * as library from '../../src/index.ts';
import { ROOT } from '../e2e/command-line.ts';
import { projectFolder } from './project-folder.ts';

const page = readFileSync(`${ROOT}docs/api.md`, 'utf8');

const sections = new Map(
  page
    .split(/^## /m)
    .slice(1)
    .map((section) => [section.slice(0, section.indexOf('\n')), /^```js\n(.*?)^```$/ms.exec(section)?.[1]]),
);

it('docs/api.md has a section with an example for every value of the library, and for no other', () => {
  expect([...sections.keys()].toSorted()).toEqual(Object.keys(library).toSorted());
  for (const [name, example = ''] of sections)
    expect(example).toMatch(new RegExp(`import \\{[^}]*\\b${name}\\b`));
});

it('the examples of docs/api.md run, and each prints something', async () => {
  using folder = await projectFolder();
  for (const [name, example = ''] of sections)
    folder.write(`${name}.mjs`, example.replaceAll("'personalize-authz-proxy'", `'${ROOT}src/index.ts'`));
  const names = JSON.stringify([...sections.keys()]);
  folder.write(
    'all.mjs',
    `for (const name of ${names}) { console.log('=', name); await import(\`./\${name}.mjs\`); }\n`,
  );
  const { stdout } = await promisify(execFile)(process.execPath, ['all.mjs'], { cwd: folder.path });
  const printed = new Map(
    stdout
      .split(/^= /m)
      .slice(1)
      .map((part) => [part.slice(0, part.indexOf('\n')), part.slice(part.indexOf('\n') + 1).trim()]),
  );
  expect([...sections.keys()].filter((name) => (printed.get(name) ?? '') === '')).toEqual([]);
  expect(printed.get('StartError')).toContain('mode');
  expect(printed.get('simulateAs')).toContain('implicitDeny');
  expect(printed.get('testPolicies')).toBe('0 failed');
}, 60_000);
