/** @module-tag clients */
import { execFile, execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../e2e/command-line.ts';
import { TemporaryFolder } from '../e2e/temporary-folder.ts';

/*
 * The tarball of `npm pack`, installed in an empty project as npm would install it: its files, and of node_modules what
 * package.json names as dependencies. Nothing is downloaded.
 */

const run = promisify(execFile);
const NAME = 'personalize-authz-proxy';

/** What a clone has: generated and ignored files are left out. */
const SOURCES = /^(?!node_modules|dist|\.git$|\.authz)/;

/** @returns the tarball */
async function packed(folder: TemporaryFolder): Promise<string> {
  for (const name of readdirSync(ROOT).filter((each) => SOURCES.test(each)))
    cpSync(`${ROOT}${name}`, `${folder.path}/${name}`, {
      recursive: true,
      filter: (path) => !path.includes('.authz'),
    });
  symlinkSync(`${ROOT}node_modules`, `${folder.path}/node_modules`);
  const path = `${dirname(process.execPath)}:${process.env.PATH}`;
  await run('npm', ['pack', '--loglevel=error'], { cwd: folder.path, env: { ...process.env, PATH: path } });
  const [tarball = ''] = readdirSync(folder.path).filter((name) => name.endsWith('.tgz'));
  return `${folder.path}/${tarball}`;
}

function install(tarball: string, project: TemporaryFolder): void {
  const modules = `${project.path}/node_modules`;
  mkdirSync(`${modules}/${NAME}`, { recursive: true });
  execFileSync('tar', ['-xzf', tarball, '--strip-components=1', '-C', `${modules}/${NAME}`]);
  const { dependencies } = JSON.parse(readFileSync(`${modules}/${NAME}/package.json`, 'utf8'));
  for (const name of Object.keys(dependencies)) {
    mkdirSync(dirname(`${modules}/${name}`), { recursive: true });
    symlinkSync(`${ROOT}node_modules/${name}`, `${modules}/${name}`);
  }
}

describe('the packed tarball in an empty project', () => {
  let project: TemporaryFolder;

  beforeAll(async () => {
    using checkout = new TemporaryFolder({});
    project = new TemporaryFolder({ 'package.json': '{ "private": true, "type": "module" }\n' });
    install(await packed(checkout), project);
    return () => project[Symbol.dispose]();
  }, 120_000);

  /** A command of the installed package, as `npx` runs it. */
  const command = (...args: readonly string[]) =>
    run(process.execPath, [`node_modules/${NAME}/bin/${NAME}.js`, ...args], {
      cwd: project.path,
      env: { PATH: process.env.PATH, HOME: project.path },
    });

  it("goes from init to a green policy test and an explained denial with the README's commands", async () => {
    await command('init');
    expect((await command('test')).stdout).toMatch(/passed/);
    const { stdout } = await command(
      ...['simulate', '--as', 'role/shop', '--call', 'DeleteCampaign', '--input'],
      '{"campaignArn":"arn:aws:personalize:us-east-1:123456789012:campaign/shop"}',
    );
    expect(stdout).toContain('DENIED');
    expect(stdout).toContain('To allow it:');
    const ran = await command('run', '--as', 'role/shop', '--', process.execPath, '--eval', '0');
    expect(ran.stderr).toContain('no call reached the proxy');
    expect((await command('lint')).stderr).toMatch(/0 errors/);
  });

  it('serves the console and the library without the development dependencies', async () => {
    project.write(
      'serve.js',
      `import { startProxy } from '${NAME}';
      await using proxy = await startProxy({ port: 0 });
      const page = await fetch(proxy.url + '/_authz/', { headers: { accept: 'text/html' } });
      console.log(page.status, (await page.text()).includes('<script'));`,
    );
    const { stdout } = await run(process.execPath, ['serve.js'], { cwd: project.path });
    expect(stdout).toBe('200 true\n');
  });

  it('has declarations that a TypeScript project with strict settings accepts', async () => {
    // The peer that the jest entry is for brings it.
    symlinkSync(`${ROOT}node_modules/expect`, `${project.path}/node_modules/expect`);
    project.write(
      'use.ts',
      `import { type RunningProxy, startProxy } from '${NAME}';
      import { matchers } from '${NAME}/jest';
      const proxy: RunningProxy = await startProxy({ port: 0 });
      console.log(proxy.url, matchers);
      await proxy.close();`,
    );
    const options = ['--noEmit', '--strict', '--target', 'es2024', '--lib', 'es2024,esnext.disposable'];
    for (const [module, resolution] of [
      ['nodenext', 'nodenext'],
      ['esnext', 'bundler'],
    ] as const) {
      const kinds = ['--module', module, '--moduleResolution', resolution, '--types', 'node'];
      const roots = ['--typeRoots', `${ROOT}node_modules/@types`];
      const tsc = [`${ROOT}node_modules/typescript/bin/tsc`, ...options, ...kinds, ...roots, 'use.ts'];
      await expect(run(process.execPath, tsc, { cwd: project.path })).resolves.toMatchObject({ stdout: '' });
    }
  });
});
