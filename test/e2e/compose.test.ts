import { existsSync, readFileSync } from 'node:fs';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { startProxy } from '../../src/index.ts';
import { cli, ROOT, RunningCommand } from './command-line.ts';
import { configuration, TemporaryFolder } from './temporary-folder.ts';

const read = (file: string): string => readFileSync(`${ROOT}${file}`, 'utf8');

interface Service {
  readonly command?: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
}

const { proxy, app } = (parse(read('docker-compose.yml')) as { services: Readonly<Record<string, Service>> })
  .services;

describe('the compose stack', () => {
  it('starts with its own command, and keeps the session key, the resources and the objects in the volume', async () => {
    using folder = new TemporaryFolder(configuration());
    const command = (proxy?.command ?? []).map((word) => word.replace('/data', `${folder.path}/data`));
    folder.write('data/kept', '');
    await using running = new RunningCommand([...command, '--port', '0'], { cwd: folder.path });
    const url = await running.ready();
    const given = await cli(
      ['env', '--as', 'alice', '--mfa', '--url', url, '--session-file', `${folder.path}/data/session.key`],
      {
        cwd: folder.path,
      },
    );
    expect(given.code).toBe(0);
    expect(existsSync(`${folder.path}/data/session.key`)).toBe(true);
    expect(existsSync(`${folder.path}/config/.authz/session.key`)).toBe(false);
    expect(existsSync(`${folder.path}/data/stub.db`)).toBe(true);
    expect(proxy?.volumes).toContain('state:/data');
    const variable = (name: string) => new RegExp(`^export ${name}=(.*)$`, 'm').exec(given.stdout)?.[1] ?? '';
    const client = new STSClient({
      endpoint: url,
      region: 'us-east-1',
      credentials: {
        accessKeyId: variable('AWS_ACCESS_KEY_ID'),
        secretAccessKey: variable('AWS_SECRET_ACCESS_KEY'),
        sessionToken: variable('AWS_SESSION_TOKEN'),
      },
    });
    expect((await client.send(new GetCallerIdentityCommand({}))).Arn).toMatch(/user\/alice$/);
  });

  it('accepts the sessions that `env` on the host makes with the same AUTHZ_SESSION_KEY', async () => {
    expect(proxy?.environment.AUTHZ_SESSION_KEY).toBe('${AUTHZ_SESSION_KEY:-}');
    using host = new TemporaryFolder(configuration());
    using container = new TemporaryFolder(configuration());
    const env = { AUTHZ_SESSION_KEY: Buffer.alloc(32, 7).toString('base64') };
    await using running = await startProxy({ config: `${container.path}/config/proxy.yaml`, env });
    const { stdout } = await cli(['env', '--as', 'alice', '--mfa', '--url', running.url], {
      cwd: host.path,
      env,
    });
    expect(stdout).toContain('export AWS_SESSION_TOKEN=');
    const variable = (name: string) => new RegExp(`^export ${name}='?(.*?)'?$`, 'm').exec(stdout)?.[1] ?? '';
    const credentials = {
      accessKeyId: variable('AWS_ACCESS_KEY_ID'),
      secretAccessKey: variable('AWS_SECRET_ACCESS_KEY'),
      sessionToken: variable('AWS_SESSION_TOKEN'),
    };
    const client = new STSClient({ endpoint: running.url, region: 'us-east-1', credentials });
    await expect(client.send(new GetCallerIdentityCommand({}))).resolves.toHaveProperty('Account');
  });

  it('calls the proxy by its name, with the key of a user of the shipped configuration', () => {
    expect(app?.environment.AWS_ENDPOINT_URL).toBe('http://proxy:7377');
    expect(read('config/principals.yaml')).toContain(`id: ${app?.environment.AWS_ACCESS_KEY_ID}`);
    expect(read('examples/app/Dockerfile')).toContain('npm ci');
    expect(existsSync(`${ROOT}examples/app/package-lock.json`)).toBe(true);
  });

  it('checks the health of a container without its configuration', async () => {
    const [, check = ''] = /HEALTHCHECK[^\n]*\\\n\s*CMD (\[.*\])/.exec(read('Dockerfile')) ?? [];
    const [, , ...args] = JSON.parse(check) as readonly string[];
    expect(args).toEqual(['healthcheck', '--url', 'http://127.0.0.1:7377']);
    await using running = await startProxy();
    using folder = new TemporaryFolder({ 'config/proxy.yaml': 'not: [valid' });
    expect(await cli(['healthcheck', '--url', running.url], { cwd: folder.path })).toMatchObject({ code: 0 });
  });
});
