/** @module-tag clients */
import { execFile } from 'node:child_process';
import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { hasPytest } from '../e2e/clients.ts';
import { ROOT } from '../e2e/command-line.ts';
import { TemporaryFolder } from '../e2e/temporary-folder.ts';
import { cliProcess } from './command-process.ts';

const page = readFileSync(join(ROOT, 'docs/testing.md'), 'utf8');

/** The code of a section of docs/testing.md. */
function exampleOf(section: string, language: string): string {
  const text = page.slice(page.indexOf(`## ${section}`));
  const [, code] = new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, 'ms').exec(text) ?? [];
  if (code === undefined) throw new Error(`docs/testing.md has no ${language} example of ${section}`);
  return code;
}

/** The package's own sources for its name, and jest's expect under vitest's runner: jest itself has 300 packages. */
const CONFIG = `export default {
  resolve: { alias: [
    { find: /^personalize-authz-proxy\\/(\\w+)$/, replacement: '${ROOT}src/testing/$1.ts' },
    { find: /^personalize-authz-proxy$/, replacement: '${ROOT}src/index.ts' },
    { find: '@jest/globals', replacement: import.meta.dirname + '/jest-globals.ts' },
  ] },
};
`;

describe.concurrent('the examples of docs/testing.md', { timeout: 60_000 }, () => {
  it('for vitest and jest pass as they are printed', async () => {
    using folder = new TemporaryFolder({
      'vitest.config.mjs': CONFIG,
      'jest-globals.ts':
        "export { expect } from 'expect';\nexport { afterAll, beforeAll, test } from 'vitest';\n",
      'vitest.test.ts': exampleOf('vitest', 'ts'),
      'jest.test.js': exampleOf('jest', 'js'),
    });
    symlinkSync(`${ROOT}node_modules`, `${folder.path}/node_modules`);
    const report = `${folder.path}/report.json`;
    const args = [
      `${ROOT}node_modules/vitest/vitest.mjs`,
      'run',
      '--root',
      folder.path,
      '--reporter',
      'json',
      '--outputFile',
      report,
    ];
    await promisify(execFile)(process.execPath, args, { cwd: folder.path });
    expect(JSON.parse(readFileSync(report, 'utf8'))).toMatchObject({
      numPassedTests: 2,
      numTotalTests: 2,
      numFailedTestSuites: 0,
    });
  });

  it.skipIf(!hasPytest)('for pytest passes through run', { tags: 'clients' }, async () => {
    using folder = new TemporaryFolder({ 'test_shop.py': exampleOf('pytest', 'python') });
    const args = ['run', '--as', 'role/recommender', '--', 'python3', '-m', 'pytest', '-q', folder.path];
    const { code, stdout, stderr } = await cliProcess(args);
    expect(stdout + stderr).toContain('1 passed');
    expect(code).toBe(0);
  });
});
