import { GetUserCommand, IAMClient } from '@aws-sdk/client-iam';
import { ListCampaignsCommand, ListSchemasCommand } from '@aws-sdk/client-personalize';
import {
  GetAccessKeyInfoCommand,
  GetCallerIdentityCommand,
  GetFederationTokenCommand,
  type GetFederationTokenCommandInput,
  GetSessionTokenCommand,
} from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { oneTimeCode } from '../../../src/sessions/one-time-code.ts';
import {
  ACCOUNT,
  allow,
  type Credentials,
  credentialsIn,
  HOUR,
  policy,
  refusalOf,
  sessionArn,
  trust,
  userArn,
  World,
} from './world.ts';

/* Sessions that users create themselves: GetSessionToken and GetFederationToken. */

const SECRET = 'JBSWY3DPEHPK3PXP';
const DEVICE = `arn:aws:iam::${ACCOUNT}:mfa/alice`;
const DENY_ALL = { Effect: 'Deny', Action: '*', Resource: '*' };

let world: World;
beforeEach(async () => {
  world = await World.open({
    principals: {
      users: {
        alice: {
          accessKeys: [{ id: 'AKIALOCALALICE000000', secret: 'local-only-secret-of-alice' }],
          managedPolicies: ['lists', 'federate'],
          tags: { team: 'ml' },
          mfa: { secret: SECRET },
        },
        denied: {
          accessKeys: [{ id: 'AKIALOCALDENIED00000', secret: 'local-only-secret-of-denied' }],
          managedPolicies: ['deny-all'],
        },
        bounded: {
          accessKeys: [{ id: 'AKIALOCALBOUNDED0000', secret: 'local-only-secret-of-bounded' }],
          managedPolicies: ['lists', 'federate'],
          permissionsBoundary: 'boundary',
        },
      },
      roles: { reader: { trustPolicy: 'trust', managedPolicies: ['lists'] } },
    },
    policies: {
      lists: allow(['personalize:List*', 'iam:GetUser', 'sts:GetAccessKeyInfo', 'sts:GetSessionToken']),
      federate: allow(
        ['sts:GetFederationToken', 'sts:TagSession'],
        `arn:aws:sts::${ACCOUNT}:federated-user/shop-*`,
      ),
      boundary: allow(['personalize:ListSchemas', 'sts:*']),
      'deny-all': policy(DENY_ALL),
      trust: trust([userArn('alice'), ACCOUNT]),
    },
  });
});
afterEach(() => world[Symbol.asyncDispose]());

const code = () => ({ SerialNumber: DEVICE, TokenCode: oneTimeCode(SECRET, world.now) });
const getSessionToken = (who: string | Credentials, more: object = {}) =>
  world.sts(who).send(new GetSessionTokenCommand(more));
const getFederationToken = (who: string | Credentials, more: Partial<GetFederationTokenCommandInput> = {}) =>
  world.sts(who).send(new GetFederationTokenCommand({ Name: 'shop-front', ...more }));
const whoIs = (who: string | Credentials) => world.sts(who).send(new GetCallerIdentityCommand({}));
const getUser = (who: string | Credentials) =>
  new IAMClient(world.settings(who)).send(new GetUserCommand({ UserName: 'alice' }));

const DEFAULT_POLICY = JSON.stringify(allow('personalize:ListSchemas'));

describe('GetCallerIdentity', () => {
  it('returns the identity of a user, in the order of STS', async () => {
    const { id = '' } = world.proxy.directory.users.get('alice') ?? {};
    expect(await whoIs('alice')).toMatchObject({ Account: ACCOUNT, Arn: userArn('alice'), UserId: id });
    const { text } = await world.post('alice', { Action: 'GetCallerIdentity' });
    expect([...text.matchAll(/<(\w+)/g)].map(([, name]) => name)).toEqual([
      ...['GetCallerIdentityResponse', 'GetCallerIdentityResult', 'Arn', 'UserId', 'Account'],
      ...['ResponseMetadata', 'RequestId'],
    ]);
  });

  it('requires no permission, even with an explicit deny', async () => {
    await expect(whoIs('denied')).resolves.toMatchObject({ Arn: userArn('denied') });
  });
});

