/** @module-tag clients */
import { readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { GetUserCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  CreateSolutionCommand,
  DeleteSchemaCommand,
  ListSchemasCommand,
  PersonalizeClient,
} from '@aws-sdk/client-personalize';
import { GetSessionTokenCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningProxy, startProxy } from '../../src/index.ts';
import { oneTimeCode } from '../../src/sessions/one-time-code.ts';
import { type AwsEnvironment, awsCli, hasAwsCli } from '../e2e/clients.ts';
import { TemporaryFolder } from '../e2e/temporary-folder.ts';
import { credentialsIn, refusalOf, userArn } from '../unit/sts/world.ts';

/* The documentation's policies with a condition, as they are shipped: on a second factor, an address, a date, TLS. */

const NOW = Date.parse('2026-11-24T12:00:00Z');
const AFTER_THE_CONTRACT = Date.parse('2031-01-01T00:00:00Z');
const GROUP = 'arn:aws:personalize:us-east-1:123456789012:dataset-group/none';
const SCHEMA = 'arn:aws:personalize:us-east-1:123456789012:schema/none';

let proxy: RunningProxy;
let folder: TemporaryFolder;
/** The AWS CLI signs by the real clock: its proxy has that one. */
let now: number | undefined;
beforeAll(async () => {
  folder = new TemporaryFolder({ 'proxy.yaml': '' });
  proxy = await startProxy({
    config: `${folder.path}/proxy.yaml`,
    principals: 'config/principals.yaml',
    policies: 'policies',
    tlsMode: 'self-signed',
    clock: () => now ?? Date.now(),
  });
  withFactor = sessionWithFactor('release-manager');
  await withFactor;
});
afterAll(async () => {
  await proxy.close();
  folder[Symbol.dispose]();
});

/** Settings of a client with one call, which signs by the clock of the proxy. */
const by = (who: string) => ({
  ...proxy.clientConfig(`user/${who}`),
  systemClockOffset: (now ?? Date.now()) - Date.now(),
  maxAttempts: 1,
});

/** Made once: a one-time code counts once. */
let withFactor: ReturnType<typeof sessionWithFactor>;

async function sessionWithFactor(who: string) {
  const { serialNumber = '', secret = '' } = proxy.directory.users.get(who)?.mfa ?? {};
  const factor = { SerialNumber: serialNumber, TokenCode: oneTimeCode(secret, Date.now()) };
  return credentialsIn(await new STSClient(by(who)).send(new GetSessionTokenCommand(factor)));
}

const isDenied = async (call: Promise<unknown>): Promise<boolean> =>
  (await refusalOf(call)).code.startsWith('AccessDenied');

describe('a condition on', () => {
  it('a second factor lets a session with one delete, and no access key', async () => {
    const remove = (settings: object) =>
      new PersonalizeClient({ ...by('release-manager'), ...settings }).send(
        new DeleteSchemaCommand({ schemaArn: SCHEMA }),
      );
    expect(await isDenied(remove({}))).toBe(true);
    expect(await refusalOf(remove({ credentials: await withFactor }))).toMatchObject({
      code: 'ResourceNotFoundException',
    });
  });

  it('an address lets this machine look', async () => {
    const call = new PersonalizeClient(by('office-analyst')).send(new ListSchemasCommand({}));
    await expect(call).resolves.toBeDefined();
  });

  it('a date counts until its day', async () => {
    const create = () =>
      new PersonalizeClient(by('contractor')).send(
        new CreateSolutionCommand({ name: 'x', datasetGroupArn: GROUP }),
      );
    const own = () => new IAMClient(by('contractor')).send(new GetUserCommand({}));
    try {
      now = NOW;
      expect(await isDenied(create())).toBe(false);
      await expect(own()).resolves.toMatchObject({ User: { UserName: 'contractor' } });
      now = AFTER_THE_CONTRACT;
      expect(await isDenied(create())).toBe(true);
      expect(await isDenied(own())).toBe(true);
    } finally {
      now = undefined;
    }
  });

  it('the tls-client is allowed over TLS only', async () => {
    const { url = '', caFile = '' } = proxy.tls ?? {};
    const httpsAgent = new Agent({ ca: readFileSync(caFile) });
    const overTls = { endpoint: url, requestHandler: { httpsAgent } };
    const list = (settings: object) =>
      new PersonalizeClient({ ...by('tls-client'), ...settings }).send(new ListSchemasCommand({}));
    await expect(list(overTls)).resolves.toBeDefined();
    expect(await isDenied(list({}))).toBe(true);
    expect(await isDenied(new IAMClient(by('tls-client')).send(new GetUserCommand({})))).toBe(true);
    httpsAgent.destroy();
  });
});

describe.skipIf(!hasAwsCli)(
  'the AWS CLI shows own permissions, and is refused those of another (skips where it is not installed)',
  { tags: 'clients' },
  () => {
    const overTls = (who: string): AwsEnvironment => {
      const { url = '', caFile = '' } = proxy.tls ?? {};
      return { ...proxy.clientConfig(`user/${who}`), endpoint: url, variables: { AWS_CA_BUNDLE: caFile } };
    };

    it.each<[who: string, environment: () => AwsEnvironment | Promise<AwsEnvironment>]>([
      ['office-analyst', () => proxy.clientConfig('user/office-analyst')],
      ['contractor', () => proxy.clientConfig('user/contractor')],
      ['tls-client', () => overTls('tls-client')],
      [
        'release-manager',
        async () => ({
          ...proxy.clientConfig('user/release-manager'),
          credentials: await withFactor,
        }),
      ],
    ])('as %s', async (who, environmentOf) => {
      const environment = await environmentOf();
      const listOf = (name: string) => awsCli(environment, 'iam', 'list-user-policies', '--user-name', name);
      const [self, own, other] = await Promise.all([
        awsCli(environment, 'iam', 'get-user', '--query', 'User.Arn', '--output', 'text'),
        listOf(who),
        listOf('owner'),
      ]);
      expect(self).toEqual({ code: 0, stdout: `${userArn(who)}\n`, stderr: '' });
      expect(JSON.parse(own.stdout).PolicyNames).toHaveLength(1);
      expect(other.code).not.toBe(0);
      expect(other.stderr).toContain(
        `An error occurred (AccessDenied) when calling the ListUserPolicies operation: User: ${userArn(who)} is not authorized to perform: iam:ListUserPolicies on resource: ${userArn('owner')} because no identity-based policy allows the iam:ListUserPolicies action`,
      );
    });
  },
);
