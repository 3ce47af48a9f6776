import { appendFileSync, renameSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { startProxy } from '../../src/index.ts';
import { cli, RunningCommand } from './command-line.ts';
import { jsonCall, send } from './exchange.ts';
import { configuration, TemporaryFolder } from './temporary-folder.ts';

const ALICE = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'AKIAEXAMPLEALICE0000', secretAccessKey: 'the-secret-of-alice' },
};

const record = (id: string, time: string, more: object = {}): string =>
  `${JSON.stringify({
    id,
    time,
    mode: 'enforce',
    outcome: 'forwarded',
    principal: {
      type: 'User',
      arn: 'arn:aws:iam::123456789012:user/alice',
      accountId: '123456789012',
      userName: 'alice',
    },
    request: { id: 'r', sourceIp: '127.0.0.1', service: 'personalize', operation: 'ListSchemas' },
    checks: [
      {
        action: 'personalize:ListSchemas',
        resource: '*',
        decision: 'allowed',
        layer: 'identity',
        determining: [],
      },
    ],
    undocumented: [],
    durationMicros: 1,
    ...more,
  })}\n`;

const FIRST = record('11111111-a', '2026-01-01T00:00:00.000Z');
const DENIED = record('22222222-b', '2026-01-01T00:00:00.000Z', {
  outcome: 'denied',
  principal: {
    type: 'AssumedRole',
    arn: 'arn:aws:sts::123456789012:assumed-role/web/s',
    accountId: '123456789012',
    roleArn: 'arn:aws:iam::123456789012:role/apps/web',
  },
  error: { code: 'AccessDeniedException', status: 400, message: 'not authorized' },
});

describe('logs', () => {
  it('prints a line for each decision of a log, and only those of a caller or an outcome where one is named', async () => {
    using folder = new TemporaryFolder({ 'd.jsonl': FIRST + DENIED });
    const logs = async (...args: string[]) =>
      (await cli(['logs', '--decisions', 'd.jsonl', ...args], { cwd: folder.path })).stdout
        .trimEnd()
        .split('\n');
    const all = await logs();
    expect(all).toEqual([
      '2026-01-01T00:00:00.000Z  forwarded   user/alice  personalize:ListSchemas  (11111111)',
      '2026-01-01T00:00:00.000Z  denied      role/web  personalize:ListSchemas  AccessDeniedException: not authorized  (22222222)',
    ]);
    for (const name of ['web', 'role/web', 'arn:aws:iam::123456789012:role/apps/web'])
      expect(await logs('--principal', name)).toEqual([all[1]]);
    expect(await logs('--outcome', 'forwarded')).toEqual([all[0]]);
    const [json = ''] = await logs('--json', '--outcome', 'denied');
    expect(JSON.parse(json)).toEqual(JSON.parse(DENIED));
  });

  it('follows a log, across its rotation, and prints each decision once', async () => {
    using folder = new TemporaryFolder({ 'd.jsonl': FIRST });
    const file = `${folder.path}/d.jsonl`;
    await using command = new RunningCommand(['logs', '--follow', '--decisions', file]);
    await command.prints(/11111111/);
    appendFileSync(file, DENIED);
    await command.prints(/22222222/);
    renameSync(file, `${file}.1`);
    writeFileSync(file, record('33333333-c', '2026-01-01T00:00:01.000Z'));
    await command.prints(/33333333/);
    command.signal('SIGINT');
    expect(await command.ended).toMatchObject({ code: 0, stderr: '' });
    expect(command.stdout.match(/\(\w{8}\)/g)).toEqual(['(11111111)', '(22222222)', '(33333333)']);
  });

  it('follows a running proxy', async () => {
    using folder = new TemporaryFolder(configuration());
    await using proxy = await startProxy({ config: `${folder.path}/config/proxy.yaml` });
    const call = () => send({ endpoint: proxy.url, ...ALICE }, jsonCall('ListSchemas'));
    await call();
    await using command = new RunningCommand(['logs', '--follow', '--url', proxy.url]);
    await command.prints(/forwarded +user\/alice +personalize:ListSchemas/);
    await call();
    await command.prints(/ListSchemas.*\n.*ListSchemas/);
  });

  it('reports that no decision is recorded, or that none matches', async () => {
    using folder = new TemporaryFolder({ 'd.jsonl': FIRST + DENIED, 'empty.jsonl': '' });
    const logs = (...args: string[]) => cli(['logs', '--decisions', ...args], { cwd: folder.path });
    expect(await logs('empty.jsonl')).toEqual({
      code: 0,
      stdout: '',
      stderr: 'No decisions are recorded yet.\n',
    });
    expect(await logs('d.jsonl', '--principal', 'role/wbe')).toEqual({
      code: 0,
      stdout: '',
      stderr: 'None of 2 decisions matches.\n',
    });
  });

  it('exits with 2 where the log is not there', async () => {
    const { code, stderr } = await cli(['logs', '--decisions', 'missing.jsonl']);
    expect(code).toBe(2);
    expect(stderr).toContain('missing.jsonl: error: there is no such file');
  });
});

