import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CLOSED_URL } from '../free-port.ts';
import { cli, ROOT, RunningCommand } from './command-line.ts';
import { jsonCall, send, serve } from './exchange.ts';
import { allow, configuration, TemporaryFolder } from './temporary-folder.ts';

const ALICE = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'AKIAEXAMPLEALICE0000', secretAccessKey: 'the-secret-of-alice' },
};

describe('exit codes', () => {
  it.each([
    ['no command', [], 'Usage: personalize-authz-proxy'],
    ['an unknown command', ['srve'], 'Did you mean serve?'],
    ['an unknown flag', ['serve', '--prot', '1'], 'Did you mean --port?'],
    ['an argument too many', ['serve', 'now'], 'too many arguments'],
    ['a value that is none', ['serve', '--port', 'abc'], 'error: --port: must be a number'],
    ['an address that is none of this machine', ['serve', '--host', '192.0.2.1'], 'Choose one with --host'],
    ['a configuration that is not there', ['serve', '--config', 'nowhere.yaml'], 'nowhere.yaml'],
    [
      'an unknown principal',
      ['simulate', '--as', 'nobody', '--action', 'a:B'],
      'there is no principal nobody',
    ],
    [
      'a question without an action',
      ['simulate', '--as', 'bob'],
      'needs --action <action>, --call <operation>, --decision <id> or --preset console',
    ],
    [
      'a preset and an action',
      ['simulate', '--as', 'bob', '--preset', 'console', '--action', 'a:B'],
      "cannot be used with option '--action <action>'",
    ],
    [
      'a preset that there is not',
      ['simulate', '--as', 'bob', '--preset', 'x'],
      'Allowed choices are console',
    ],
    [
      'a preset that is to be denied',
      ['simulate', '--as', 'bob', '--preset', 'console', '--expect', 'implicitDeny'],
      'can only be expected to be allowed',
    ],
    [
      'a context that is no pair',
      ['simulate', '--as', 'bob', '--action', 'a:B', '--context', 'x'],
      'KEY=VALUE',
    ],
    [
      'a decision that there is not',
      ['simulate', '--as', 'bob', '--action', 'a:B', '--expect', 'x'],
      'Allowed choices',
    ],
    ['an address that is none', ['healthcheck', '--url', 'here'], 'is not an address'],
    ['a free port', ['healthcheck', '--port', '0'], '--url'],
  ])('is 2 for %s, with a sentence', async (_, args, sentence) => {
    const { code, stdout, stderr } = await cli(args);
    expect(stderr).toContain(sentence);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  it('is 2 for an unknown AUTHZ_ variable, and names the nearest', async () => {
    const { code, stderr } = await cli(['serve'], { env: { AUTHZ_PROT: '1' } });
    expect([code, stderr]).toEqual([
      2,
      'error: AUTHZ_PROT: unknown variable; did you mean "AUTHZ_PORT"? (unknown-variable)\n',
    ]);
  });

  it('is 2 for faults of the configuration, all at once with file, line and column', async () => {
    using folder = new TemporaryFolder({
      ...configuration(),
      'config/proxy.yaml': 'listen: { prot: 1 }\nmode: maybe\naccount: "12"\n',
    });
    const { code, stderr } = await cli(['serve'], { cwd: folder.path });
    expect(code).toBe(2);
    expect(stderr).toContain('config/proxy.yaml:1:11: error: ');
    expect(stderr).toContain('config/proxy.yaml:2:7: error: mode: must be enforce or audit');
    expect(stderr).toContain('config/proxy.yaml:3:10: error: account: an account id has 12 digits');
  });

  it('is 3 for faults of the policies, all at once with file, line and column', async () => {
    using folder = new TemporaryFolder({
      ...configuration(
        '{\n  "Version": "2012-10-17",\n  "Statement": [{ "Effect": "Alow", "Action": "*", "Resource": "*" }]\n}',
      ),
      'policies/q.json': '{ "Version": "2012-10-17", ',
    });
    const { code, stdout, stderr } = await cli(['serve'], { cwd: folder.path });
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toMatch(/^policies\/p\.json:3:\d+: error: .*Allow/m);
    expect(stderr).toMatch(/^policies\/q\.json:1:\d+: error: /m);
  });

  it('is 2 where the port is taken, with a sentence', async () => {
    await using taken = await serve(() => {});
    const { port } = new URL(taken.url);
    const { code, stdout, stderr } = await cli(['serve', '--port', port]);
    expect({ code, stdout, stderr }).toEqual({
      code: 2,
      stdout: '',
      stderr: `error: Port ${port} on 127.0.0.1 is taken by another process. Choose one with --port, or --port 0 for a free one.\n`,
    });
  });

  it('is 4 where simulate finds another decision than expected, and 0 where it is that', async () => {
    const ask = (action: string) =>
      cli(['simulate', '--as', 'bob', '--action', action, '--expect', 'allowed']);
    const [denied, allowed] = await Promise.all([
      ask('personalize:DeleteSchema'),
      ask('personalize:ListSchemas'),
    ]);
    expect([denied.code, denied.stderr]).toEqual([
      4,
      'Configuration: config/proxy.yaml\nExpected allowed, but it is implicitDeny.\n',
    ]);
    expect([allowed.code, allowed.stderr]).toEqual([0, 'Configuration: config/proxy.yaml\n']);
    expect(allowed.stdout).toContain('policies/personalize-read-only.json:4');
  });

  it('is 4 if permissions of an expected preset are missing, and 0 otherwise', async () => {
    const ask = (...args: string[]) => cli(['simulate', '--preset', 'console', ...args]);
    const [bob, viewer, unexpected] = await Promise.all([
      ask('--as', 'bob', '--expect', 'allowed', '--json'),
      ask('--as', 'console-viewer', '--expect', 'allowed'),
      ask('--as', 'bob'),
    ]);
    expect([bob.code, bob.stderr]).toEqual([
      4,
      'Configuration: config/proxy.yaml\nExpected allowed, but it is incomplete.\n',
    ]);
    const { missing } = JSON.parse(bob.stdout) as { missing: { action: string; message: string }[] };
    expect(missing.find(({ action }) => action === 'personalize:DescribeFilter')?.message).toMatch(
      /^User: .*\/bob is not authorized to perform: personalize:DescribeFilter on resource: .*:filter\/\* because/,
    );
    expect([viewer.code, viewer.stderr]).toEqual([0, 'Configuration: config/proxy.yaml\n']);
    expect(viewer.stdout).toContain('ALLOWED all');
    expect(unexpected.code).toBe(0);
  });

  it('is 0 for help and version, on standard output', async () => {
    const [help, version] = await Promise.all([cli(['serve', '--help']), cli(['--version'])]);
    expect(help).toMatchObject({ code: 0, stderr: '' });
    expect(help.stdout).toContain('--port <number>');
    expect(help.stdout).toContain('(AUTHZ_PORT)');
    const { version: own } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8'));
    expect(version).toMatchObject({ code: 0, stdout: `${own}\n` });
  });
});

describe('healthcheck', () => {
  it('is 0 for a proxy that is ready, found by its configuration', async () => {
    await using command = new RunningCommand(['serve', '--port', '0']);
    const url = await command.ready();
    const byUrl = await cli(['healthcheck', '--url', `${url}/`]);
    expect(byUrl).toEqual({ code: 0, stdout: `${url} is ready\n`, stderr: '' });
    const byPort = await cli(['healthcheck'], {
      env: { AUTHZ_PORT: new URL(url).port, AUTHZ_HOST: '0.0.0.0' },
    });
    expect(byPort.code).toBe(0);
  });

  it('is 1 where nothing answers, or something else does', async () => {
    await using other = await serve((_, outgoing) => outgoing.writeHead(404).end());
    const [nothing, else_] = await Promise.all(
      [CLOSED_URL, other.url].map((url) => cli(['healthcheck', '--url', url])),
    );
    expect(nothing?.code).toBe(1);
    expect(nothing?.stderr).toMatch(/^error: http:\S+ does not answer: .*ECONNREFUSED.*\n$/);
    expect(else_).toEqual({
      code: 1,
      stdout: '',
      stderr: `error: ${other.url} is not ready: it answers 404\n`,
    });
  });
});

describe('serve', () => {
  it('says what passes here and may fail on AWS, unless such checks count', async () => {
    const bannerOf = async (...args: string[]): Promise<string> => {
      await using command = new RunningCommand(['serve', '--port', '0', ...args]);
      await command.ready();
      return command.stdout;
    };
    const [reported, enforced] = await Promise.all([
      bannerOf(),
      bannerOf('--undocumented-checks', 'enforce'),
    ]);
    expect(reported).toContain('it may check besides is reported on each decision');
    expect(reported).toMatch(
      /may fail on AWS.*\n {2}role\/recommender {2}personalize:GetRecommendations with a filter/,
    );
    expect(enforced).not.toContain('may fail on AWS');
  });

  it('prints its banner and then the Ready line last, on standard output alone', async () => {
    await using command = new RunningCommand(['serve', '--port', '0']);
    await command.ready();
    const lines = command.stdout.trimEnd().split('\n');
    expect(lines[0]).toBe('personalize-authz-proxy');
    expect(lines.at(-1)).toMatch(/^Ready\. http:\/\/127\.0\.0\.1:\d+$/);
    expect(command.stdout).toMatch(/^ {2}mode +enforce$/m);
    expect(command.stdout).toMatch(/^ {2}user\/bob +personalize-read-only$/m);
    expect(command.stderr).toBe('');
  });

  it('says on standard error what was refused, and why', async () => {
    using folder = new TemporaryFolder(configuration(allow('personalize:ListRecipes')));
    await using command = new RunningCommand(['serve'], { cwd: folder.path });
    const endpoint = await command.ready();
    const response = await send({ endpoint, ...ALICE }, jsonCall('ListSchemas'));
    const decision = response.headers.get('x-authz-decision');
    await expect
      .poll(() => command.stderr)
      .toContain(
        'denied: User: arn:aws:iam::123456789012:user/alice is not authorized to perform: personalize:ListSchemas ' +
          'on resource: * because no identity-based policy allows the personalize:ListSchemas action ' +
          `(AccessDeniedException, decision ${decision}) ${endpoint}/_authz/d/${decision}\n`,
      );
  });

  it('runs the stub alone, for clients and for a proxy in front of it', async () => {
    using folder = new TemporaryFolder(configuration());
    await using stub = new RunningCommand(['serve', '--stub-only'], { cwd: folder.path });
    const stubUrl = await stub.ready();
    await using proxy = new RunningCommand(['serve', '--upstream', stubUrl], { cwd: folder.path });
    const endpoint = await proxy.ready();
    const { CreateDatasetGroupCommand, DescribeDatasetGroupCommand, PersonalizeClient } = await import(
      '@aws-sdk/client-personalize'
    );
    const through = new PersonalizeClient({ endpoint, ...ALICE });
    const { datasetGroupArn } = await through.send(new CreateDatasetGroupCommand({ name: 'shop' }));
    const direct = new PersonalizeClient({
      endpoint: stubUrl,
      region: 'us-east-1',
      credentials: { accessKeyId: 'anyone', secretAccessKey: 'anything' },
    });
    const { datasetGroup } = await direct.send(new DescribeDatasetGroupCommand({ datasetGroupArn }));
    expect(datasetGroup?.name).toBe('shop');
    await expect(
      direct.send(new DescribeDatasetGroupCommand({ datasetGroupArn: `${datasetGroupArn}x` })),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    expect(await (await fetch(`${stubUrl}/_authz/health/ready`)).json()).toEqual({ status: 'ok' });
    stub.signal('SIGTERM');
    expect(await stub.ended).toMatchObject({ code: 0 });
  });
});

describe('evaluate', () => {
  const question = (action: string, sid = 's') =>
    JSON.stringify({
      principal: { arn: 'arn:aws:iam::123456789012:user/alice' },
      action,
      resource: '*',
      context: {},
      policies: {
        identity: [
          {
            name: 'p',
            document: {
              Version: '2012-10-17',
              Statement: [{ Sid: 'List', Effect: 'Allow', Action: 'personalize:List*', Resource: '*' }],
            },
          },
        ],
      },
      ...(sid === 's' ? {} : { note: sid }),
    });

  it('answers ten thousand lines in their order, faulty ones among them', async () => {
    const lines = Array.from({ length: 10_000 }, (_, i) =>
      i % 100 === 7 ? '{' : question(i % 2 === 0 ? 'personalize:ListSchemas' : 'personalize:DeleteSchema'),
    );
    const { code, stdout, stderr } = await cli(['evaluate'], { stdin: lines.join('\n') });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const answers = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(answers.map(({ decision, error }) => decision ?? error.code)).toEqual(
      lines.map((_, i) => (i % 100 === 7 ? 'InvalidInput' : i % 2 === 0 ? 'allowed' : 'implicitDeny')),
    );
  });

  it('answers a line as soon as it is there', async () => {
    await using command = new RunningCommand(['evaluate']);
    command.stdin.write(`${question('personalize:ListSchemas')}\n`);
    await command.prints(/\n/);
    expect(JSON.parse(command.stdout)).toMatchObject({ decision: 'allowed' });
    command.stdin.end();
    expect(await command.ended).toMatchObject({ code: 0 });
  });

  it('takes for a line what ends with a line feed, whatever separators JSON holds', async () => {
    const stdin = `${question('personalize:ListA\u2028\u2029')}\r\n${question('personalize:ListB')}`;
    const { stdout } = await cli(['evaluate'], { stdin });
    expect(stdout.trimEnd().split('\n')).toHaveLength(2);
  });

  it('gives nothing for nothing', async () => {
    expect(await cli(['evaluate'])).toEqual({ code: 0, stdout: '', stderr: '' });
  });
});
