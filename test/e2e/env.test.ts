import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { GetCallerIdentityCommand, GetSessionTokenCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasAwsCli } from './clients.ts';
import { cli, RunningCommand } from './command-line.ts';
import { TemporaryFolder } from './temporary-folder.ts';

/* `env` and `mfa-code` beside a proxy that runs in another process. */

const FOLDER = {
  'config/proxy.yaml': 'listen: { port: 0 }\n',
  'config/principals.yaml': `
users:
  alice:
    accessKeys: [{ id: AKIALOCALALICE000000, secret: "a'secret of alice" }]
    managedPolicies: [look]
    mfa: { secret: JBSWY3DPEHPK3PXP }
  keyless: {}
roles:
  recommender: { path: /shop/, trustPolicy: nobody, managedPolicies: [with-factor] }
`,
  'policies/look.json': JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'personalize:List*', Resource: '*' }],
  }),
  'policies/with-factor.json': JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: 'personalize:List*',
        Resource: '*',
        Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
      },
    ],
  }),
  'policies/nobody.json': JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' },
    ],
  }),
};

let folder: TemporaryFolder;
let server: RunningCommand;
let url: string;
beforeAll(async () => {
  folder = new TemporaryFolder(FOLDER);
  server = new RunningCommand(['serve', '--config', `${folder.path}/config/proxy.yaml`]);
  url = await server.ready();
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

const config = () => ['--config', `${folder.path}/config/proxy.yaml`];
const env = (...args: string[]) => cli(['env', ...config(), '--url', url, ...args]);

/** What a shell makes of the lines. */
async function evaluated(lines: string, command: string): Promise<string> {
  const { stdout } = await promisify(execFile)('sh', ['-c', `${lines}\n${command}`], {
    env: { PATH: process.env.PATH, HOME: '/nonexistent', AWS_PAGER: '', AWS_PROFILE: 'none', NO_PROXY: '*' },
  });
  return stdout;
}

/** The variables that the lines export. */
async function variablesOf(...args: string[]): Promise<Readonly<Record<string, string>>> {
  const { stdout } = await env(...args);
  const text = await evaluated(stdout, 'env -0');
  return Object.fromEntries(text.split('\0').map((pair) => pair.split(/=(.*)/s).slice(0, 2)));
}

async function clientOf(...args: string[]): Promise<STSClient> {
  const variables = await variablesOf(...args);
  return new STSClient({
    endpoint: variables.AWS_ENDPOINT_URL ?? '',
    region: variables.AWS_REGION ?? '',
    credentials: {
      accessKeyId: variables.AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: variables.AWS_SECRET_ACCESS_KEY ?? '',
      ...(variables.AWS_SESSION_TOKEN && { sessionToken: variables.AWS_SESSION_TOKEN }),
    },
  });
}

describe('env', () => {
  it('prints endpoint, region and access key of a user, as a shell reads them', async () => {
    const { code, stdout, stderr } = await env('--as', 'alice');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.split('\n').slice(0, 5)).toEqual([
      `export AWS_ENDPOINT_URL=${url}`,
      'export AWS_REGION=us-east-1',
      'export AWS_DEFAULT_REGION=us-east-1',
      'export AWS_ACCESS_KEY_ID=AKIALOCALALICE000000',
      `export AWS_SECRET_ACCESS_KEY='a'\\''secret of alice'`,
    ]);
    expect((await variablesOf('--as', 'alice')).AWS_SECRET_ACCESS_KEY).toBe("a'secret of alice");
  });

  it('gives a session of a role that the running proxy honours', async () => {
    const client = await clientOf('--as', 'arn:aws:iam::123456789012:role/shop/recommender');
    const { Arn } = await client.send(new GetCallerIdentityCommand({}));
    expect(Arn).toBe('arn:aws:sts::123456789012:assumed-role/recommender/personalize-authz-proxy');
  });

  it('uses the given session name', async () => {
    const client = await clientOf('--as', 'role/recommender', '--session-name', 'jane@example.com');
    const { Arn } = await client.send(new GetCallerIdentityCommand({}));
    expect(Arn).toBe('arn:aws:sts::123456789012:assumed-role/recommender/jane@example.com');
  });

  it('makes a session of a user where a second factor is asked for', async () => {
    const client = await clientOf('--as', 'user/alice', '--mfa');
    const { Arn } = await client.send(new GetCallerIdentityCommand({}));
    expect(Arn).toBe('arn:aws:iam::123456789012:user/alice');
    expect(await client.config.credentials()).toHaveProperty('sessionToken');
  });

  it('unsets what would be in the way', async () => {
    const args = ['env', ...config(), '--url', url, '--as', 'alice'];
    const { stdout } = await cli(args, { env: { AWS_PROFILE: 'work', AWS_SESSION_TOKEN: 'old' } });
    expect(stdout.split('\n')[0]).toBe('unset AWS_PROFILE AWS_SESSION_TOKEN');
  });

  it('with TLS calls there, and names the file to trust', async () => {
    using own = new TemporaryFolder({
      ...FOLDER,
      'config/proxy.yaml': 'tls: { mode: self-signed, port: 7999 }\n',
    });
    const { stdout } = await cli(['env', '--config', `${own.path}/config/proxy.yaml`, '--as', 'alice']);
    expect(stdout).toContain('export AWS_ENDPOINT_URL=https://127.0.0.1:7999\n');
    for (const name of ['AWS_CA_BUNDLE', 'NODE_EXTRA_CA_CERTS'])
      expect(stdout).toContain(`export ${name}=${own.path}/config/.authz/tls/ca.pem\n`);
  });

  it('exits with 2 for an unknown principal', async () => {
    const { code, stdout, stderr } = await env('--as', 'nobody');
    expect({ code, stdout, stderr }).toEqual({
      code: 2,
      stdout: '',
      stderr: 'error: --as: there is no principal nobody\n',
    });
  });

  it('exits with 2 where only the proxy itself knows its port', async () => {
    const { code, stderr } = await cli(['env', ...config(), '--as', 'alice']);
    expect([code, stderr]).toEqual([
      2,
      'error: port 0 is a free port of its own: say with --url where the proxy runs\n',
    ]);
  });

  it('exits with 2 where the session key cannot be kept: no proxy would accept the session', async () => {
    using own = new TemporaryFolder({ ...FOLDER, 'config/.authz': 'a file in its place' });
    const args = [
      'env',
      '--config',
      `${own.path}/config/proxy.yaml`,
      '--url',
      url,
      '--as',
      'role/recommender',
    ];
    const { code, stdout, stderr } = await cli(args);
    expect(stderr).toContain('/config/.authz/session.key: error: cannot be read: ENOTDIR');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });
});

describe('mfa-code', () => {
  it('prints the present code, which the running proxy takes, once', async () => {
    const { code, stdout, stderr } = await cli(['mfa-code', ...config(), 'alice']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^\d{6}\n$/);
    const factor = { SerialNumber: 'arn:aws:iam::123456789012:mfa/alice', TokenCode: stdout.trim() };
    const client = await clientOf('--as', 'alice');
    await expect(client.send(new GetSessionTokenCommand(factor))).resolves.toHaveProperty('Credentials');
    await expect(client.send(new GetSessionTokenCommand(factor))).rejects.toThrow(
      'MultiFactorAuthentication failed with invalid MFA one time pass code.',
    );
  });

  it('exits with 2 for a user without a device', async () => {
    const { code, stdout, stderr } = await cli(['mfa-code', ...config(), 'keyless']);
    expect(stderr).toMatch(/^error: keyless has no device; give one in principals\.yaml/);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });
});

describe.skipIf(!hasAwsCli)(
  'the AWS CLI in that shell (skips where it is not installed)',
  { tags: 'clients' },
  () => {
    it('may do with a second factor what the role may with one only', async () => {
      const { stdout } = await env('--as', 'role/recommender', '--mfa');
      const call = 'aws personalize list-schemas --query schemas --output json';
      expect(JSON.parse(await evaluated(`unset AWS_PROFILE\n${stdout}`, call))).toEqual([]);
    });
  },
);
