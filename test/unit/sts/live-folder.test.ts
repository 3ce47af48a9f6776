import { rmSync } from 'node:fs';
import { ListCampaignsCommand, ListSchemasCommand } from '@aws-sdk/client-personalize';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TemporaryFolder } from '../../e2e/temporary-folder.ts';
import { ACCOUNT, allow, refusalOf, trust, userArn, World } from './world.ts';

/* The effect of folder changes on sessions: trust is checked when a session is issued, permissions are current. */

const principals = (roles: string): string => `
users:
  alice:
    accessKeys: [{ id: AKIALOCALALICE000000, secret: local-only-secret-of-alice }]
roles:
${roles}
`;
const READER = '  reader: { trustPolicy: trust, managedPolicies: [read] }';
const FILES = {
  'config/proxy.yaml': 'listen: { port: 0 }\n',
  'config/principals.yaml': principals(READER),
  'policies/trust.json': JSON.stringify(trust(userArn('alice'))),
  'policies/read.json': JSON.stringify(allow('personalize:ListSchemas')),
};

let folder: TemporaryFolder;
let world: World;
beforeEach(async () => {
  folder = new TemporaryFolder(FILES);
  world = await World.open({ config: `${folder.path}/config/proxy.yaml` });
});
afterEach(async () => {
  await world[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

const edit = async (files: Readonly<Record<string, string>>): Promise<void> => {
  for (const [name, text] of Object.entries(files)) folder.write(name, text);
  expect(await world.proxy.reload()).toEqual([]);
};

describe('a session of a role', () => {
  it('has the current policies of the role', async () => {
    const session = await world.session('alice', 'reader');
    await expect(world.personalize(session).send(new ListCampaignsCommand({}))).rejects.toThrow(
      'not authorized',
    );
    await edit({ 'policies/read.json': JSON.stringify(allow('personalize:ListCampaigns')) });
    await expect(world.personalize(session).send(new ListCampaignsCommand({}))).resolves.toBeDefined();
    await expect(world.personalize(session).send(new ListSchemasCommand({}))).rejects.toThrow(
      'not authorized',
    );
  });

  it('has the current session policies of their ARNs, and no permissions if they were removed', async () => {
    await edit({ 'policies/narrow.json': JSON.stringify(allow('personalize:ListSchemas')) });
    const session = await world.session('alice', 'reader', {
      PolicyArns: [{ arn: `arn:aws:iam::${ACCOUNT}:policy/narrow` }],
    });
    await expect(world.personalize(session).send(new ListSchemasCommand({}))).resolves.toBeDefined();
    await edit({ 'policies/narrow.json': JSON.stringify(allow('personalize:ListCampaigns')) });
    await expect(world.personalize(session).send(new ListSchemasCommand({}))).rejects.toThrow(
      'session policy',
    );
    await edit({ 'policies/narrow.json': JSON.stringify(allow('personalize:ListSchemas')) });
    await expect(world.personalize(session).send(new ListSchemasCommand({}))).resolves.toBeDefined();
    rmSync(`${folder.path}/policies/narrow.json`);
    await edit({});
    await expect(world.personalize(session).send(new ListSchemasCommand({}))).rejects.toThrow(
      'session policy',
    );
  });

  it('remains valid if the role no longer trusts the caller', async () => {
    const session = await world.session('alice', 'reader');
    await edit({ 'policies/trust.json': JSON.stringify(trust(userArn('bob'))) });
    await expect(world.personalize(session).send(new ListSchemasCommand({}))).resolves.toBeDefined();
    await expect(world.assumeRole('alice', 'reader')).rejects.toThrow(
      'not authorized to perform: sts:AssumeRole',
    );
  });

  it('is unknown if the role was removed, before its signature is verified', async () => {
    const session = await world.session('alice', 'reader');
    await edit({ 'config/principals.yaml': principals('  other: { trustPolicy: trust }') });
    for (const secretAccessKey of [session.secretAccessKey, 'wrong']) {
      const call = world.sts({ ...session, secretAccessKey }).send(new GetCallerIdentityCommand({}));
      expect(await refusalOf(call)).toEqual({
        status: 403,
        code: 'InvalidClientTokenId',
        message: 'The security token included in the request is invalid.',
      });
    }
  });

  it('is accepted by every proxy of the same configuration, and after a restart', async () => {
    const session = await world.session('alice', 'reader');
    await using replica = await World.open({ config: `${folder.path}/config/proxy.yaml` });
    await expect(replica.personalize(session).send(new ListSchemasCommand({}))).resolves.toBeDefined();
    const back = await replica.session('alice', 'reader');
    await expect(world.personalize(back).send(new ListSchemasCommand({}))).resolves.toBeDefined();
  });

  it('is accepted between proxies that both started before the key existed', async () => {
    await using replica = await World.open({ config: `${folder.path}/config/proxy.yaml` });
    const session = await world.session('alice', 'reader');
    await expect(replica.personalize(session).send(new ListSchemasCommand({}))).resolves.toBeDefined();
  });
});