describe('simulate --call', () => {
  const ask = (cwd: string, ...args: string[]) =>
    cli(['simulate', '--as', 'alice', '--call', 'CreateSchema', ...args], { cwd });

  it('decides all checks of a call, its input given as JSON or as a file', async () => {
    using folder = new TemporaryFolder({ ...configuration(), 'input.json': '{"name":"s","schema":"{}"}' });
    const inline = await ask(folder.path, '--input', '{"name":"s","schema":"{}"}', '--json');
    expect(JSON.parse(inline.stdout)).toMatchObject({
      operation: 'CreateSchema',
      action: 'personalize:CreateSchema',
      resource: 'arn:aws:personalize:us-east-1:123456789012:schema/s',
    });
    expect((await ask(folder.path, '--input', 'input.json', '--json')).stdout).toBe(inline.stdout);
  });

  it('exits with 2 for an input that is no object, a file that is missing and a member that does not exist', async () => {
    using folder = new TemporaryFolder({ ...configuration(), 'list.json': '[]' });
    for (const [input, reason] of [
      ['list.json', 'a JSON object'],
      ['missing.json', 'there is no file missing.json'],
      ['{"nam":"s"}', 'did you mean "name"'],
    ] as const)
      expect(await ask(folder.path, '--input', input)).toMatchObject({
        code: 2,
        stderr: expect.stringContaining(reason),
      });
  });
});

describe('serve --exit-with-parent', () => {
  it('ends when its standard input closes', async () => {
    using folder = new TemporaryFolder(configuration());
    await using command = new RunningCommand(['serve', '--port', '0', '--exit-with-parent'], {
      cwd: folder.path,
    });
    await command.ready();
    command.stdin.end();
    expect(await command.ended).toMatchObject({
      code: 0,
      stderr: 'Standard input is closed: stopping (--exit-with-parent).\n',
    });
  });
});

describe('test --quiet', () => {
  it('prints nothing if all tests pass, and failed tests only otherwise', async () => {
    using folder = new TemporaryFolder({
      ...configuration(),
      'policy-tests/a.yaml': `tests:
  - { name: may delete, principal: alice, action: 'personalize:DeleteSchema', expect: allowed }
`,
      'wrong.yaml': `tests:
  - { name: may not delete, principal: alice, action: 'personalize:DeleteSchema', expect: denied }
  - { name: may delete, principal: alice, action: 'personalize:DeleteSchema', expect: allowed }
`,
    });
    expect(await cli(['test', '--quiet'], { cwd: folder.path })).toEqual({ code: 0, stdout: '', stderr: '' });
    const { code, stdout } = await cli(['test', '--quiet', 'wrong.yaml'], { cwd: folder.path });
    expect(code).toBe(4);
    expect(stdout).toContain('✗ may not delete');
    expect(stdout).not.toContain('may delete —');
    expect(stdout).toContain('1 failed, 1 passed (2 tests)');
  });
});
