import { CreateSchemaCommand, ListSchemasCommand } from '@aws-sdk/client-personalize';
import { DecodeAuthorizationMessageCommand } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ACCOUNT, allow, policy, refusalOf, sessionArn, trust, userArn, World } from './world.ts';

const key = (name: string) => [
  { id: `AKIALOCAL${name.toUpperCase().padEnd(11, '0')}`, secret: `local-only-secret-of-${name}` },
];
const FOLDER = {
  principals: {
    users: {
      alice: { accessKeys: key('alice'), managedPolicies: ['decode'] },
      bob: { accessKeys: key('bob'), managedPolicies: ['no-schemas'], tags: { team: 'ml' } },
    },
    roles: { reader: { trustPolicy: 'trust' } },
  },
  policies: {
    decode: allow('sts:DecodeAuthorizationMessage'),
    'no-schemas': policy({
      Sid: 'NoSchemas',
      Effect: 'Deny',
      Action: ['personalize:CreateSchema', 'personalize:DeleteSchema'],
      Resource: '*',
      Condition: { StringEquals: { 'aws:PrincipalTag/team': 'ml' } },
    }),
    trust: trust(userArn('bob')),
  },
};

let world: World;
beforeEach(async () => {
  world = await World.open(FOLDER);
});
afterEach(() => world[Symbol.asyncDispose]());

const createSchema = (who: Parameters<World['personalize']>[0]) =>
  refusalOf(world.personalize(who).send(new CreateSchemaCommand({ name: 'x', schema: '{}' })));

/** The encoded message of the last decision. */
async function encoded(
  id = world.proxy.decisions.at(-1)?.id,
): Promise<{ status: number; body: { encodedMessage: string } }> {
  const response = await fetch(`${world.proxy.url}/_authz/decisions/${id}/encoded-message`);
  return { status: response.status, body: (await response.json()) as { encodedMessage: string } };
}

const decode = (EncodedMessage: string, who = 'alice', of = world) =>
  of.sts(who).send(new DecodeAuthorizationMessageCommand({ EncodedMessage }));

async function decodedLast() {
  const { body } = await encoded();
  const { DecodedMessage = '' } = await decode(body.encodedMessage);
  return JSON.parse(DecodedMessage);
}

const conditionsOf = (document: { context: { conditions: { items: { key: string; values: unknown }[] } } }) =>
  Object.fromEntries(document.context.conditions.items.map(({ key, values }) => [key, values]));

describe('a denial', () => {
  it('is decoded with the statement that denied, and all context of the call', async () => {
    await createSchema('bob');
    const document = await decodedLast();
    const id = world.proxy.directory.users.get('bob')?.id;
    expect(document).toMatchObject({
      allowed: false,
      explicitDeny: true,
      matchedStatements: {
        items: [
          {
            statementId: 'NoSchemas',
            effect: 'DENY',
            principals: { items: [{ value: id }] },
            principalGroups: { items: [] },
            actions: {
              items: [{ value: 'personalize:CreateSchema' }, { value: 'personalize:DeleteSchema' }],
            },
            resources: { items: [{ value: '*' }] },
            conditions: { items: [{ key: 'aws:PrincipalTag/team', values: { items: [{ value: 'ml' }] } }] },
          },
        ],
      },
      failures: { items: [] },
      context: {
        principal: { id, name: 'bob', arn: userArn('bob') },
        action: 'personalize:CreateSchema',
        resource: `arn:aws:personalize:us-east-1:${ACCOUNT}:schema/x`,
      },
    });
    expect(conditionsOf(document)).toMatchObject({
      'aws:SourceIp': { items: [{ value: '127.0.0.1' }] },
      'aws:username': { items: [{ value: 'bob' }] },
      'aws:PrincipalTag/team': { items: [{ value: 'ml' }] },
      'aws:SecureTransport': { items: [{ value: 'false' }] },
    });
  });

  it('has no statements for an implicit deny, and works for a session as for a user', async () => {
    await createSchema(await world.session('bob', 'reader'));
    const document = await decodedLast();
    const id = world.proxy.directory.roles.get('reader')?.id;
    expect(document).toMatchObject({
      explicitDeny: false,
      matchedStatements: { items: [] },
      context: { principal: { id: `${id}:test`, arn: sessionArn('reader', 'test') } },
    });
    expect(document.context.principal).not.toHaveProperty('name');
  });

  it('is decoded by every proxy with the same session key, and by no other', async () => {
    const env = { AUTHZ_SESSION_KEY: Buffer.alloc(32, 7).toString('base64') };
    await using one = await World.open({ ...FOLDER, env });
    await using two = await World.open({ ...FOLDER, env });
    await createSchema('bob');
    const foreign = (await encoded()).body.encodedMessage;
    await refusalOf(one.personalize('bob').send(new CreateSchemaCommand({ name: 'x', schema: '{}' })));
    const last = one.proxy.decisions.at(-1)?.id;
    const response = await fetch(`${one.proxy.url}/_authz/decisions/${last}/encoded-message`);
    const { encodedMessage } = (await response.json()) as { encodedMessage: string };
    await expect(decode(encodedMessage, 'alice', two)).resolves.toHaveProperty('DecodedMessage');
    expect(await refusalOf(decode(foreign, 'alice', two))).toMatchObject({
      code: 'InvalidAuthorizationMessageException',
    });
  });

  it('reveals nothing without decoding', async () => {
    await createSchema('bob');
    const { encodedMessage } = (await encoded()).body;
    expect(Buffer.from(encodedMessage.split('.')[3] ?? '', 'base64url').toString('latin1')).not.toContain(
      'bob',
    );
    expect(encodedMessage.length).toBeLessThan(10_240);
  });
});

describe('a message', () => {
  it('is decoded only for callers with permission', async () => {
    await createSchema('bob');
    const { encodedMessage } = (await encoded()).body;
    expect(await refusalOf(decode(encodedMessage, 'bob'))).toEqual({
      status: 403,
      code: 'AccessDenied',
      message: `User: ${userArn('bob')} is not authorized to perform: sts:DecodeAuthorizationMessage on resource: * because no identity-based policy allows the sts:DecodeAuthorizationMessage action`,
    });
  });

  it('is rejected if it was changed, or is something else that was encrypted', async () => {
    await createSchema('bob');
    const { encodedMessage } = (await encoded()).body;
    const { sessionToken } = await world.session('bob', 'reader');
    for (const message of ['nonsense', `${encodedMessage}x`, encodedMessage.slice(0, -1), sessionToken])
      expect(await refusalOf(decode(message))).toEqual({
        status: 400,
        code: 'InvalidAuthorizationMessageException',
        message: 'Message is not valid',
      });
  });

  it('exists for a denial only', async () => {
    await decode('nonsense').catch(() => undefined);
    expect(await encoded()).toMatchObject({ status: 404, body: { error: { code: 'NotDenied' } } });
    await refusalOf(
      world
        .personalize({ accessKeyId: 'AKIAUNKNOWN000000000', secretAccessKey: 'x' })
        .send(new ListSchemasCommand({})),
    );
    expect((await encoded()).status).toBe(404);
    expect(await encoded('none')).toMatchObject({ status: 404, body: { error: { code: 'NotFound' } } });
  });

  it('exists for the last denial with that name', async () => {
    await createSchema('bob');
    await decode('nonsense').catch(() => undefined);
    expect((await encoded('last')).status).toBe(200);
  });
});
