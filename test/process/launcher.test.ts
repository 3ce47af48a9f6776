import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../e2e/command-line.ts';
import { configuration, TemporaryFolder } from '../e2e/temporary-folder.ts';

const LAUNCHER = `${ROOT}bin/personalize-authz-proxy.js`;

describe('the launcher', () => {
  it('says which Node it needs, and ends with 2, where it is started with an older one', async () => {
    const older = `Object.defineProperty(process,'versions',{value:{...process.versions,node:'20.20.2'}})`;
    const started = promisify(execFile)(process.execPath, [
      '--import',
      `data:text/javascript,${encodeURIComponent(older)}`,
      LAUNCHER,
      '--version',
    ]);

    await expect(started).rejects.toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(
        /^personalize-authz-proxy needs Node 24 or newer; this is Node 20\.20\.2\./,
      ),
    });
  });

  it('says the same as the library, and as package.json', async () => {
    const { engines } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8'));
    const older = `Object.defineProperty(process,'versions',{value:{...process.versions,node:'22.18.0'}})`;
    const source = `${older}; await import(${JSON.stringify(`${ROOT}src/index.ts`)})`;
    const imported = promisify(execFile)(process.execPath, ['--input-type=module', '-e', source]);

    await expect(imported).rejects.toMatchObject({
      stderr: expect.stringContaining(
        'personalize-authz-proxy needs Node 24 or newer; this is Node 22.18.0.',
      ),
    });
    expect(engines.node).toBe('>=24');
  });

  it('ends when the shell that npm started it in is gone: npm hands a SIGTERM to that shell only', async () => {
    using folder = new TemporaryFolder(configuration());
    const shell = spawn('sh', ['-c', '"$0" "$@"; exit', process.execPath, LAUNCHER, 'serve', '--port', '0'], {
      cwd: folder.path,
      env: { PATH: process.env.PATH, npm_lifecycle_event: 'start' },
    });
    let printed = '';
    for await (const text of shell.stdout.setEncoding('utf8')) {
      printed += text;
      if (/^Ready\./m.test(printed)) break;
    }
    const closed = once(shell, 'close');

    shell.kill('SIGTERM');

    // Only once the proxy itself is gone are its streams closed.
    await closed;
    expect(shell.signalCode).toBe('SIGTERM');
  });

  it('serves on and ends at SIGTERM, though the pipe of standard error is not read', async () => {
    using folder = new TemporaryFolder(configuration());
    const child = spawn(process.execPath, [LAUNCHER, 'serve', '--port', '0'], { cwd: folder.path });
    let printed = '';
    for await (const text of child.stdout.setEncoding('utf8')) {
      printed += text;
      if (/^Ready\./m.test(printed)) break;
    }
    const endpoint = /^Ready\. (\S+)$/m.exec(printed)?.[1];
    // More than the pipe holds.
    const paths = Array.from({ length: 50 }, (_, index) => `/${index}${'x'.repeat(5_000)}`);
    for (const path of paths) expect((await fetch(`${endpoint}${path}`)).status).toBe(400);

    child.kill('SIGTERM');

    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});
