import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cli, RunningCommand } from './command-line.ts';
import { allow, configuration, TemporaryFolder } from './temporary-folder.ts';

const READING_COMMANDS: readonly (readonly [string, ...string[]])[] = [
  ['lint'],
  ['test'],
  ['run', '--as', 'alice', '--', 'true'],
  ['coverage', '--decisions', 'decisions.jsonl'],
  ['replay', '--decisions', 'decisions.jsonl'],
  ['simulate', '--as', 'alice', '--action', 'personalize:ListSchemas'],
  ['generate', '--as', 'alice', '--decisions', 'decisions.jsonl'],
  ['tighten', 'p', '--decisions', 'decisions.jsonl'],
  ['explain', '--decisions', 'decisions.jsonl'],
  ['env', '--as', 'alice'],
  ['mfa-code', 'alice'],
];

describe('a folder without a configuration', () => {
  it.each(READING_COMMANDS)(
    'is refused by %s, which says where it looked and what to do',
    async (...args) => {
      using folder = new TemporaryFolder({ 'decisions.jsonl': '' });
      const { code, stdout, stderr } = await cli(args, { cwd: folder.path });
      expect(stderr).toContain(`there is no configuration at ${folder.path}/config/proxy.yaml`);
      expect(stderr).toContain('personalize-authz-proxy init');
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    },
  );

  it('is served with the shipped examples, and the banner says so', async () => {
    using folder = new TemporaryFolder();
    await using command = new RunningCommand(['serve', '--port', '0'], { cwd: folder.path });
    await command.ready();
    expect(command.stdout).toContain('the shipped examples: there is no config/proxy.yaml here');
  });

  it('takes the configuration that AUTHZ_CONFIG or --config names', async () => {
    using folder = new TemporaryFolder(configuration());
    using elsewhere = new TemporaryFolder();
    const file = `${folder.path}/config/proxy.yaml`;
    expect(await cli(['lint', '--config', file], { cwd: elsewhere.path })).toMatchObject({ code: 0 });
    expect(await cli(['lint'], { cwd: elsewhere.path, env: { AUTHZ_CONFIG: file } })).toMatchObject({
      code: 0,
    });
  });
});

describe('a report', () => {
  const QUESTION = ['--as', 'alice', '--action', 'personalize:ListSchemas'];
  const TEST = 'tests: [{ name: lists, principal: alice, action: personalize:ListSchemas, expect: allowed }]';

  it.each([
    ['lint', ['lint']],
    ['lint, as JSON', ['lint', '--format', 'json'], 'json'],
    ['lint, as SARIF', ['lint', '--format', 'sarif'], 'sarif'],
    ['test', ['test']],
    ['test, as JSON', ['test', '--format', 'json'], 'json'],
    ['test, as JUnit', ['test', '--format', 'junit'], 'junit'],
    ['simulate', ['simulate', ...QUESTION]],
    ['simulate, as JSON', ['simulate', ...QUESTION, '--json'], 'json'],
    ['simulate of a preset, as JSON', ['simulate', '--as', 'alice', '--preset', 'console', '--json'], 'json'],
    ['run', ['run', '--as', 'alice', '--', 'true']],
  ])('of %s names the configuration that it is about', async (_, args, format = 'text') => {
    using folder = new TemporaryFolder({ ...configuration(), 'policy-tests/a.yaml': TEST });
    const { stdout, stderr } = await cli(args, { cwd: folder.path });
    expect(stderr).toMatch(/^Configuration: config\/proxy\.yaml\n/);
    if (format === 'json') expect(JSON.parse(stdout)).toMatchObject({ configuration: 'config/proxy.yaml' });
    if (format === 'sarif')
      expect(JSON.parse(stdout).runs).toMatchObject([{ properties: { configuration: 'config/proxy.yaml' } }]);
    if (format === 'junit')
      expect(stdout).toContain('<property name="configuration" value="config/proxy.yaml"/>');
  });

  it('of run names it in its files', async () => {
    using folder = new TemporaryFolder(configuration());
    const report = ['--report', 'json,junit,sarif,html', '--out', 'out'];
    await cli(['run', '--as', 'alice', ...report, '--', 'true'], { cwd: folder.path });
    for (const file of ['run.json', 'junit.xml', 'run.sarif', 'coverage.html'])
      expect(readFileSync(`${folder.path}/out/${file}`, 'utf8')).toContain('config/proxy.yaml');
  });
});

