/** @module-tag clients */
import { readFileSync } from 'node:fs';
import {
  CreateDatasetGroupCommand,
  DeleteSchemaCommand,
  ListDatasetGroupsCommand,
  PersonalizeClient,
} from '@aws-sdk/client-personalize';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { SETTINGS } from '../../src/config/settings.ts';
import { ROOT } from '../e2e/command-line.ts';
import { configuration, TemporaryFolder } from '../e2e/temporary-folder.ts';
import { freePort } from '../free-port.ts';
import { hasRedis, type RedisServer, startRedis } from '../unit/stub/redis-server.ts';
import { CommandProcess } from './command-process.ts';
import { Haproxy, hasHaproxy } from './haproxy.ts';

const SCHEMA = 'arn:aws:personalize:us-east-1:123456789012:schema/none';
/** Everything but deleting schemas, from the address that the balancer names. */
const POLICY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Action: ['personalize:Create*', 'personalize:List*'],
      Resource: '*',
      Condition: { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } },
    },
  ],
});

describe.skipIf(!hasRedis || !hasHaproxy)(
  'two replicas behind the HAProxy of the example (skips without redis-server and haproxy)',
  () => {
    const folder = new TemporaryFolder(configuration(POLICY));
    const started: AsyncDisposable[] = [];
    const env = { AUTHZ_SESSION_KEY: Buffer.alloc(32, 7).toString('base64') };
    let redis: RedisServer;
    let replicas: readonly [CommandProcess, CommandProcess];
    let url: string;
    let personalize: PersonalizeClient;

    const replica = (): CommandProcess => {
      const args = ['--port', '0', '--state', redis.url, '--trusted-proxies', '127.0.0.1'];
      const started = new CommandProcess(['serve', ...args], { cwd: folder.path, env });
      return started;
    };
    const decisions = async (): Promise<readonly { readonly outcome: string }[]> => {
      const response = await fetch(`${url}/_authz/decisions`, { headers: { connection: 'close' } });
      return JSON.parse(await response.text()).decisions;
    };
    /** Until every replica was called and has caught up. */
    const forget = async () => {
      await fetch(`${url}/_authz/decisions`, { method: 'DELETE', headers: { 'x-authz-admin': '1' } });
      for (let asked = 0; asked < 4; asked += 1) expect(await decisions()).toEqual([]);
    };
    const denied = () => personalize.send(new DeleteSchemaCommand({ schemaArn: SCHEMA }));

    beforeAll(async () => {
      redis = await startRedis();
      replicas = [replica(), replica()];
      started.push(...replicas);
      const [one, two] = await Promise.all(replicas.map((each) => each.ready()));
      const balancer = await Haproxy.start(await freePort(), [one ?? '', two ?? '']);
      started.push(balancer);
      url = balancer.url;
      personalize = new PersonalizeClient({
        endpoint: url,
        region: 'us-east-1',
        credentials: { accessKeyId: 'AKIAEXAMPLEALICE0000', secretAccessKey: 'the-secret-of-alice' },
        maxAttempts: 3,
      });
      // As if the client were elsewhere, after signing: HAProxy adds its own address behind this one.
      personalize.middlewareStack.add(
        (next) => (args) => {
          (args.request as { headers: Record<string, string> }).headers['x-forwarded-for'] = '203.0.113.7';
          return next(args);
        },
        { step: 'deserialize', name: 'elsewhere' },
      );
    });
    afterAll(async () => {
      for (const each of started.reverse()) await each[Symbol.asyncDispose]();
      await redis.stop();
      folder[Symbol.dispose]();
    });

    it('are one proxy: the signature holds, the client is known, and decisions are all there', async () => {
      for (const name of ['a', 'b', 'c', 'd'])
        await personalize.send(new CreateDatasetGroupCommand({ name }));
      const { datasetGroups } = await personalize.send(new ListDatasetGroupsCommand({}));
      expect(datasetGroups).toHaveLength(4);
      for (let asked = 0; asked < 4; asked += 1) expect(await decisions()).toHaveLength(5);
    });

    it('go on deciding while Redis is away, and have every decision when it is back', async () => {
      await forget();
      await redis.stop();
      for (let made = 0; made < 6; made += 1)
        await expect(denied()).rejects.toMatchObject({ name: 'AccessDeniedException' });
      redis = await startRedis(redis.port);

      await expect.poll(async () => (await decisions()).length, { timeout: 10_000 }).toBe(6);
      for (let asked = 0; asked < 4; asked += 1) expect(await decisions()).toHaveLength(6);
    }, 60_000);

    it('lose nothing that was answered when one of them is killed', async () => {
      await forget();
      for (let made = 0; made < 6; made += 1) await expect(denied()).rejects.toThrow();
      replicas[0].child.kill('SIGKILL');
      await replicas[0].ended;
      for (let made = 0; made < 6; made += 1)
        await expect(denied()).rejects.toMatchObject({ name: 'AccessDeniedException' });

      expect((await decisions()).length).toBe(12);
    });
  },
);

describe('the compose file with replicas', () => {
  const read = (name: string): string => readFileSync(`${ROOT}examples/replicas/${name}`, 'utf8');
  const { services, networks } = parse(read('docker-compose.yml'), { merge: true });

  it('gives both replicas the same settings, which exist', () => {
    expect(services.one).toEqual(services.two);
    const { environment, command } = services.one;
    const variables = SETTINGS.map(({ variable }) => variable);
    expect(Object.keys(environment).filter((name) => !variables.includes(name))).toEqual([]);
    expect(command).toEqual(['serve']);
    expect(environment.AUTHZ_STATE).toBe('redis://redis:6379');
    expect(Object.keys(services)).toContain('redis');
  });

  it('trusts the balancer only, which forwards to both replicas on the port of the image', () => {
    const { networks: places } = services.proxy;
    expect(services.one.environment.AUTHZ_TRUSTED_PROXIES).toBe(places.default.ipv4_address);
    expect(networks.default.ipam.config[0].subnet).toBe('10.77.0.0/24');
    const targets = [...read('haproxy.cfg').matchAll(/^ {2}server (\w+) (\w+):(\d+)/gm)];
    expect(targets.map(([, name, host, port]) => `${name} ${host} ${port}`)).toEqual([
      'one one 7377',
      'two two 7377',
      'one one 7377',
      'two two 7377',
    ]);
    expect(readFileSync(`${ROOT}Dockerfile`, 'utf8')).toContain('EXPOSE 7377');
    expect(services.proxy.ports).toEqual(['127.0.0.1:7377:7377']);
  });
});
