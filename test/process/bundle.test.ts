/** @module-tag clients */
import { execFile, execFileSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../e2e/command-line.ts';
import { TemporaryFolder } from '../e2e/temporary-folder.ts';

const environment = { PATH: process.env.PATH, HOME: process.env.HOME };

/** Runs a file of a folder with Node. */
const node = (folder: TemporaryFolder, ...args: readonly string[]) =>
  promisify(execFile)(process.execPath, args, { cwd: folder.path, env: environment });

const LAUNCHER = 'bin/personalize-authz-proxy.js';

function copied(...names: readonly string[]): TemporaryFolder {
  const folder = new TemporaryFolder({});
  for (const name of names)
    cpSync(`${ROOT}${name}`, `${folder.path}/${name}`, {
      recursive: true,
      filter: (path) => !path.includes('.authz'),
    });
  symlinkSync(`${ROOT}node_modules`, `${folder.path}/node_modules`);
  return folder;
}

describe('in a checkout the launcher', () => {
  it('runs the sources as they are now: an edit counts at once, and the same sources are bundled once', async () => {
    using checkout = copied('bin', 'src', 'scripts', 'package.json', 'package-lock.json');
    const file = 'src/cli/program.ts';
    const text = readFileSync(`${checkout.path}/${file}`, 'utf8');

    const before = await node(checkout, LAUNCHER, '--help');
    await node(checkout, LAUNCHER, '--help');
    const bundles = readdirSync(`${checkout.path}/dist`);
    checkout.write(file, text.replace('Test offline what', 'After an edit, what'));
    const after = await node(checkout, LAUNCHER, '--help');

    expect(before.stdout).toContain('Test offline what');
    expect(bundles).toHaveLength(1);
    expect(after.stdout).toContain('After an edit, what');
  });

  it('reports what is wrong with a source that cannot be bundled', async () => {
    using checkout = copied('bin', 'src', 'scripts', 'package.json', 'package-lock.json');
    checkout.write('src/cli/main.ts', 'export const main = (;\n');

    await expect(node(checkout, LAUNCHER, '--help')).rejects.toMatchObject({
      stderr: expect.stringContaining('src/cli/main.ts'),
    });
  });
});

describe('the bundle of the package', () => {
  let installed: TemporaryFolder;

  beforeAll(() => {
    installed = copied('bin', 'config', 'policies', 'package.json');
    execFileSync(process.execPath, [`${ROOT}scripts/bundle.ts`, `${installed.path}/dist/bundle`]);
    return () => installed[Symbol.dispose]();
  });

  it('has what package.json exports', () => {
    const { exports } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')) as {
      readonly exports: Readonly<Record<string, { readonly types: string; readonly default: string }>>;
    };
    const source = (types: string): string =>
      types.replace('./dist/types/', `${ROOT}src/`).replace(/\.d\.ts$/, '.ts');

    for (const { types, default: path } of Object.values(exports)) {
      expect(existsSync(`${installed.path}/${path}`), path).toBe(true);
      expect(existsSync(source(types)), types).toBe(true);
    }
  });

  it.each(['index', 'vitest', 'jest'])(
    'has an entry %s that an older Node parses, for the sentence that says which Node it needs',
    (entry) => {
      const text = readFileSync(`${installed.path}/dist/bundle/${entry}.cjs`, 'utf8');

      expect(text.split('\n')[1] ?? text).toContain('require("./node-version');
      expect(text).not.toMatch(/\busing \w+ =/);
    },
  );

  it('is started by a launcher that says to an older Node only what concerns the package', async () => {
    const older = `Object.defineProperty(process,'versions',{value:{...process.versions,node:'20.20.2'}})`;

    await expect(
      node(installed, '--import', `data:text/javascript,${encodeURIComponent(older)}`, LAUNCHER, 'serve'),
    ).rejects.toMatchObject({
      code: 2,
      stderr: 'personalize-authz-proxy needs Node 24 or newer; this is Node 20.20.2.\n',
    });
  });

  it('runs commands without the sources, with the shipped data beside it', async () => {
    const { stdout } = await node(
      installed,
      ...[LAUNCHER, 'simulate', '--as', 'user/alice', '--action', 'personalize:ListSchemas', '--json'],
    );

    expect(JSON.parse(stdout)).toMatchObject({ decision: 'allowed' });
  });

  it('is the library, for what imports the package by its name', async () => {
    installed.write(
      'calls.mjs',
      `import { startProxy } from 'personalize-authz-proxy';
      import { matchers } from 'personalize-authz-proxy/jest';
      await using proxy = await startProxy({ config: 'config/proxy.yaml', port: 0 });
      const { decision } = await proxy.authorize('user/alice', { operation: 'ListSchemas' });
      console.log(decision, Object.keys(matchers).length > 0, (await fetch(proxy.url + '/_authz/health')).status);`,
    );

    expect((await node(installed, 'calls.mjs')).stdout).toBe('allowed true 200\n');
  });
});
