import {
  CreateSchemaCommand,
  ListDatasetGroupsCommand,
  ListSchemasCommand,
  ListTagsForResourceCommand,
} from '@aws-sdk/client-personalize';
import { AssumeRoleCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { oneTimeCode } from '../../../src/sessions/one-time-code.ts';
import {
  ACCOUNT,
  allow,
  credentialsIn,
  HOUR,
  MINUTE,
  mayNot,
  policy,
  type Refusal,
  refusalOf,
  roleArn,
  sessionArn,
  trust,
  userArn,
  World,
} from './world.ts';

const SECRET = 'JBSWY3DPEHPK3PXP';
const DEVICE = `arn:aws:iam::${ACCOUNT}:mfa/alice`;
const key = (name: string) => [
  { id: `AKIALOCAL${name.toUpperCase().padEnd(11, '0')}`, secret: `local-only-secret-of-${name}` },
];
const only = (condition: object, action: string | readonly string[] = 'sts:AssumeRole') =>
  trust(userArn('alice'), { Action: action, Condition: condition });

/** alice may assume roles that trust her, or the account; bob has no permissions. */
const FOLDER = {
  principals: {
    users: {
      alice: {
        accessKeys: key('alice'),
        managedPolicies: ['assume'],
        tags: { team: 'ml', cost: '7' },
        mfa: { secret: SECRET },
      },
      bob: { accessKeys: key('bob') },
      carol: { accessKeys: key('carol'), managedPolicies: ['assume', 'deny-assume'] },
    },
    roles: {
      reader: { trustPolicy: 'trust/account', managedPolicies: ['read'], tags: { Team: 'shop', level: '1' } },
      pathed: { path: '/teams/ml/', trustPolicy: 'trust/account', managedPolicies: ['read'] },
      direct: { trustPolicy: 'trust/direct', managedPolicies: ['read'] },
      closed: { trustPolicy: 'trust/nobody', managedPolicies: ['read'] },
      barred: { trustPolicy: 'trust/barred', managedPolicies: ['read'] },
      long: { trustPolicy: 'trust/account', maxSessionDuration: 43_200 },
      external: { trustPolicy: 'trust/external' },
      named: { trustPolicy: 'trust/named' },
      mfa: { trustPolicy: 'trust/mfa' },
      fresh: { trustPolicy: 'trust/fresh' },
      untagged: { trustPolicy: 'trust/untagged' },
      tagged: { trustPolicy: 'trust/tagged', tags: { team: 'shop' }, managedPolicies: ['by-tag'] },
      team: { trustPolicy: 'trust/team' },
      sourced: { trustPolicy: 'trust/sourced' },
      next: { trustPolicy: 'trust/next', managedPolicies: ['by-tag', 'assume'] },
      plain: { trustPolicy: 'trust/plain', managedPolicies: ['assume'] },
      bounded: { trustPolicy: 'trust/account', managedPolicies: ['read'], permissionsBoundary: 'boundary' },
    },
  },
  policies: {
    assume: allow(['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity']),
    'deny-assume': policy({ Effect: 'Deny', Action: 'sts:AssumeRole', Resource: '*' }),
    read: allow(['personalize:List*', 'sts:AssumeRole', 'sts:TagSession']),
    'only-groups': allow('personalize:ListDatasetGroups'),
    boundary: allow('personalize:ListSchemas'),
    'by-tag': policy({
      Effect: 'Allow',
      Action: 'personalize:ListTagsForResource',
      Resource: 'arn:aws:personalize:*:*:campaign/${aws:PrincipalTag/team}',
    }),
    'trust/account': policy({
      Effect: 'Allow',
      Principal: { AWS: ACCOUNT },
      Action: ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'],
    }),
    'trust/direct': trust(userArn('bob')),
    'trust/nobody': trust(userArn('owner')),
    'trust/barred': policy(
      { Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRole' },
      { Effect: 'Deny', Principal: { AWS: userArn('alice') }, Action: 'sts:AssumeRole' },
    ),
    'trust/external': only({ StringEquals: { 'sts:ExternalId': 'contract-7' } }),
    'trust/named': only({ StringLike: { 'sts:RoleSessionName': '${aws:username}-*' } }),
    'trust/mfa': only({ Bool: { 'aws:MultiFactorAuthPresent': 'true' } }),
    'trust/fresh': only({ NumericLessThan: { 'aws:MultiFactorAuthAge': '60' } }),
    'trust/untagged': trust(userArn('alice')),
    'trust/tagged': trust(userArn('alice'), { Action: ['sts:AssumeRole', 'sts:TagSession'] }),
    'trust/team': only(
      {
        StringEquals: { 'aws:RequestTag/team': 'ml' },
        'ForAllValues:StringEquals': { 'sts:TransitiveTagKeys': ['team'] },
        'ForAnyValue:StringEquals': { 'aws:TagKeys': ['team'] },
      },
      ['sts:AssumeRole', 'sts:TagSession'],
    ),
    'trust/sourced': only({ StringEquals: { 'sts:SourceIdentity': 'alice@example.com' } }, [
      'sts:AssumeRole',
      'sts:SetSourceIdentity',
    ]),
    'trust/next': policy({
      Effect: 'Allow',
      Principal: { AWS: ACCOUNT },
      Action: ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'],
    }),
    'trust/plain': policy({ Effect: 'Allow', Principal: { AWS: ACCOUNT }, Action: 'sts:AssumeRole' }),
  },
};

let world: World;
beforeEach(async () => {
  world = await World.open(FOLDER);
});
afterEach(() => world[Symbol.asyncDispose]());

const refused = (...call: Parameters<World['assumeRole']>): Promise<Refusal> =>
  refusalOf(world.assumeRole(...call));

const invalid = (message: string): Refusal => ({ status: 400, code: 'ValidationError', message });
const oneViolation = (text: string): Refusal => invalid(`1 validation error detected: ${text}`);

describe('AssumeRole', () => {
  it('returns a session of the role, with its name, for one hour', async () => {
    const output = await world.assumeRole('alice', 'reader', { RoleSessionName: 'jane.doe@example.com' });
    const { id = '' } = world.proxy.directory.roles.get('reader') ?? {};
    expect(output).toMatchObject({
      AssumedRoleUser: {
        Arn: sessionArn('reader', 'jane.doe@example.com'),
        AssumedRoleId: `${id}:jane.doe@example.com`,
      },
      Credentials: { Expiration: new Date(world.now + HOUR) },
    });
    expect(output).not.toHaveProperty('PackedPolicySize');
    expect(output).not.toHaveProperty('SourceIdentity');
    const who = await world.sts(credentialsIn(output)).send(new GetCallerIdentityCommand({}));
    expect(who).toMatchObject({
      Account: ACCOUNT,
      Arn: sessionArn('reader', 'jane.doe@example.com'),
      UserId: `${id}:jane.doe@example.com`,
    });
    expect(id).toMatch(/^AROA\w{17}$/);
  });

  it('drops the path of the role in the session ARN', async () => {
    const input = { RoleArn: roleArn('teams/ml/pathed'), RoleSessionName: 'test' };
    const { AssumedRoleUser } = await world.sts('alice').send(new AssumeRoleCommand(input));
    expect(AssumedRoleUser?.Arn).toBe(sessionArn('pathed', 'test'));
    expect(await refused('alice', 'pathed')).toEqual(mayNot(userArn('alice'), 'pathed'));
  });

  it('gives the session the permissions of the role, and no more', async () => {
    const personalize = async () => world.personalize(await world.session('alice', 'reader'));
    await expect((await personalize()).send(new ListSchemasCommand({}))).resolves.toBeDefined();
    const denied = (await personalize()).send(new CreateSchemaCommand({ name: 'x', schema: '{}' }));
    expect(await refusalOf(denied)).toEqual({
      status: 400,
      code: 'AccessDeniedException',
      message: `User: ${sessionArn('reader', 'test')} is not authorized to perform: personalize:CreateSchema on resource: arn:aws:personalize:us-east-1:${ACCOUNT}:schema/x because no identity-based policy allows the personalize:CreateSchema action`,
    });
    expect(world.proxy.decisions.at(-1)?.principal).toEqual({
      type: 'AssumedRole',
      arn: sessionArn('reader', 'test'),
      accountId: ACCOUNT,
      roleArn: roleArn('reader'),
      sessionName: 'test',
    });
  });

  it('limits the session to the permissions boundary of the role', async () => {
    const session = await world.session('alice', 'bounded');
    await expect(world.personalize(session).send(new ListSchemasCommand({}))).resolves.toBeDefined();
    const { message } = await refusalOf(world.personalize(session).send(new ListDatasetGroupsCommand({})));
    expect(message).toMatch(
      /because no permissions boundary allows the personalize:ListDatasetGroups action$/,
    );
  });

  it('is recorded like any other call, with the statements that allowed it', async () => {
    await world.assumeRole('alice', 'reader');
    expect(world.proxy.decisions.at(-1)).toMatchObject({
      outcome: 'answered',
      request: { service: 'sts', operation: 'AssumeRole', region: 'us-east-1' },
      principal: { type: 'User', userName: 'alice' },
      checks: [
        {
          action: 'sts:AssumeRole',
          resource: roleArn('reader'),
          decision: 'allowed',
          determining: [{ policy: 'trust/account' }, { policy: 'assume' }],
        },
      ],
    });
  });

  it('has a response in the XML of STS, in its order', async () => {
    const { status, headers, text } = await world.post('alice', {
      Action: 'AssumeRole',
      RoleArn: roleArn('reader'),
      RoleSessionName: 'test',
    });
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/xml');
    expect(text).toMatch(/^<AssumeRoleResponse xmlns="https:\/\/sts.amazonaws.com\/doc\/2011-06-15\/">/);
    expect([...text.matchAll(/<(\w+)/g)].map(([, name]) => name)).toEqual([
      ...['AssumeRoleResponse', 'AssumeRoleResult'],
      ...['AssumedRoleUser', 'AssumedRoleId', 'Arn'],
      ...['Credentials', 'AccessKeyId', 'SecretAccessKey', 'SessionToken', 'Expiration'],
      ...['ResponseMetadata', 'RequestId'],
    ]);
    expect(text).toContain(`<RequestId>${headers.get('x-amzn-requestid')}</RequestId>`);
  });
});

describe('permission to assume a role', () => {
  it('is given by a trust policy that names the caller, without a policy of their own', async () => {
    await expect(world.assumeRole('bob', 'direct')).resolves.toBeDefined();
  });

  it('is given by a trust policy that names the account, and a policy of the caller', async () => {
    expect(await refused('bob', 'reader')).toEqual(mayNot(userArn('bob'), 'reader'));
  });

  it('is not given without trust', async () => {
    expect(await refused('alice', 'closed')).toEqual(mayNot(userArn('alice'), 'closed'));
  });

  it('is not given if the trust policy, or a policy of the caller, denies', async () => {
    expect(await refused('alice', 'barred')).toEqual(mayNot(userArn('alice'), 'barred'));
    await expect(world.assumeRole('bob', 'barred')).resolves.toBeDefined();
    expect(await refused('carol', 'reader')).toEqual(mayNot(userArn('carol'), 'reader'));
  });

  it('is not given if the role does not exist: the error is the same', async () => {
    expect(await refused('alice', 'none')).toEqual(mayNot(userArn('alice'), 'none'));
    expect(world.proxy.decisions.at(-1)).toMatchObject({
      outcome: 'denied',
      checks: [{ layer: 'resourcePolicy' }],
    });
  });

  it('is not given to other accounts', async () => {
    const RoleArn = 'arn:aws:iam::999999999999:role/reader';
    const call = world.sts('alice').send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'test' }));
    expect((await refusalOf(call)).message).toBe(
      `User: ${userArn('alice')} is not authorized to perform: sts:AssumeRole on resource: ${RoleArn}`,
    );
  });

  it('returns no credentials in audit mode if a policy denies', async () => {
    world.proxy.setMode('audit');
    expect(await refused('alice', 'closed')).toEqual(mayNot(userArn('alice'), 'closed'));
    expect(await refused('alice', 'none')).toEqual(mayNot(userArn('alice'), 'none'));
  });
});

