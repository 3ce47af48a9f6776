import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { cli, ROOT, RunningCommand } from './command-line.ts';
import { TemporaryFolder } from './temporary-folder.ts';

/** A program that makes signed calls and prints what became of them. No SDK: that takes ten times as long to load. */
const program = (...calls: readonly string[]): string => `
import aws4 from ${JSON.stringify(import.meta.resolve('aws4'))};
for (const [name, input] of [${calls.join(', ')}]) {
  const { host, hostname, port } = new URL(process.env.AWS_ENDPOINT_URL);
  const { headers, method, path, body } = aws4.sign(
    {
      service: 'personalize', region: process.env.AWS_REGION, host, method: 'POST', path: '/', body: JSON.stringify(input),
      headers: { 'Content-Type': 'application/x-amz-json-1.1', 'X-Amz-Target': 'AmazonPersonalize.' + name },
    },
    {
      accessKeyId: process.env.AWS_ACCESS_KEY_ID,
      secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY,
      sessionToken: process.env.AWS_SESSION_TOKEN,
    },
  );
  const response = await fetch(process.env.AWS_ENDPOINT_URL + path, { method, headers, body });
  console.log(name, response.ok ? 'passed' : (await response.json()).__type.split('#').pop());
}
process.exitCode = Number(process.env.EXIT ?? 0);
`;

const LIST = "['ListSchemas', {}]";
const CREATE = "['CreateDatasetGroup', { name: 'shop' }]";
const node = (file: string): readonly string[] => [process.execPath, file];

/** What shipped principals may do: bob looks, alice does everything. */
async function run(
  calls: readonly string[],
  options: readonly string[] = ['--as', 'bob'],
  env: Readonly<Record<string, string>> = {},
) {
  using folder = new TemporaryFolder();
  const file = folder.write('calls.mjs', program(...calls));
  return await cli(['run', ...options, '--', ...node(file)], { env });
}