describe('GetSessionToken', () => {
  it('returns a session of the user for twelve hours, with the permissions of the user', async () => {
    const output = await getSessionToken('alice');
    expect(output.Credentials?.Expiration).toEqual(new Date(world.now + 12 * HOUR));
    const session = credentialsIn(output);
    expect((await whoIs(session)).Arn).toBe(userArn('alice'));
    await expect(world.personalize(session).send(new ListSchemasCommand({}))).resolves.toBeDefined();
  });

  it('requires no permission', async () => {
    await expect(getSessionToken('denied')).resolves.toBeDefined();
  });

  it('is denied to temporary credentials', async () => {
    const sessions = [
      await world.session('alice', 'reader'),
      credentialsIn(await getSessionToken('alice')),
      credentialsIn(await getFederationToken('alice', { Policy: DEFAULT_POLICY })),
    ];
    for (const session of sessions)
      expect(await refusalOf(getSessionToken(session))).toEqual({
        status: 403,
        code: 'AccessDenied',
        message: 'Cannot call GetSessionToken with session credentials',
      });
  });

  it.each([
    [899, 'greater than or equal to 900'],
    [129_601, 'less than or equal to 129600'],
  ])('rejects a duration of %i seconds', async (DurationSeconds, rule) => {
    expect(await refusalOf(getSessionToken('alice', { DurationSeconds }))).toEqual({
      status: 400,
      code: 'ValidationError',
      message: `1 validation error detected: Value '${DurationSeconds}' at 'durationSeconds' failed to satisfy constraint: Member must have value ${rule}`,
    });
  });

  it('expires as requested', async () => {
    const session = credentialsIn(await getSessionToken('alice', { DurationSeconds: 900 }));
    world.wait(900_000 - 1);
    await expect(whoIs(session)).resolves.toBeDefined();
    world.wait(1);
    expect((await refusalOf(whoIs(session))).code).toBe('ExpiredToken');
  });

  it('rejects a wrong code, and one of another device', async () => {
    expect(await refusalOf(getSessionToken('alice', { ...code(), TokenCode: '000000' }))).toEqual({
      status: 403,
      code: 'AccessDenied',
      message: 'MultiFactorAuthentication failed with invalid MFA one time pass code. ',
    });
    expect(await refusalOf(getSessionToken('denied', code()))).toMatchObject({
      code: 'AccessDenied',
      message: expect.stringContaining('unable to validate MFA code.  Please verify your MFA serial number'),
    });
  });

  it('allows IAM only with MFA', async () => {
    const without = credentialsIn(await getSessionToken('alice'));
    expect(await refusalOf(getUser(without))).toEqual({
      status: 403,
      code: 'InvalidClientTokenId',
      message: 'The security token included in the request is invalid.',
    });
    const withCode = credentialsIn(await getSessionToken('alice', code()));
    await expect(getUser(withCode)).resolves.toMatchObject({ User: { UserName: 'alice' } });
  });

  it('allows only AssumeRole and GetCallerIdentity of STS', async () => {
    const session = credentialsIn(await getSessionToken('alice'));
    await expect(world.assumeRole(session, 'reader')).resolves.toMatchObject({
      AssumedRoleUser: { Arn: sessionArn('reader', 'test') },
    });
    await expect(whoIs(session)).resolves.toBeDefined();
    expect(await refusalOf(getFederationToken(session))).toMatchObject({
      code: 'AccessDenied',
      message: 'Cannot call GetFederationToken with session credentials',
    });
  });
});