describe('the conditions of a trust policy', () => {
  it('can require the external ID', async () => {
    await expect(world.assumeRole('alice', 'external', { ExternalId: 'contract-7' })).resolves.toBeDefined();
    for (const more of [{}, { ExternalId: 'contract-8' }])
      expect(await refused('alice', 'external', more)).toEqual(mayNot(userArn('alice'), 'external'));
  });

  it('can require a session name', async () => {
    await expect(world.assumeRole('alice', 'named', { RoleSessionName: 'alice-1' })).resolves.toBeDefined();
    expect(await refused('alice', 'named', { RoleSessionName: 'bob-1' })).toEqual(
      mayNot(userArn('alice'), 'named'),
    );
  });

  it('can require tags, transitive tags and all tag keys', async () => {
    const Tags = [{ Key: 'team', Value: 'ml' }];
    await expect(
      world.assumeRole('alice', 'team', { Tags, TransitiveTagKeys: ['team'] }),
    ).resolves.toBeDefined();
    const wrong = [
      {},
      { Tags: [{ Key: 'team', Value: 'shop' }] },
      { Tags: [...Tags, { Key: 'x', Value: 'y' }], TransitiveTagKeys: ['team', 'x'] },
    ];
    for (const more of wrong)
      expect(await refused('alice', 'team', more)).toEqual(mayNot(userArn('alice'), 'team'));
  });
});

