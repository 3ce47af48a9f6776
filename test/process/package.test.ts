import { execFile } from 'node:child_process';
import { copyFileSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { ROOT } from '../e2e/command-line.ts';
import { TemporaryFolder } from '../e2e/temporary-folder.ts';

/* What a checkout has made for itself, session key and private key, goes into no package and no image. */

it('packs the shipped configuration and the built console without what was made beside them', async () => {
  using folder = new TemporaryFolder({
    'config/proxy.yaml': '',
    'config/.authz/session.key': 'secret',
    'config/.authz/tls/key.pem': 'secret',
    'policies/p.json': '{}',
    'dist-console/index.html': '',
    'docs/images/console.png': '',
  });
  copyFileSync(`${ROOT}package.json`, `${folder.path}/package.json`);
  const pack = ['pack', '--dry-run', '--json', '--ignore-scripts'];
  const { stdout } = await promisify(execFile)('npm', pack, { cwd: folder.path });
  const [{ files }] = JSON.parse(stdout) as [{ files: readonly { path: string }[] }];
  expect(files.map(({ path }) => path).sort()).toEqual([
    'config/proxy.yaml',
    'dist-console/index.html',
    'package.json',
    'policies/p.json',
  ]);
});

it('copies none of it into the image', () => {
  expect(readFileSync(`${ROOT}.dockerignore`, 'utf8').split('\n')).toContain('**/.authz');
});