describe('GetFederationToken', () => {
  it('returns a session with the permissions that both the user and the policy allow', async () => {
    const output = await getFederationToken('alice', { Policy: DEFAULT_POLICY });
    const arn = `arn:aws:sts::${ACCOUNT}:federated-user/shop-front`;
    expect(output).toMatchObject({
      FederatedUser: { Arn: arn, FederatedUserId: `${ACCOUNT}:shop-front` },
      Credentials: { Expiration: new Date(world.now + 12 * HOUR) },
      PackedPolicySize: expect.any(Number),
    });
    const session = credentialsIn(output);
    expect(await whoIs(session)).toMatchObject({
      Arn: arn,
      UserId: `${ACCOUNT}:shop-front`,
      Account: ACCOUNT,
    });
    await expect(world.personalize(session).send(new ListSchemasCommand({}))).resolves.toBeDefined();
    expect(await refusalOf(world.personalize(session).send(new ListCampaignsCommand({})))).toEqual({
      status: 400,
      code: 'AccessDeniedException',
      message: `User: ${arn} is not authorized to perform: personalize:ListCampaigns on resource: * because no session policy allows the personalize:ListCampaigns action`,
    });
    expect(world.proxy.decisions.at(-1)?.principal).toEqual({
      type: 'FederatedUser',
      arn,
      accountId: ACCOUNT,
    });
  });

  it('grants nothing without a policy', async () => {
    const session = credentialsIn(await getFederationToken('alice'));
    const { message } = await refusalOf(world.personalize(session).send(new ListSchemasCommand({})));
    expect(message).toMatch(/because no session policy allows the personalize:ListSchemas action$/);
  });

  it('grants nothing that the user does not have', async () => {
    const Policy = JSON.stringify(allow('personalize:*'));
    const session = credentialsIn(await getFederationToken('bounded', { Policy }));
    await expect(world.personalize(session).send(new ListSchemasCommand({}))).resolves.toBeDefined();
    await expect(world.personalize(session).send(new ListCampaignsCommand({}))).rejects.toThrow(
      'because no permissions boundary allows',
    );
  });

  it('is limited to the federated users that the policies name', async () => {
    expect(await refusalOf(getFederationToken('alice', { Name: 'office' }))).toEqual({
      status: 403,
      code: 'AccessDenied',
      message: `User: ${userArn('alice')} is not authorized to perform: sts:GetFederationToken on resource: arn:aws:sts::${ACCOUNT}:federated-user/office because no identity-based policy allows the sts:GetFederationToken action`,
    });
  });

  it('allows neither IAM nor STS, except for GetCallerIdentity', async () => {
    const Policy = JSON.stringify(allow('*'));
    const session = credentialsIn(await getFederationToken('alice', { Policy }));
    expect((await refusalOf(getUser(session))).code).toBe('InvalidClientTokenId');
    expect(await refusalOf(world.assumeRole(session, 'reader'))).toMatchObject({
      code: 'AccessDenied',
      message: 'Cannot call AssumeRole with session credentials',
    });
    await expect(whoIs(session)).resolves.toBeDefined();
  });

  it('is denied to the sessions of a role', async () => {
    const session = await world.session('alice', 'reader');
    expect(await refusalOf(getFederationToken(session))).toMatchObject({
      message: 'Cannot call GetFederationToken with session credentials',
    });
  });

  it.each([
    ['x', 'Member must have length greater than or equal to 2'],
    ['n'.repeat(33), 'Member must have length less than or equal to 32'],
    ['a b', 'Member must satisfy regular expression pattern: [\\w+=,.@-]*'],
  ])('rejects the name %j', async (Name, rule) => {
    expect(await refusalOf(getFederationToken('alice', { Name }))).toEqual({
      status: 400,
      code: 'ValidationError',
      message: `1 validation error detected: Value '${Name}' at 'name' failed to satisfy constraint: ${rule}`,
    });
  });

  it('rejects an invalid policy', async () => {
    expect(await refusalOf(getFederationToken('alice', { Policy: '{}' }))).toMatchObject({
      status: 400,
      code: 'MalformedPolicyDocument',
    });
  });
});

describe('GetAccessKeyInfo', () => {
  const info = (AccessKeyId: string) => world.sts('alice').send(new GetAccessKeyInfoCommand({ AccessKeyId }));

  it('returns the account of a key, long-term or temporary', async () => {
    expect((await info('AKIALOCALALICE000000')).Account).toBe(ACCOUNT);
    const { accessKeyId } = await world.session('alice', 'reader');
    expect((await info(accessKeyId)).Account).toBe(ACCOUNT);
  });

  it('rejects an unknown key', async () => {
    expect(await refusalOf(info('AKIAUNKNOWN000000000'))).toMatchObject({
      status: 400,
      code: 'ValidationError',
    });
  });

  it('requires its permission', async () => {
    const call = world
      .sts('denied')
      .send(new GetAccessKeyInfoCommand({ AccessKeyId: 'AKIALOCALALICE000000' }));
    expect((await refusalOf(call)).message).toMatch(
      /sts:GetAccessKeyInfo on resource: \* with an explicit deny in an identity-based policy$/,
    );
  });
});
