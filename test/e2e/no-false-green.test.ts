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
    ['rejected', 'UNSIGNED', 'all 2 calls were rejected before policy evaluation'],
    ['denied', 'UNSIGNED', 'all 2 calls were rejected before policy evaluation'],
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

describe('a mistyped question', () => {
  const ROLES = {
    ...configuration(),
    'config/principals.yaml': `${configuration()['config/principals.yaml']}roles:\n  web: { trustPolicy: trust, managedPolicies: [p] }\n`,
    'policies/trust.json': JSON.stringify({
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Principal: { AWS: '123456789012' }, Action: 'sts:AssumeRole' },
    }),
  };
  const ask = (folder: TemporaryFolder, ...args: readonly string[]) =>
    cli(['simulate', ...args], { cwd: folder.path });

  it.each([
    [
      ['--as', 'web', '--action', 'personalize:ListSchemas'],
      '--as: there is no principal web; did you mean "role/web"?',
    ],
    [
      ['--as', 'alice', '--action', 's3:HeadBucket'],
      '--action: AWS has no action "s3:HeadBucket"; the action is "s3:ListBucket"',
    ],
    [
      ['--as', 'alice', '--action', 's3:ListBucket', '--resource', 'arn:aws:s3:::b/*'],
      '--resource: s3:ListBucket is never checked on "arn:aws:s3:::b/*", only on arn:aws:s3:::BUCKET_NAME, arn:aws:s3:REGION:ACCOUNT:accesspoint/ACCESS_POINT_NAME',
    ],
    [
      ['--as', 'alice', '--action', 'personalize:ListSchemas', '--context', 'aws:SourceIpp=10.0.0.1'],
      '--context: AWS has no condition key "aws:SourceIpp"; did you mean "aws:SourceIp"?',
    ],
  ])('%s is an error of simulate', async (args, message) => {
    using folder = new TemporaryFolder(ROLES);
    const { code, stdout, stderr } = await ask(folder, ...args);
    expect(stderr).toContain(`error: ${message}\n`);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  it('is asked all the same with --allow-unknown, but for the principal', async () => {
    using folder = new TemporaryFolder(ROLES);
    const odd = ['--action', 's3:HeadBucket', '--context', 'aws:Odd=1', '--allow-unknown'];
    expect(await ask(folder, '--as', 'alice', ...odd)).toMatchObject({ code: 0 });
    expect(await ask(folder, '--as', 'web', ...odd)).toMatchObject({ code: 2 });
  });

  it('is an error of a policy test with its place, unless unknown names are allowed', async () => {
    using folder = new TemporaryFolder(ROLES);
    folder.write(
      'policy-tests/a.yaml',
      `tests:
  - name: typos
    principal: alice
    expect: denied
    cases:
      - { action: s3:ListBuckets }
      - { action: personalize:DescribeSchema, resource: 'arn:aws:personalize:us-east-1:123456789012:filter/a' }
      - { action: personalize:DescribeSchema, context: { aws:sourceIpp: 10.0.0.1 } }
      - { call: ListSchemas, context: { sts:ExternalId: x } }
`,
    );
    const { code, stderr } = await cli(['test'], { cwd: folder.path });
    expect(stderr.split('\n').slice(1, -1)).toEqual([
      'policy-tests/a.yaml:6:19: error: tests[0].cases[0].action: AWS has no action "s3:ListBuckets"; the action is "s3:ListAllMyBuckets" (unknown-action)',
      'policy-tests/a.yaml:7:57: error: tests[0].cases[1].resource: personalize:DescribeSchema is never checked on "arn:aws:personalize:us-east-1:123456789012:filter/a", only on arn:aws:personalize:REGION:ACCOUNT:schema/RESOURCE_ID (impossible-resource)',
      'policy-tests/a.yaml:8:58: error: tests[0].cases[2].context.aws:sourceIpp: AWS has no condition key "aws:sourceIpp"; did you mean "aws:SourceIp"? (unknown-condition-key)',
    ]);
    expect(code).toBe(2);
    const allowed = await cli(['test', '--allow-unknown'], { cwd: folder.path });
    expect(allowed.code).not.toBe(2);
  });

  it('of a whole call fails its policy test', async () => {
    using folder = new TemporaryFolder(ROLES);
    folder.write(
      'policy-tests/a.yaml',
      'tests: [{ name: t, principal: alice, call: ListSchemas, context: { sts:ExternalId: x }, expect: allowed }]',
    );
    const { code, stdout } = await cli(['test'], { cwd: folder.path });
    expect(stdout).toContain('personalize:ListSchemas does not support the key "sts:ExternalId"');
    expect(code).toBe(4);
    expect(await cli(['test', '--allow-unknown'], { cwd: folder.path })).toMatchObject({ code: 0 });
  });
});

describe('a question about a role', () => {
  const DENY = {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: '*', Resource: '*' },
      {
        Effect: 'Deny',
        Action: '*',
        Resource: '*',
        Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'false' } },
      },
    ],
  };

  it('has the keys of a session: a Deny without a second factor holds as it does for calls', async () => {
    using folder = new TemporaryFolder({
      ...configuration(JSON.stringify(DENY)),
      'config/principals.yaml': 'roles:\n  web: { trustPolicy: trust, managedPolicies: [p] }\n',
      'policies/trust.json': JSON.stringify({
        Version: '2012-10-17',
        Statement: { Effect: 'Allow', Principal: { AWS: '123456789012' }, Action: 'sts:AssumeRole' },
      }),
      'policy-tests/a.yaml': `tests:
  - { name: an action, principal: role/web, action: personalize:ListSchemas, expect: explicitDeny }
  - { name: a call, principal: role/web, call: ListSchemas, expect: explicitDeny }
  - { name: a second factor, principal: role/web, call: ListSchemas, context: { aws:MultiFactorAuthPresent: true }, expect: allowed }
`,
    });
    expect(await cli(['test'], { cwd: folder.path })).toMatchObject({ code: 0 });
    const { stdout } = await cli(
      ['simulate', '--as', 'role/web', '--action', 'personalize:ListSchemas', '--json'],
      {
        cwd: folder.path,
      },
    );
    expect(JSON.parse(stdout)).toMatchObject({ decision: 'explicitDeny', missingKeys: [] });
  });
});