describe('an MFA code in the call', () => {
  const code = (offset = 0) => ({
    SerialNumber: DEVICE,
    TokenCode: oneTimeCode(SECRET, world.now + offset),
  });

  it('can be required by the trust policy', async () => {
    expect(await refused('alice', 'mfa')).toEqual(mayNot(userArn('alice'), 'mfa'));
    await expect(world.assumeRole('alice', 'mfa', code())).resolves.toBeDefined();
  });

  it('has an age of zero', async () => {
    await expect(world.assumeRole('alice', 'fresh', code())).resolves.toBeDefined();
    expect(await refused('alice', 'fresh')).toEqual(mayNot(userArn('alice'), 'fresh'));
  });

  it.each([-30_000, 0, 30_000])('may be off by %i milliseconds', async (offset) => {
    await expect(world.assumeRole('alice', 'mfa', code(offset))).resolves.toBeDefined();
  });

  const WRONG: Refusal = {
    status: 403,
    code: 'AccessDenied',
    message: 'MultiFactorAuthentication failed with invalid MFA one time pass code. ',
  };
  const UNKNOWN: Refusal = {
    ...WRONG,
    message:
      'MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.',
  };

  it.each([-60_000, 60_000])('is wrong if off by %i milliseconds', async (offset) => {
    expect(await refused('alice', 'mfa', code(offset))).toEqual(WRONG);
  });

  it('is accepted once, and never before the last one used', async () => {
    const [before, now] = [code(-30_000), code()];
    await world.assumeRole('alice', 'mfa', now);
    expect(await refused('alice', 'mfa', now)).toEqual(WRONG);
    expect(await refused('alice', 'mfa', before)).toEqual(WRONG);
    world.wait(30_000);
    await expect(world.assumeRole('alice', 'mfa', code())).resolves.toBeDefined();
  });

  it('is rejected if wrong even if the role does not require it', async () => {
    expect(await refused('alice', 'reader', { ...code(), TokenCode: '000000' })).toEqual(WRONG);
  });

  it('must be of the device of the user', async () => {
    expect(await refused('alice', 'mfa', { ...code(), SerialNumber: `${DEVICE}x` })).toEqual(UNKNOWN);
    expect(await refused('bob', 'direct', code())).toEqual(UNKNOWN);
  });

  it('requires a serial number and a code', async () => {
    const { SerialNumber, TokenCode } = code();
    for (const half of [{ SerialNumber }, { TokenCode }])
      expect(await refused('alice', 'mfa', half)).toMatchObject({
        status: 403,
        code: 'AccessDenied',
        message: expect.stringContaining('must provide both MFA serial number and one time pass code'),
      });
  });
});

