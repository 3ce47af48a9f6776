import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { connect } from 'node:net';
import { connect as connectOverTls } from 'node:tls';
import { ListDatasetGroupsCommand, PersonalizeClient } from '@aws-sdk/client-personalize';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningProxy, startProxy } from '../../src/index.ts';
import { awsCli, hasAwsCli, hasBoto3, python } from './clients.ts';
import { RunningCommand } from './command-line.ts';
import { jsonCall, rawCall, signatory, Wire } from './exchange.ts';
import { allow, configuration, TemporaryFolder } from './temporary-folder.ts';

/* The shipped tls-client may look, but never without TLS. */

let proxy: RunningProxy;
let folder: TemporaryFolder;
beforeAll(async () => {
  folder = new TemporaryFolder(configuration());
  proxy = await startProxy({
    config: `${folder.path}/config/proxy.yaml`,
    principals: 'config/principals.yaml',
    policies: 'policies',
    tlsMode: 'self-signed',
  });
});
afterAll(async () => {
  await proxy.close();
  folder[Symbol.dispose]();
});

const overTls = () => {
  const { url = '', caFile = '' } = proxy.tls ?? {};
  return { ...proxy.clientConfig('tls-client'), endpoint: url, caFile };
};

const DENIAL =
  'User: arn:aws:iam::123456789012:user/tls-client is not authorized to perform: personalize:ListDatasetGroups on resource: * with an explicit deny in an identity-based policy';

describe('AWS SDK for JavaScript v3', () => {
  const list = (settings: object) =>
    new PersonalizeClient({ ...overTls(), ...settings }).send(new ListDatasetGroupsCommand({}));

  it('calls over TLS, trusting the one file, and aws:SecureTransport is true', async () => {
    const httpsAgent = new Agent({ ca: readFileSync(overTls().caFile) });
    await expect(list({ requestHandler: { httpsAgent } })).resolves.toMatchObject({ datasetGroups: [] });
    httpsAgent.destroy();
    expect(overTls().endpoint).toMatch(/^https:\/\/127\.0\.0\.1:[1-9]\d+$/);
  });

  it('is refused over plain HTTP by the policy', async () => {
    await expect(list({ endpoint: proxy.url })).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: DENIAL,
    });
  });

  it('trusts no server whose file it was not given', async () => {
    await expect(list({ maxAttempts: 1 })).rejects.toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
  });
});

describe('a client that ends its side of the connection', () => {
  it.each([1, 20])('after %i requests is answered all the same', async (count) => {
    const { caFile, endpoint } = overTls();
    const { port } = new URL(endpoint);
    // Node's types leave out allowHalfOpen.
    const options = { port: Number(port), host: '127.0.0.1', ca: readFileSync(caFile), allowHalfOpen: true };
    const socket = connectOverTls(options);
    let text = '';
    socket.setEncoding('latin1').on('data', (chunk) => {
      text += chunk;
    });
    const call = rawCall(signatory(proxy, 'tls-client'), jsonCall('ListDatasetGroups'));
    socket.end(Buffer.concat(Array.from({ length: count }, () => call)));
    await once(socket, 'close');
    expect(text.match(/HTTP\/1.1 200 /g)).toHaveLength(count);
  });
});

describe('a client that leaves during the handshake', () => {
  it.each([
    ['at once', ''],
    ['after the beginning of it', '\x16\x03\x01\x02\x00'],
  ])('%s keeps no connection', async (_, bytes) => {
    using wire = await Wire.open(overTls().endpoint);
    wire.socket.end(bytes, 'latin1');
    await wire.closed;
    expect(wire.text).toBe('');
  });
});

describe('the proxy', () => {
  it('shows its own endpoints over TLS too', async () => {
    const { status } = await awaitHealth();
    expect(status).toBe('ok');
  });

  it('has no TLS by default', async () => {
    await using plain = await startProxy({ principals: {} });
    expect(plain.tls).toBeUndefined();
  });

  it('that has no files of its own makes a certificate that goes with it', async () => {
    const own = await startProxy({ principals: {}, tlsMode: 'self-signed' });
    const { caFile = '' } = own.tls ?? {};
    expect(readFileSync(caFile, 'utf8')).toContain('BEGIN CERTIFICATE');
    await own.close();
    expect(() => readFileSync(caFile)).toThrow('ENOENT');
  });

  it('closes at once though a client never says hello', async () => {
    const own = await startProxy({ principals: {}, tlsMode: 'self-signed' });
    const silent = connect(Number(new URL(own.tls?.url ?? '').port), '127.0.0.1');
    await new Promise((resolve) => silent.once('connect', resolve));
    const closed = new Promise((resolve) => silent.once('close', resolve));
    await own.close();
    await closed;
  });

  it('takes the certificate of files', async () => {
    const { caFile = '' } = proxy.tls ?? {};
    const files = { tlsCert: caFile, tlsKey: caFile.replace('ca.pem', 'key.pem') };
    await using own = await startProxy({ principals: {}, tlsMode: 'files', ...files, tlsCa: caFile });
    expect(own.tls).toMatchObject({ url: expect.stringMatching(/^https:/), caFile });
    const wrong = startProxy({ principals: {}, tlsMode: 'files', ...files, tlsKey: caFile });
    await expect(wrong).rejects.toThrow('holds no private key in PEM form');
  });

  async function awaitHealth(): Promise<{ status: string }> {
    const { endpoint, caFile } = overTls();
    const agent = new Agent({ ca: readFileSync(caFile) });
    const { get } = await import('node:https');
    return new Promise((resolve, reject) => {
      get(`${endpoint}/_authz/health`, { agent }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part) => {
          text += part;
        });
        response.on('end', () => {
          agent.destroy();
          resolve(JSON.parse(text));
        });
      }).on('error', reject);
    });
  }
});

describe('serve', () => {
  it('prints where it listens over TLS, and the file to trust', async () => {
    using own = new TemporaryFolder(configuration(allow('personalize:*')));
    const file = `${own.path}/config/proxy.yaml`;
    const flags = ['--tls-mode', 'self-signed', '--tls-port', '0'];
    await using command = new RunningCommand(['serve', '--config', file, ...flags]);
    expect(await command.ready()).toMatch(/^http:/);
    expect(command.stdout).toMatch(/^ {2}over TLS +https:\/\/127\.0\.0\.1:[1-9]\d+$/m);
    expect(command.stdout).toContain(`  CA file    ${own.path}/config/.authz/tls/ca.pem\n`);
  });
});

const variables = () => ({ AWS_CA_BUNDLE: overTls().caFile });

describe.skipIf(!hasBoto3)('boto3 (skips where python3 has none)', { tags: 'clients' }, () => {
  it('calls over TLS with AWS_CA_BUNDLE', async () => {
    const program = `
import boto3
print(boto3.client('personalize').list_dataset_groups()['datasetGroups'])
`;
    const { stdout, stderr } = await python({ ...overTls(), variables: variables() }, program);
    expect({ stdout, stderr }).toEqual({ stdout: '[]\n', stderr: '' });
  });
});

describe.skipIf(!hasAwsCli)('the AWS CLI (skips where it is not installed)', { tags: 'clients' }, () => {
  it('calls over TLS with AWS_CA_BUNDLE', async () => {
    const call = ['personalize', 'list-dataset-groups'];
    const { code, stderr } = await awsCli({ ...overTls(), variables: variables() }, ...call);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});
