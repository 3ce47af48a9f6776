import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cli, RunningCommand } from './command-line.ts';
import { jsonCall, send } from './exchange.ts';
import { allow, configuration, TemporaryFolder } from './temporary-folder.ts';

const ALICE = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'AKIAEXAMPLEALICE0000', secretAccessKey: 'the-secret-of-alice' },
};

describe('replay', () => {
  let folder: TemporaryFolder;

  beforeAll(async () => {
    folder = new TemporaryFolder(configuration(allow('personalize:ListSchemas', 'personalize:ListFilters')));
    folder.write('config/proxy.yaml', 'listen: { port: 0 }\ndecisions: { file: ../decisions.jsonl }\n');
    folder.write('edited/p.json', allow('personalize:ListSchemas'));
    folder.write('broken/p.json', '{');
    await using serve = new RunningCommand(['serve'], { cwd: folder.path });
    const endpoint = await serve.ready();
    for (const operation of ['ListSchemas', 'ListFilters'])
      await send({ endpoint, ...ALICE }, jsonCall(operation));
  });
  afterAll(() => folder[Symbol.dispose]());

  const replay = (...args: readonly string[]) => cli(['replay', ...args], { cwd: folder.path });

  it('prints nothing and ends with 0 where nothing changes', async () => {
    expect(await replay()).toEqual({
      code: 0,
      stdout: '',
      stderr: 'Configuration: config/proxy.yaml\nNone of 2 checks in 2 recorded decisions changes.\n',
    });
  });

  it('prints what changes under the edited policies, and ends with 4', async () => {
    const { code, stdout, stderr } = await replay('--log', 'decisions.jsonl', '--policies', 'edited');

    expect(stdout).toMatch(/^allowed -> implicitDeny {2}personalize:ListFilters on \*\n/);
    expect(stdout).toContain('then: policies/p.json:1, statement 0');
    expect([code, stderr]).toEqual([
      4,
      'Configuration: config/proxy.yaml\n1 of 2 checks in 2 recorded decisions changes.\n',
    ]);
  });

  it('gives tools the same as JSON', async () => {
    const { code, stdout } = await replay('--decisions', 'decisions.jsonl', '--policies', 'edited', '--json');

    expect(code).toBe(4);
    expect(JSON.parse(stdout)).toMatchObject({ checks: 2, changes: [{ action: 'personalize:ListFilters' }] });
  });

  it('ends with 3 where the edited policies are not valid', async () => {
    const { code, stdout, stderr } = await replay('--policies', 'broken');

    expect(stderr).toContain('broken/p.json:1');
    expect([code, stdout]).toEqual([3, '']);
  });
});