describe('the input of AssumeRole', () => {
  it.each<[what: string, more: object, text: string]>([
    [
      'no role',
      { RoleArn: undefined },
      "Value null at 'roleArn' failed to satisfy constraint: Member must not be null",
    ],
    [
      'no session name',
      { RoleSessionName: undefined },
      "Value null at 'roleSessionName' failed to satisfy constraint: Member must not be null",
    ],
    [
      'a short ARN',
      { RoleArn: 'not-an-arn' },
      "Value 'not-an-arn' at 'roleArn' failed to satisfy constraint: Member must have length greater than or equal to 20",
    ],
    [
      'a short session name',
      { RoleSessionName: 'x' },
      "Value 'x' at 'roleSessionName' failed to satisfy constraint: Member must have length greater than or equal to 2",
    ],
    [
      'a session name with a slash',
      { RoleSessionName: 'a/b' },
      "Value 'a/b' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*",
    ],
    [
      'too few seconds',
      { DurationSeconds: 899 },
      "Value '899' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900",
    ],
    [
      'too many seconds',
      { DurationSeconds: 43_201 },
      "Value '43201' at 'durationSeconds' failed to satisfy constraint: Member must have value less than or equal to 43200",
    ],
  ])('is rejected with %s', async (_, more, text) => {
    expect(await refused('alice', 'reader', more)).toEqual(oneViolation(text));
  });

  it('is rejected with all its errors at once', async () => {
    const { message } = await refused('alice', 'reader', { DurationSeconds: 1, RoleSessionName: 'x' });
    expect(message).toBe(
      "2 validation errors detected: Value 'x' at 'roleSessionName' failed to satisfy constraint: Member must have length greater than or equal to 2; Value '1' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900",
    );
  });

  it.each(['arn:aws:iam::12345:role/reader', 'not-an-arn-but-long-enough', userArn('alice-of-the-shop')])(
    'is rejected with the ARN %s',
    async (RoleArn) => {
      expect(await refused('alice', 'reader', { RoleArn })).toEqual(invalid(`${RoleArn} is invalid`));
    },
  );

  it('is rejected with a context of a provider, which is not supported', async () => {
    const ProvidedContexts = [
      { ProviderArn: 'arn:aws:iam::aws:contextProvider/IdentityCenter', ContextAssertion: 'x'.repeat(4) },
    ];
    expect(await refused('alice', 'reader', { ProvidedContexts })).toEqual(
      invalid('ProvidedContexts: there is no context provider here.'),
    );
  });

  it('is rejected with a duration in words: malformed, without a message', async () => {
    const parameters = { Action: 'AssumeRole', RoleArn: roleArn('reader'), RoleSessionName: 'test' };
    const { status, text } = await world.post('alice', { ...parameters, DurationSeconds: 'long' });
    expect(status).toBe(400);
    expect(text).toContain('<Code>MalformedInput</Code>');
    expect(text).not.toContain('<Message>');
  });
});