describe('a command with nothing to check', () => {
  let folder: TemporaryFolder;
  beforeAll(() => {
    const rejected = {
      id: '1',
      time: '2026-11-23T12:00:00.000Z',
      mode: 'enforce',
      outcome: 'rejected',
      request: { id: '1', sourceIp: '127.0.0.1' },
      checks: [],
      undocumented: [],
      durationMicros: 1,
    };
    folder = new TemporaryFolder({
      ...configuration(),
      'empty.jsonl': '',
      'rejected.jsonl': `${JSON.stringify(rejected)}\n`,
      'empty/readme.txt': '',
    });
  });
  afterAll(() => folder[Symbol.dispose]());

  it.each([
    ['replay of an empty log', ['replay', '--decisions', 'empty.jsonl'], 'the decision log has no checks'],
    [
      'replay of rejected calls',
      ['replay', '--decisions', 'rejected.jsonl'],
      'the decision log has no checks',
    ],
    ['coverage by an empty log', ['coverage', '--decisions', 'empty.jsonl'], 'the decision log is empty'],
    [
      'coverage by rejected calls, even with --min 0',
      ['coverage', '--decisions', 'rejected.jsonl', '--min', '0'],
      'among 1 recorded decision, no call reached the policies',
    ],
    [
      'coverage of a principal that made no call',
      ['coverage', '--as', 'alice', '--decisions', 'rejected.jsonl'],
      'no call of alice reached the policies',
    ],
    [
      'generate for a principal that made no call',
      ['generate', '--as', 'alice', '--decisions', 'empty.jsonl'],
      'no recorded call of alice has passed',
    ],
    ['test without a test folder', ['test'], 'there is no policy test: policy-tests does not exist'],
    ['test of a folder without tests', ['test', 'empty'], 'there is no test file'],
    ['lint of a folder without policies', ['lint', 'empty'], 'there is no policy file to check'],
  ])('%s exits with 4 and says why', async (_, args, reason) => {
    const { code, stderr } = await cli(args, { cwd: folder.path });
    expect(stderr).toContain(reason);
    expect(code).toBe(4);
  });

  it.each([
    ['no-calls', "''", 'No calls as alice'],
    ['rejected', 'UNSIGNED', 'all 2 calls were rejected before any policy was asked'],
    ['denied', 'UNSIGNED', 'all 2 calls were rejected before any policy was asked'],
  ])(
    'run fails on %s where that is asked for, and says last that nothing was checked',
    async (what, script, text) => {
      const unsigned =
        'const ask = () => fetch(process.env.AWS_ENDPOINT_URL, { method: "POST", headers: { "x-amz-target": "AmazonPersonalize.ListSchemas" }, body: "{}" }); await ask(); await ask();';
      const command = [
        process.execPath,
        '--input-type=module',
        '--eval',
        script === 'UNSIGNED' ? unsigned : script,
      ];
      const run = (...options: readonly string[]) =>
        cli(['run', '--as', 'alice', ...options, '--', ...command], { cwd: folder.path });
      const failed = await run('--fail-on', what);
      expect(failed.stderr).toContain(text);
      expect(failed.stderr).toContain(`Failed on ${what} (--fail-on).`);
      expect(failed.code).toBe(4);
      const passed = await run();
      expect(passed.stderr.trimEnd().split('\n').at(-1)).toMatch(/^Nothing was checked: /);
      expect(passed.code).toBe(0);
    },
  );
});

describe('a decision log that is given twice', () => {
  it('counts once, in whatever format', async () => {
    using folder = new TemporaryFolder(configuration(allow('personalize:*')));
    const record = {
      id: 'a',
      time: '2026-11-23T12:00:00.000Z',
      mode: 'enforce',
      outcome: 'forwarded',
      principal: {
        type: 'User',
        arn: 'arn:aws:iam::123456789012:user/alice',
        accountId: '123456789012',
        userName: 'alice',
      },
      request: { id: '1', sourceIp: '127.0.0.1' },
      checks: [
        {
          action: 'personalize:ListSchemas',
          resource: '*',
          decision: 'allowed',
          layer: 'identity',
          determining: [{ policy: 'p', statement: 0 }],
        },
      ],
      undocumented: [],
      durationMicros: 1,
    };
    folder.write('a.jsonl', `${JSON.stringify(record)}\n`);
    folder.write('b.jsonl', `${JSON.stringify(record)}\n${JSON.stringify({ ...record, id: 'b' })}\n`);
    folder.write(
      'trail.jsonl',
      `${JSON.stringify({ eventVersion: '1.08', additionalEventData: { decision: record } })}\n`,
    );
    const logs = ['a.jsonl', 'b.jsonl', 'a.jsonl', 'trail.jsonl'].flatMap((file) => ['--decisions', file]);
    const { stdout } = await cli(['coverage', ...logs, '--format', 'json'], { cwd: folder.path });
    expect(JSON.parse(stdout)).toMatchObject({ decisions: 2, checks: 2 });
    const { stderr } = await cli(['replay', ...logs], { cwd: folder.path });
    expect(stderr).toContain('None of 2 checks in 2 recorded decisions changes.');
  });
});