describe('run', () => {
  it('runs a command as a user, hands on its output and says what was denied and what to add', async () => {
    const { code, stdout, stderr } = await run([LIST, CREATE, CREATE]);
    expect(code).toBe(0);
    expect(stdout).toBe(
      'ListSchemas passed\nCreateDatasetGroup AccessDeniedException\nCreateDatasetGroup AccessDeniedException\n',
    );
    expect(stderr).toContain('3 calls as bob: 1 allowed, 2 denied.');
    expect(stderr).toContain('2 × CreateDatasetGroup (decision ');
    expect(stderr).toContain(
      '{"Effect":"Allow","Action":"personalize:CreateDatasetGroup","Resource":"arn:aws:personalize:us-east-1:123456789012:dataset-group/shop"}',
    );
    expect(stderr).toContain('The policies of user/bob: policies/personalize-read-only.json');
  });

  it('writes what the denied calls need as a patch of the policy file', async () => {
    using folder = new TemporaryFolder();
    const file = `${folder.path}/fix.patch`;
    const { stderr } = await run([CREATE, CREATE], ['--as', 'bob', '--patch', file]);
    expect(stderr).toContain(`Wrote ${file}.`);
    const patch = readFileSync(file, 'utf8');
    expect(patch).toContain('--- a/policies/personalize-read-only.json\n');
    expect(patch.match(/^\+ +"Action": "personalize:CreateDatasetGroup",?$/gm)).toHaveLength(1);
  });

  it('keeps its proxy running with --console, whose pages the report links to, until a signal', async () => {
    using folder = new TemporaryFolder();
    const file = folder.write('calls.mjs', program(CREATE));
    const args = ['run', '--as', 'bob', '--console', '--', ...node(file)];
    await using command = new RunningCommand(args, { env: { EXIT: '3' } });
    const [, page = ''] = await command.prints(/1 × CreateDatasetGroup \((http:\S+)\)/, 'stderr');
    await command.prints(/The console is at http:\S+\/_authz\/ until you press Ctrl\+C\./, 'stderr');
    const explained = await fetch(page.replace('/d/', '/decisions/'));
    expect(await explained.json()).toMatchObject({ request: { operation: 'CreateDatasetGroup' } });
    command.signal('SIGINT');
    expect((await command.ended).code).toBe(3);
    await expect(fetch(page)).rejects.toThrow();
  });

  it('runs it as a role, through a session', async () => {
    const { stdout, stderr } = await run(
      ["['DescribeCampaign', { campaignArn: 'arn:aws:personalize:us-east-1:123456789012:campaign/shop' }]"],
      ['--as', 'role/recommender'],
    );
    expect(stdout).toBe('DescribeCampaign AccessDeniedException\n');
    expect(stderr).toContain('assumed-role/recommender/');
  });

  it('names the file, line and statement that deny', async () => {
    const { stderr } = await run([LIST], ['--as', 'tls-client']);
    expect(stderr).toMatch(/DENIED \(explicit deny\)[\s\S]*policies\/conditions\/tls\.json:\d+/);
    expect(stderr).not.toContain('remove or narrow');
    expect(stderr).toMatch(/call over TLS [\s\S]*required by policies\/conditions\/tls\.json:\d+/);
  });

  it("exits with the command's code, whatever was denied", async () => {
    expect(await run([CREATE], ['--as', 'bob', '--fail-on', 'denied'], { EXIT: '7' })).toMatchObject({
      code: 7,
    });
    expect(await run([CREATE], ['--as', 'bob'])).toMatchObject({ code: 0 });
  });

  it('exits with 4 where a command that went well was denied something, if that is asked for', async () => {
    const failed = await run([LIST, CREATE], ['--as', 'bob', '--fail-on', 'denied,undocumented']);
    expect(failed.code).toBe(4);
    expect(failed.stderr).toContain('Failed on denied (--fail-on).');
    expect(await run([LIST], ['--as', 'bob', '--fail-on', 'denied'])).toMatchObject({ code: 0 });
  });

  it('in audit mode forwards what would be denied, and reports it', async () => {
    const { stdout, stderr, code } = await run(
      [CREATE],
      ['--as', 'bob', '--mode', 'audit', '--fail-on', 'denied'],
    );
    expect(stdout).toBe('CreateDatasetGroup passed\n');
    expect(stderr).toContain('1 denied but forwarded (audit mode)');
    expect(code).toBe(4);
  });

  it('reports an undocumented check that the policies would deny', async () => {
    using folder = new TemporaryFolder({
      'config/proxy.yaml': '',
      'config/principals.yaml':
        'users:\n  eve:\n    accessKeys: [{ id: AKIALOCALEVE00000000, secret: local-only-secret-of-eve }]\n    managedPolicies: [p]\n',
      'policies/p.json': JSON.stringify({
        Version: '2012-10-17',
        Statement: {
          Effect: 'Allow',
          Action: 'personalize:*',
          NotResource: 'arn:aws:personalize:::recipe/*',
        },
      }),
    });
    const group = 'arn:aws:personalize:us-east-1:123456789012:dataset-group/shop';
    const recipe = 'arn:aws:personalize:::recipe/aws-sims';
    const calls = [`['CreateSolution', { name: 's', datasetGroupArn: '${group}', recipeArn: '${recipe}' }]`];
    const file = folder.write('calls.mjs', program(...calls));
    const { code, stderr } = await cli(
      ['run', '--as', 'eve', '--fail-on', 'undocumented', '--', ...node(file)],
      { cwd: folder.path },
    );
    expect(stderr).toContain('1 call as eve: 1 allowed.');
    expect(stderr).toContain('Undocumented checks that would be denied (1)');
    expect(stderr).toContain(`personalize:CreateSolution on ${recipe}`);
    expect(code).toBe(4);
  });

  it('reports the grants of the principal that the command did not use', async () => {
    using folder = new TemporaryFolder();
    const out = `${folder.path}/reports`;
    const report = ['--fail-on', 'unused', '--report', 'json,html,lcov', '--out', out];
    const { code, stderr } = await run([LIST], ['--as', 'bob', ...report]);
    expect(stderr).toMatch(
      /Coverage: [\d.]+% of the policies of user\/bob \(\d+ of \d+ statements, actions and resources\)/,
    );
    expect(stderr).toMatch(/^ {2}policies\/personalize-read-only\.json:\d+, .*personalize:Describe/m);
    expect(stderr).toContain('Failed on unused (--fail-on).');
    expect(code).toBe(4);
    expect(JSON.parse(readFileSync(`${out}/run.json`, 'utf8'))).toMatchObject({
      unused: [{ file: 'policies/personalize-read-only.json', whole: false }],
      coverage: { policies: [{ policy: 'personalize-read-only' }] },
    });
    expect(readFileSync(`${out}/lcov.info`, 'utf8')).toContain('SF:policies/personalize-read-only.json');
    expect(readFileSync(`${out}/coverage.html`, 'utf8')).toContain('personalize-read-only');
  });

  it('finds nothing unused where every grant was used', async () => {
    using folder = new TemporaryFolder({
      'config/proxy.yaml': '',
      'config/principals.yaml':
        'users:\n  eve:\n    accessKeys: [{ id: AKIALOCALEVE00000000, secret: local-only-secret-of-eve }]\n    managedPolicies: [p]\n',
      'policies/p.json':
        '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"personalize:ListSchemas","Resource":"*"}}',
      'calls.mjs': program(LIST),
    });
    const { code, stderr } = await cli(
      ['run', '--as', 'eve', '--fail-on', 'unused', '--', ...node('calls.mjs')],
      { cwd: folder.path },
    );
    expect(stderr).toContain('Coverage: 100% of the policies of user/eve (3 of 3');
    expect(stderr).toContain('Every grant was used.');
    expect(code).toBe(0);
  });

  it('says that a command called nothing', async () => {
    expect((await run([])).stderr).toContain('No calls as bob');
  });

  it('reports requests that were rejected before policy evaluation', async () => {
    using folder = new TemporaryFolder();
    const file = folder.write('calls.mjs', `process.env.AWS_SECRET_ACCESS_KEY = 'another';${program(LIST)}`);
    const { stderr } = await cli(['run', '--as', 'bob', '--', ...node(file)]);
    expect(stderr).toContain('1 rejected');
    expect(stderr).toContain('1 × ListSchemas: InvalidSignatureException: ');
  });

  it('keeps the decisions in the configured file', async () => {
    using folder = new TemporaryFolder();
    const file = `${folder.path}/decisions.jsonl`;
    await run([LIST, CREATE], ['--as', 'bob', '--decisions-file', file]);
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).outcome)).toEqual(['forwarded', 'denied']);
  });

  it('says that the folder of the reports is a file', async () => {
    using folder = new TemporaryFolder();
    const out = folder.write('reports', '');
    const { code, stderr } = await run([LIST], ['--as', 'bob', '--report', 'json', '--out', out]);
    expect(stderr).toContain('cannot be written: a part of its path is a file');
    expect(code).toBe(1);
  });

  it('writes reports as JSON, JUnit and SARIF', async () => {
    using folder = new TemporaryFolder();
    const out = `${folder.path}/reports`;
    await run([LIST, CREATE], ['--as', 'bob', '--report', 'json,junit,sarif', '--out', out]);
    expect(JSON.parse(readFileSync(`${out}/run.json`, 'utf8'))).toMatchObject({
      principal: 'bob',
      exitCode: 0,
      calls: { total: 2, forwarded: 1, denied: 1 },
      denied: [
        {
          count: 1,
          operations: ['CreateDatasetGroup'],
          action: 'personalize:CreateDatasetGroup',
          explanation: { decision: 'implicitDeny', changes: [{ kind: 'addStatement' }] },
        },
      ],
      undocumented: [],
      rejected: [],
    });
    const junit = readFileSync(`${out}/junit.xml`, 'utf8');
    expect(junit).toContain('<testsuite name="personalize-authz-proxy run" tests="2" failures="1"');
    expect(junit).toContain('<testcase classname="user/bob" name="ListSchemas" time="0.000"/>');
    expect(junit).toContain('<failure message="User: arn:aws:iam::123456789012:user/bob is not authorized');
    const [{ results, tool }] = JSON.parse(readFileSync(`${out}/run.sarif`, 'utf8')).runs;
    expect(tool.driver.rules).toMatchObject([
      { id: 'denied', helpUri: expect.stringContaining('/docs/explain.md') },
      { id: 'undocumented', helpUri: expect.stringContaining('/docs/authorization.md') },
    ]);
    expect(results).toMatchObject([
      {
        ruleId: 'denied',
        level: 'error',
        message: { text: expect.stringContaining('personalize:CreateDatasetGroup') },
        locations: [
          { physicalLocation: { artifactLocation: { uri: 'policies/personalize-read-only.json' } } },
        ],
      },
    ]);
  });

  it('runs the command without -- too, and leaves its options to it', async () => {
    const { code, stdout } = await cli(['run', '--as', 'bob', process.execPath, '--eval', 'console.log(1)']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '1\n' });
  });

  it.each([
    [
      '127 for a command that is not found',
      ['no-such-command'],
      127,
      'error: no-such-command: the command was not found',
    ],
    ['126 for a file that is no program', ['README.md'], 126, 'error: '],
    [
      '128 and the number of the signal that ended it',
      [process.execPath, '--eval', 'process.kill(process.pid, "SIGKILL")'],
      137,
      'No calls',
    ],
  ])('exits with %s', async (_, command, wanted, sentence) => {
    const file = command[0] === 'README.md' ? [`${ROOT}README.md`] : command;
    const { code, stderr } = await cli(['run', '--as', 'bob', '--', ...file]);
    expect(stderr).toContain(sentence);
    expect(code).toBe(wanted);
  });

  it.each([
    ['no command', ['--as', 'bob'], "missing required argument 'command'"],
    ['an unknown principal', ['--as', 'nobody', '--', 'true'], '--as: there is no principal nobody'],
    ['reports without a folder', ['--as', 'bob', '--report', 'json', '--', 'true'], '--out'],
    ['a report that there is not', ['--as', 'bob', '--report', 'pdf', '--', 'true'], 'Allowed choices'],
  ])('exits with 2 for %s', async (_, args, sentence) => {
    const { code, stderr } = await cli(['run', ...args]);
    expect(stderr).toContain(sentence);
    expect(code).toBe(2);
  });
});