describe('the duration of a session', () => {
  it.each([900, 43_200])('is the requested one: %i seconds', async (DurationSeconds) => {
    const { Credentials } = await world.assumeRole('alice', 'long', { DurationSeconds });
    expect(Credentials?.Expiration).toEqual(new Date(world.now + DurationSeconds * 1000));
  });

  it('is limited by the role', async () => {
    expect(await refused('alice', 'reader', { DurationSeconds: 3601 })).toEqual(
      invalid('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.'),
    );
  });

  it('is limited to one hour in a chain of roles, whatever the role allows', async () => {
    const session = await world.session('alice', 'reader');
    expect(await refused(session, 'long', { DurationSeconds: 3601 })).toEqual(
      invalid(
        'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
      ),
    );
    await expect(world.assumeRole(session, 'long', { DurationSeconds: 3600 })).resolves.toBeDefined();
  });

  it('is validated by range first, then by role, then by chain', async () => {
    const session = await world.session('alice', 'reader');
    expect((await refused(session, 'reader', { DurationSeconds: 99_999 })).message).toContain('43200');
    expect((await refused(session, 'reader', { DurationSeconds: 7200 })).message).toContain(
      'MaxSessionDuration',
    );
  });
});

describe('session policies', () => {
  const groups = JSON.stringify(allow('personalize:ListDatasetGroups'));

  it('limit the session', async () => {
    const session = await world.session('alice', 'reader', { Policy: groups });
    await expect(world.personalize(session).send(new ListDatasetGroupsCommand({}))).resolves.toBeDefined();
    const { message } = await refusalOf(world.personalize(session).send(new ListSchemasCommand({})));
    expect(message).toBe(
      `User: ${sessionArn('reader', 'test')} is not authorized to perform: personalize:ListSchemas on resource: * because no session policy allows the personalize:ListSchemas action`,
    );
  });

  it('never grant more than the role', async () => {
    const session = await world.session('alice', 'reader', { Policy: JSON.stringify(allow('*')) });
    const call = world.personalize(session).send(new CreateSchemaCommand({ name: 'x', schema: '{}' }));
    expect((await refusalOf(call)).message).toMatch(/because no identity-based policy allows/);
  });

  it('can deny', async () => {
    const Policy = JSON.stringify(
      policy(
        { Effect: 'Allow', Action: '*', Resource: '*' },
        { Effect: 'Deny', Action: 'personalize:ListSchemas', Resource: '*' },
      ),
    );
    const session = await world.session('alice', 'reader', { Policy });
    const { message } = await refusalOf(world.personalize(session).send(new ListSchemasCommand({})));
    expect(message).toMatch(/with an explicit deny in a session policy$/);
  });

  it('can be managed policies, of this account and of AWS, and are combined', async () => {
    const PolicyArns = [{ arn: `arn:aws:iam::${ACCOUNT}:policy/only-groups` }];
    const session = await world.session('alice', 'reader', { PolicyArns });
    await expect(world.personalize(session).send(new ListDatasetGroupsCommand({}))).resolves.toBeDefined();
    await expect(world.personalize(session).send(new ListSchemasCommand({}))).rejects.toThrow(
      'session policy',
    );
    const ofAws = [
      ...PolicyArns,
      { arn: 'arn:aws:iam::aws:policy/service-role/AmazonPersonalizeFullAccess' },
    ];
    const wider = await world.session('alice', 'reader', { PolicyArns: ofAws });
    await expect(world.personalize(wider).send(new ListSchemasCommand({}))).resolves.toBeDefined();
  });

  it('use a part of the packed size, which is returned', async () => {
    const { PackedPolicySize = 0 } = await world.assumeRole('alice', 'reader', { Policy: groups });
    expect(PackedPolicySize).toBeGreaterThan(0);
    expect(PackedPolicySize).toBeLessThan(20);
  });

  it.each([
    ['invalid JSON', '{', /^The policy is not in the valid JSON format\./],
    ['a document that is not a policy', '{}', /^Syntax errors in policy\./],
    [
      'a statement without an action',
      JSON.stringify(policy({ Effect: 'Allow', Resource: '*' })),
      /^Syntax errors/,
    ],
    [
      'an incomplete ARN',
      JSON.stringify(allow('personalize:*', 'arn:aws:personalize')),
      /^Syntax errors in policy\./,
    ],
    ['a Principal', JSON.stringify(trust('*', { Resource: '*' })), /^Syntax errors in policy\./],
  ])('are rejected with %s', async (_, Policy, message) => {
    expect(await refused('alice', 'reader', { Policy })).toEqual({
      status: 400,
      code: 'MalformedPolicyDocument',
      message: expect.stringMatching(message),
    });
  });

  it('are rejected if a managed policy does not exist', async () => {
    const PolicyArns = [{ arn: `arn:aws:iam::${ACCOUNT}:policy/none` }];
    expect(await refused('alice', 'reader', { PolicyArns })).toMatchObject({
      status: 400,
      code: 'MalformedPolicyDocument',
    });
  });

  it('are rejected if one has no ARN', async () => {
    const { status, text } = await world.post('alice', {
      Action: 'AssumeRole',
      RoleArn: roleArn('reader'),
      RoleSessionName: 'test',
      'PolicyArns.member.1.Arn': 'arn:aws:iam::aws:policy/ReadOnlyAccess',
    });
    expect({ status, text }).toMatchObject({ status: 400, text: expect.stringContaining('ValidationError') });
    expect(text).not.toContain('SecretAccessKey');
  });

  it('are at most ten managed policies', async () => {
    const PolicyArns = Array.from({ length: 11 }, () => ({ arn: `arn:aws:iam::${ACCOUNT}:policy/read` }));
    expect(await refused('alice', 'reader', { PolicyArns })).toMatchObject({
      status: 400,
      code: 'ValidationError',
    });
    const ten = { PolicyArns: PolicyArns.slice(1) };
    await expect(world.assumeRole('alice', 'reader', ten)).resolves.toBeDefined();
  });

  it('are rejected if too large in total', async () => {
    const long = (characters: number): string =>
      JSON.stringify(
        allow('personalize:List*', `arn:aws:personalize:*:*:campaign/${'x'.repeat(characters)}`),
      );
    await expect(world.assumeRole('alice', 'reader', { Policy: long(1700) })).resolves.toBeDefined();
    expect(await refused('alice', 'reader', { Policy: long(2000) })).toEqual({
      status: 400,
      code: 'PackedPolicyTooLarge',
      message: expect.stringMatching(
        /^Packed policy consumes 10\d% of allotted space, please use smaller policy\.$/,
      ),
    });
  });
});

