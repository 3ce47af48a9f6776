/** @module-tag clients */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, readFileSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ROOT } from '../e2e/command-line.ts';

/* The README's story of the product, run as it is printed there, on a copy of the example inside the checkout. */

const COPY = `${ROOT}examples/.story`;

/** The commands that stand behind `<!-- story -->`, in the copy instead of in the example. */
const script = [...readFileSync(`${ROOT}README.md`, 'utf8').matchAll(/<!-- story -->\n```sh\n(.*?)```/gs)]
  .map(([, commands = '']) => commands.replace('cd examples/shop\n', ''))
  .join('');

const remove = () => rmSync(COPY, { recursive: true, force: true });
beforeAll(() => {
  remove();
  cpSync(`${ROOT}examples/shop`, COPY, { recursive: true });
});
afterAll(remove);

it('takes the example from AmazonPersonalizeFullAccess to a proven least-privilege policy', async () => {
  const shell = spawn('bash', ['-euo', 'pipefail', '-c', script], { cwd: COPY });
  let printed = '';
  for (const stream of [shell.stdout, shell.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
  const [code] = await once(shell, 'close');

  expect({ code, printed }).toEqual({ code: 0, printed: expect.stringContaining('Every grant was used.') });
  expect(printed).toContain('Proven: all ');
  const { Statement } = JSON.parse(readFileSync(`${COPY}/policies/shop.json`, 'utf8'));
  expect(Statement.map(({ Resource }: { Resource: unknown }) => Resource)).toContain(
    'arn:aws:personalize:us-east-1:123456789012:campaign/shop',
  );
  expect(readFileSync(`${COPY}/config/principals.yaml`, 'utf8')).toContain('managedPolicies: [shop]');
}, 120_000);