describe('the environment of a command', () => {
  const show =
    'console.log(JSON.stringify(Object.entries(process.env).filter(([k]) => /^(AWS|NO_PROXY|no_proxy)/.test(k))))';
  const environmentOf = async (as: readonly string[], env: Readonly<Record<string, string>> = {}) => {
    const { stdout } = await cli(['run', '--as', ...as, '--', process.execPath, '--eval', show], { env });
    return Object.fromEntries(JSON.parse(stdout)) as Record<string, string>;
  };

  it('has endpoint, region and credentials, and nothing that could lead elsewhere', async () => {
    const { AWS_ENDPOINT_URL = '', ...rest } = await environmentOf(['bob'], {
      AWS_PROFILE: 'production',
      AWS_SESSION_TOKEN: 'stale',
      AWS_WEB_IDENTITY_TOKEN_FILE: '/token',
      AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://127.0.0.1:9/',
      AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true',
      AWS_ENDPOINT_URL_DYNAMODB: 'http://localhost:8000',
      AWS_ENDPOINT_URL_PERSONALIZE: 'http://elsewhere:1',
      NO_PROXY: 'internal',
    });
    expect(AWS_ENDPOINT_URL).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(rest).toEqual({
      AWS_ENDPOINT_URL_DYNAMODB: 'http://localhost:8000',
      AWS_REGION: 'us-east-1',
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'AKIALOCALBOB00000000',
      AWS_SECRET_ACCESS_KEY: 'local-only-secret-of-bob',
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      AWS_EC2_METADATA_DISABLED: 'true',
      NO_PROXY: 'internal,127.0.0.1,localhost,::1',
      no_proxy: '127.0.0.1,localhost,::1',
    });
  });

  it('has the session token of a role, and of a user with a second factor', async () => {
    for (const as of [['role/recommender'], ['release-manager', '--mfa']]) {
      const { AWS_ACCESS_KEY_ID, AWS_SESSION_TOKEN } = await environmentOf(as);
      expect(AWS_ACCESS_KEY_ID).toMatch(/^ASIA/);
      expect(AWS_SESSION_TOKEN).toBeTruthy();
    }
  });
});