describe('session tags', () => {
  const tags = (Tags: Readonly<Record<string, string>>, ...TransitiveTagKeys: string[]) => ({
    Tags: Object.entries(Tags).map(([Key, Value]) => ({ Key, Value })),
    ...(TransitiveTagKeys.length > 0 && { TransitiveTagKeys }),
  });
  const campaign = (name: string) => `arn:aws:personalize:us-east-1:${ACCOUNT}:campaign/${name}`;
  /** The session may only access the campaign in `aws:PrincipalTag/team`. */
  const mayAskFor = async (session: Parameters<World['personalize']>[0], name: string): Promise<boolean> => {
    const call = world
      .personalize(session)
      .send(new ListTagsForResourceCommand({ resourceArn: campaign(name) }));
    return (await refusalOf(call)).code !== 'AccessDeniedException';
  };

  it('override the tags of the role, whatever the case of the key', async () => {
    const own = await world.session('alice', 'tagged');
    expect([await mayAskFor(own, 'shop'), await mayAskFor(own, 'ml')]).toEqual([true, false]);
    const passed = await world.session('alice', 'tagged', tags({ TEAM: 'ml' }));
    expect([await mayAskFor(passed, 'shop'), await mayAskFor(passed, 'ml')]).toEqual([false, true]);
  });

  it('require sts:TagSession', async () => {
    expect(await refused('alice', 'untagged', tags({ team: 'ml' }))).toEqual(
      mayNot(userArn('alice'), 'untagged', 'sts:TagSession'),
    );
    expect(world.proxy.decisions.at(-1)?.checks).toMatchObject([
      { action: 'sts:AssumeRole', decision: 'allowed' },
      { action: 'sts:TagSession', decision: 'implicitDeny' },
    ]);
  });

  it('are not passed on to the next role of a chain', async () => {
    const first = await world.session('alice', 'reader', tags({ team: 'ml' }));
    const second = await world.session(first, 'next');
    expect(await mayAskFor(second, 'ml')).toBe(false);
  });

  it('are passed on if transitive, through every role of the chain, and require sts:TagSession there', async () => {
    const first = await world.session('alice', 'reader', tags({ team: 'ml' }, 'team'));
    const second = await world.session(first, 'next');
    expect(await mayAskFor(second, 'ml')).toBe(true);
    const third = await world.session(second, 'next');
    expect(await mayAskFor(third, 'ml')).toBe(true);
    expect(await refused(third, 'plain')).toEqual(
      mayNot(sessionArn('next', 'test'), 'plain', 'sts:TagSession'),
    );
  });

  it('cannot be changed in the chain if transitive', async () => {
    const first = await world.session('alice', 'reader', tags({ team: 'ml' }, 'team'));
    expect(await refused(first, 'next', tags({ Team: 'other' }))).toEqual(
      invalid(
        "One of the specified tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
      ),
    );
  });

  it('have no duplicate key, and no transitive key that is not passed', async () => {
    expect(await refused('alice', 'reader', tags({ team: 'ml', Team: 'x' }))).toEqual(
      invalid('Duplicate tag keys found. Please note that Tag keys are case insensitive.'),
    );
    expect(await refused('alice', 'reader', tags({ team: 'ml' }, 'cost'))).toEqual(
      invalid('The specified transitive tag key must be included in the requested tags.'),
    );
  });

  it.each(['aws:team', 'AWS:team'])('have no key reserved for AWS: %s', async (key) => {
    expect(await refused('alice', 'reader', tags({ [key]: 'ml' }))).toEqual(
      invalid('Tag keys that begin with aws: are reserved for AWS.'),
    );
  });

  it('are at most fifty, of 128 and 256 characters', async () => {
    const many = tags(Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`k${i}`, 'v'])));
    expect((await refused('alice', 'reader', many)).message).toContain(
      'Member must have length less than or equal to 50',
    );
    expect((await refused('alice', 'reader', tags({ ['k'.repeat(129)]: 'v' }))).code).toBe('ValidationError');
    expect((await refused('alice', 'reader', tags({ k: 'v'.repeat(257) }))).code).toBe('ValidationError');
  });
});

describe('the source identity', () => {
  const SourceIdentity = 'alice@example.com';

  it('can be required by the trust policy, and is returned', async () => {
    expect(await world.assumeRole('alice', 'sourced', { SourceIdentity })).toMatchObject({ SourceIdentity });
    expect(await refused('alice', 'sourced', { SourceIdentity: 'mallory' })).toEqual(
      mayNot(userArn('alice'), 'sourced'),
    );
    expect(await refused('alice', 'sourced')).toEqual(mayNot(userArn('alice'), 'sourced'));
  });

  it('requires sts:SetSourceIdentity', async () => {
    expect(await refused('alice', 'untagged', { SourceIdentity })).toEqual(
      mayNot(userArn('alice'), 'untagged', 'sts:SetSourceIdentity'),
    );
  });

  it('is kept through a chain of roles, and cannot be changed', async () => {
    const first = await world.session('alice', 'reader', { SourceIdentity });
    expect(await refused(first, 'next', { SourceIdentity: 'mallory' })).toEqual(
      invalid('The source identity is already set for this assume role session'),
    );
  });
});

describe('a chain of roles', () => {
  it('works as long as each role trusts the previous one', async () => {
    const first = await world.session('alice', 'plain');
    const second = await world.session(first, 'next', { RoleSessionName: 'second' });
    const who = await world.sts(second).send(new GetCallerIdentityCommand({}));
    expect(who.Arn).toBe(sessionArn('next', 'second'));
    expect(await refused(second, 'untagged')).toEqual(mayNot(sessionArn('next', 'second'), 'untagged'));
  });

  it('has sessions that expire independently', async () => {
    const first = await world.session('alice', 'plain');
    world.wait(59 * MINUTE);
    const second = await world.session(first, 'next');
    world.wait(MINUTE);
    expect((await refused(first, 'next')).code).toBe('ExpiredToken');
    await expect(world.assumeRole(second, 'plain')).resolves.toBeDefined();
  });
});
