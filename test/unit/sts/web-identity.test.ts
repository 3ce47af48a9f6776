import type { ServerResponse } from 'node:http';
import { ListSchemasCommand } from '@aws-sdk/client-personalize';
import {
  AssumeRoleWithWebIdentityCommand,
  type AssumeRoleWithWebIdentityCommandInput,
  GetCallerIdentityCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import { SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { verifyIdentityToken } from '../../../src/sessions/session-token.ts';
import { serve } from '../../e2e/exchange.ts';
import { type Claims, Issuer } from './issuer.ts';
import {
  ACCOUNT,
  allow,
  credentialsIn,
  HOUR,
  mayNot,
  policy,
  type Refusal,
  refusalOf,
  roleArn,
  sessionArn,
  World,
} from './world.ts';

/* AssumeRoleWithWebIdentity with tokens of a provider in this test. */

const URL_OF_CI = 'https://ci.example.com';
const PROVIDER = `arn:aws:iam::${ACCOUNT}:oidc-provider/ci.example.com`;
const SUBJECT = 'repo:shop/app:ref:refs/heads/main';
const TAGS = 'https://aws.amazon.com/tags';

const trusted = (Condition: object, Action: string | readonly string[] = 'sts:AssumeRoleWithWebIdentity') =>
  policy({ Effect: 'Allow', Principal: { Federated: PROVIDER }, Action, Condition });

const POLICIES = {
  read: allow(['personalize:List*', 'sts:AssumeRole', 'sts:SetSourceIdentity']),
  'trust/any': trusted({}),
  'trust/sub': trusted({ StringLike: { 'ci.example.com:sub': 'repo:shop/app:*' } }),
  'trust/aud': trusted({ StringEquals: { 'ci.example.com:aud': 'sts.amazonaws.com' } }),
  'trust/azp': trusted({
    StringEquals: { 'ci.example.com:aud': 'the-app', 'ci.example.com:oaud': 'sts.amazonaws.com' },
  }),
  'trust/amr': trusted({ 'ForAnyValue:StringEquals': { 'ci.example.com:amr': 'mfa' } }),
  'trust/email': trusted({ StringEquals: { 'ci.example.com:email': 'dev@example.com' } }),
  'trust/provider': trusted({ StringEquals: { 'aws:FederatedProvider': PROVIDER } }),
  'trust/name': trusted({ StringEquals: { 'sts:RoleSessionName': 'build' } }),
  'trust/tags': trusted({ StringEquals: { 'aws:RequestTag/team': 'ml' } }, [
    'sts:AssumeRoleWithWebIdentity',
    'sts:TagSession',
  ]),
  'trust/source': trusted({ StringEquals: { 'sts:SourceIdentity': 'dev' } }, [
    'sts:AssumeRoleWithWebIdentity',
    'sts:SetSourceIdentity',
  ]),
  'trust/denied': policy(
    { Effect: 'Allow', Principal: { Federated: PROVIDER }, Action: 'sts:AssumeRoleWithWebIdentity' },
    {
      Effect: 'Deny',
      Principal: '*',
      Action: 'sts:*',
      Condition: { StringEquals: { 'ci.example.com:sub': SUBJECT } },
    },
  ),
  'trust/users': policy({ Effect: 'Allow', Principal: { AWS: ACCOUNT }, Action: 'sts:*' }),
  'trust/other': policy({
    Effect: 'Allow',
    Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/other.example.com` },
    Action: 'sts:AssumeRoleWithWebIdentity',
  }),
  'trust/chain': policy({ Effect: 'Allow', Principal: { AWS: ACCOUNT }, Action: 'sts:AssumeRole' }),
  'by-sub': policy({
    Effect: 'Allow',
    Action: 'personalize:ListSchemas',
    Resource: '*',
    Condition: {
      StringEquals: { 'ci.example.com:sub': SUBJECT, 'ci.example.com:aud': 'sts.amazonaws.com' },
      ArnEquals: { 'aws:FederatedProvider': PROVIDER },
      'ForAnyValue:StringEquals': { 'ci.example.com:amr': 'mfa' },
      Null: {
        'ci.example.com:email': 'true',
        'ci.example.com:oaud': 'true',
        'aws:MultiFactorAuthPresent': 'true',
      },
    },
  }),
};
const ROLES = ['any', 'sub', 'aud', 'azp', 'amr', 'email', 'provider', 'name', 'tags', 'source', 'denied'];

let world: World;
let issuer: Issuer;
beforeAll(async () => {
  issuer = await Issuer.make(URL_OF_CI);
  const { keys } = await issuer.keySet();
  world = await World.open({
    principals: {
      users: {
        alice: { accessKeys: [{ id: 'AKIALOCALALICE000000', secret: 'local-only-secret-of-alice' }] },
      },
      roles: {
        ...Object.fromEntries(
          [...ROLES, 'users', 'other', 'chain'].map((name) => [
            name,
            { trustPolicy: `trust/${name}`, managedPolicies: ['read'] },
          ]),
        ),
        kept: { trustPolicy: 'trust/any', managedPolicies: ['by-sub'] },
      },
      oidcProviders: [
        {
          url: URL_OF_CI,
          clientIds: ['sts.amazonaws.com', 'the-app'],
          jwks: { keys: keys.map((key) => ({ ...key })) },
        },
      ],
    },
    policies: POLICIES,
  });
});
afterAll(() => world[Symbol.asyncDispose]());

/** An unsigned call of a client without credentials. */
function assume(token: string, more: Partial<AssumeRoleWithWebIdentityCommandInput> = {}, of: World = world) {
  const client = new STSClient({
    ...of.settings('alice'),
    credentials: async () => {
      throw new Error('nobody should sign this');
    },
  });
  const input = { RoleArn: roleArn('any'), RoleSessionName: 'build', WebIdentityToken: token, ...more };
  return client.send(new AssumeRoleWithWebIdentityCommand(input));
}

const inRole = async (role: string, claims: Claims = {}) =>
  assume(await issuer.token(world.now, claims), { RoleArn: roleArn(role) });

const refused = async (role: string, claims: Claims = {}): Promise<Refusal> =>
  refusalOf(inRole(role, claims));

const NOT_AUTHORIZED: Refusal = {
  status: 403,
  code: 'AccessDenied',
  message: 'Not authorized to perform sts:AssumeRoleWithWebIdentity',
};
const invalid = (message: string | RegExp): Refusal => ({
  status: 400,
  code: 'InvalidIdentityToken',
  message: typeof message === 'string' ? message : expect.stringMatching(message),
});
const NO_KEY = invalid(
  "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements",
);
const NO_JWT = invalid(
  'The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)',
);

describe('AssumeRoleWithWebIdentity', () => {
  it('returns a session for a token, with its subject', async () => {
    const output = await inRole('any');
    expect(output).toMatchObject({
      AssumedRoleUser: { Arn: sessionArn('any', 'build') },
      Credentials: { Expiration: new Date(world.now + HOUR) },
      SubjectFromWebIdentityToken: SUBJECT,
      Provider: PROVIDER,
      Audience: 'sts.amazonaws.com',
    });
    const session = credentialsIn(output);
    await expect(world.personalize(session).send(new ListSchemasCommand({}))).resolves.toBeDefined();
    const { Arn } = await world.sts(session).send(new GetCallerIdentityCommand({}));
    expect(Arn).toBe(sessionArn('any', 'build'));
  });

  it('is recorded with its check, and without the token', async () => {
    const token = await issuer.token(world.now);
    await assume(token);
    const record = world.proxy.decisions.at(-1);
    expect(record).toMatchObject({
      outcome: 'answered',
      request: { service: 'sts', operation: 'AssumeRoleWithWebIdentity' },
      checks: [{ action: 'sts:AssumeRoleWithWebIdentity', resource: roleArn('any'), decision: 'allowed' }],
    });
    expect(JSON.stringify(record)).not.toContain(token);
  });

  /** A call with a token of a provider that signs in another way. */
  const withAlgorithm = async (algorithm: string): Promise<string> => {
    const other = await Issuer.make('https://other.example.com', algorithm);
    const { keys } = await other.keySet();
    const jwks = { keys: keys.map((key) => ({ ...key })) };
    await using own = await World.open({
      principals: {
        users: {
          alice: { accessKeys: [{ id: 'AKIALOCALALICE000000', secret: 'local-only-secret-of-alice' }] },
        },
        roles: { other: { trustPolicy: 'trust/other' } },
        oidcProviders: [{ url: other.url, clientIds: ['sts.amazonaws.com'], jwks }],
      },
      policies: POLICIES,
    });
    try {
      await assume(await other.token(own.now), { RoleArn: roleArn('other') }, own);
      return 'taken';
    } catch (cause) {
      return (cause as Error).name;
    }
  };

  it.each(['RS384', 'RS512', 'ES256', 'ES384', 'ES512'])(
    'accepts tokens signed with %s',
    async (algorithm) => {
      expect(await withAlgorithm(algorithm)).toBe('taken');
    },
  );

  it.each(['PS256', 'EdDSA'])('rejects tokens signed with %s, as AWS does', async (algorithm) => {
    expect(await withAlgorithm(algorithm)).toBe('InvalidIdentityTokenException');
  });
});

describe('a token is rejected', () => {
  it('that is of an unknown provider', async () => {
    const stranger = await Issuer.make('https://stranger.example.com');
    expect(await refusalOf(assume(await stranger.token(world.now)))).toEqual(
      invalid('No OpenIDConnect provider found in your account for https://stranger.example.com'),
    );
  });

  it('that is for another audience', async () => {
    expect(await refused('any', { aud: 'somebody-else' })).toEqual(invalid('Incorrect token audience'));
  });

  it('that is expired, with both times', async () => {
    const seconds = world.now / 1000;
    expect(await refused('any', { exp: seconds })).toEqual({
      status: 400,
      code: 'ExpiredTokenException',
      message: `Token expired: current date/time ${seconds} must be before the expiration date/time ${seconds}`,
    });
    await expect(inRole('any', { exp: seconds + 1 })).resolves.toBeDefined();
  });

  it('that is not yet valid', async () => {
    const seconds = world.now / 1000;
    expect(await refused('any', { nbf: seconds + 1 })).toEqual(
      invalid(/^The token could not be verified: .*nbf/),
    );
    await expect(inRole('any', { nbf: seconds })).resolves.toBeDefined();
  });

  it.each(['sub', 'aud', 'exp'])('without the claim %s', async (claim) => {
    expect(await refused('any', { [claim]: undefined })).toEqual(
      invalid(new RegExp(`^The token could not be verified: .*${claim}`)),
    );
  });

  it('that has no issuer', async () => {
    expect(await refused('any', { iss: undefined })).toEqual(NO_JWT);
  });

  it.each<unknown>([5, null, {}, ['https://ci.example.com']])(
    'whose issuer is not a string: %j',
    async (iss) => {
      expect(await refused('any', { iss })).toEqual(NO_JWT);
    },
  );

  it.each<unknown>([5, null, {}, [SUBJECT], ''])('whose subject is not a string: %j', async (sub) => {
    expect(await refused('any', { sub })).toEqual(invalid(/^The token could not be verified: "sub"/));
  });

  it('whose signature is of another key', async () => {
    const forger = await Issuer.make(URL_OF_CI);
    expect(await refusalOf(assume(await forger.token(world.now)))).toEqual(
      invalid(/^The token could not be verified: signature verification failed$/),
    );
  });

  it('whose content was changed after it was signed', async () => {
    const [header, , signature] = (await issuer.token(world.now)).split('.');
    const [, payload] = (await issuer.token(world.now, { sub: 'somebody' })).split('.');
    expect(await refusalOf(assume(`${header}.${payload}.${signature}`))).toEqual(
      invalid(/signature verification/),
    );
  });

  it('whose key the provider does not have', async () => {
    const token = await issuer.token(world.now, {}, { kid: 'another' });
    expect(await refusalOf(assume(token))).toEqual(NO_KEY);
  });

  it('that is not signed', async () => {
    const token = new UnsecuredJWT({
      iss: URL_OF_CI,
      aud: 'sts.amazonaws.com',
      sub: SUBJECT,
      exp: 4e9,
    }).encode();
    expect((await refusalOf(assume(token))).code).toBe('InvalidIdentityToken');
  });

  it("that is signed with a secret, even with the provider's public key", async () => {
    const { keys } = await issuer.keySet();
    const token = await new SignJWT({ iss: URL_OF_CI, aud: 'sts.amazonaws.com', sub: SUBJECT, exp: 4e9 })
      .setProtectedHeader({ alg: 'HS256', kid: 'key-1' })
      .sign(Buffer.from(JSON.stringify(keys[0])));
    expect((await refusalOf(assume(token))).code).toBe('InvalidIdentityToken');
  });

  it.each(['none', 'a.b.c', 'e30.e30.', 'FwoGZXIvYXdzEXAMPLE', '....'])(
    'that is malformed: %s',
    async (token) => {
      expect(await refusalOf(assume(token))).toEqual(NO_JWT);
    },
  );

  it('that is too short', async () => {
    expect(await refusalOf(assume('x'))).toMatchObject({
      status: 400,
      code: 'ValidationError',
      message: expect.stringContaining("'webIdentityToken' failed to satisfy constraint"),
    });
  });

  it('that is declared an OAuth access token', async () => {
    const call = assume(await issuer.token(world.now), { ProviderId: 'www.amazon.com' });
    expect((await refusalOf(call)).code).toBe('InvalidIdentityToken');
  });
});

describe('the trust policy', () => {
  it.each<[role: string, good: Claims, bad: Claims]>([
    ['sub', {}, { sub: 'repo:evil/app:ref:refs/heads/main' }],
    ['aud', {}, { aud: 'the-app' }],
    ['azp', { azp: 'the-app' }, {}],
    ['amr', { amr: ['pwd', 'mfa'] }, { amr: ['pwd'] }],
    ['email', { email: 'dev@example.com' }, { email: 'other@example.com' }],
    [
      'tags',
      { [TAGS]: { principal_tags: { team: ['ml'] }, transitive_tag_keys: ['team'] } },
      { [TAGS]: { principal_tags: { team: ['shop'] } } },
    ],
    [
      'source',
      { 'https://aws.amazon.com/source_identity': 'dev' },
      { 'https://aws.amazon.com/source_identity': 'another' },
    ],
  ])('can require claims of the token: %s', async (role, good, bad) => {
    await expect(inRole(role, good)).resolves.toBeDefined();
    expect(await refused(role, bad)).toEqual(NOT_AUTHORIZED);
  });

  it('can require the provider and the session name', async () => {
    await expect(inRole('provider')).resolves.toBeDefined();
    await expect(inRole('name')).resolves.toBeDefined();
    const token = await issuer.token(world.now);
    const other = assume(token, { RoleArn: roleArn('name'), RoleSessionName: 'other' });
    expect(await refusalOf(other)).toEqual(NOT_AUTHORIZED);
  });

  it.each(['denied', 'users', 'other', 'no-such-role'])('denies for %s, without the reason', async (role) => {
    expect(await refused(role)).toEqual(NOT_AUTHORIZED);
  });

  it.each<[what: string, role: string, claims: Claims]>([
    ['a source identity', 'source', { 'https://aws.amazon.com/source_identity': 'a b/<>' }],
    ['an empty source identity', 'source', { 'https://aws.amazon.com/source_identity': '' }],
    ['a value', 'tags', { [TAGS]: { principal_tags: { team: ['ml'], cost: ['x'.repeat(257)] } } }],
    ['a key', 'tags', { [TAGS]: { principal_tags: { team: ['ml'], ['k'.repeat(129)]: ['x'] } } }],
    [
      'a number of tags',
      'tags',
      {
        [TAGS]: {
          principal_tags: {
            team: ['ml'],
            ...Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`k${i}`, ['v']])),
          },
        },
      },
    ],
  ])('accepts no more from the claims than from a call: %s', async (_, role, claims) => {
    expect(await refused(role, claims)).toMatchObject({ status: 400, code: 'ValidationError' });
  });

  it('must allow tags and the source identity', async () => {
    expect(await refused('any', { [TAGS]: { principal_tags: { team: ['ml'] } } })).toEqual({
      ...NOT_AUTHORIZED,
      message: 'Not authorized to perform sts:TagSession',
    });
    expect(await refused('any', { 'https://aws.amazon.com/source_identity': 'dev' })).toEqual({
      ...NOT_AUTHORIZED,
      message: 'Not authorized to perform sts:SetSourceIdentity',
    });
  });
});

describe('the session', () => {
  it('keeps subject, audience, methods and provider, and neither email nor MFA', async () => {
    const session = credentialsIn(await inRole('kept', { amr: ['mfa'], email: 'dev@example.com' }));
    await expect(world.personalize(session).send(new ListSchemasCommand({}))).resolves.toBeDefined();
    const other = credentialsIn(await inRole('kept', { amr: ['mfa'], sub: 'somebody' }));
    await expect(world.personalize(other).send(new ListSchemasCommand({}))).rejects.toThrow('not authorized');
  });

  it('is limited by session policies and by the maximum duration of the role', async () => {
    const token = await issuer.token(world.now);
    const Policy = JSON.stringify(allow('personalize:ListCampaigns'));
    const session = credentialsIn(await assume(token, { Policy, DurationSeconds: 900 }));
    await expect(world.personalize(session).send(new ListSchemasCommand({}))).rejects.toThrow(
      'session policy',
    );
    expect(await refusalOf(assume(token, { DurationSeconds: 3601 }))).toMatchObject({
      code: 'ValidationError',
      message: 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    });
  });

  it('can assume the next role of a chain, if that trusts it', async () => {
    const session = credentialsIn(await inRole('any'));
    await expect(world.assumeRole(session, 'chain')).resolves.toBeDefined();
    expect(await refusalOf(world.assumeRole(session, 'any'))).toEqual(
      mayNot(sessionArn('any', 'build'), 'any'),
    );
  });
});

describe('keys at a URL', () => {
  const openWith = (jwks: string) =>
    World.open({
      principals: {
        users: {
          alice: { accessKeys: [{ id: 'AKIALOCALALICE000000', secret: 'local-only-secret-of-alice' }] },
        },
        roles: { any: { trustPolicy: 'trust/any' } },
        oidcProviders: [{ url: URL_OF_CI, clientIds: ['sts.amazonaws.com'], jwks }],
      },
      policies: POLICIES,
    });

  it('are fetched once, when a token is verified', async () => {
    await using remote = await Issuer.make(URL_OF_CI);
    await using own = await openWith(await remote.listen());
    expect(remote.fetched).toBe(0);
    await assume(await remote.token(own.now), {}, own);
    await assume(await remote.token(own.now), {}, own);
    expect(remote.fetched).toBe(1);
  });

  it.each<[what: string, answer: { status: number; body: string }]>([
    ['is an error', { status: 500, body: '{}' }],
    ['is not JSON', { status: 200, body: '<html>' }],
    ['is not a key set', { status: 200, body: '{"keys":"none"}' }],
    ['has no such key', { status: 200, body: '{"keys":[]}' }],
  ])('are unavailable if the response %s', async (_, answer) => {
    await using remote = await Issuer.make(URL_OF_CI);
    await using own = await openWith(await remote.listen(async () => answer));
    expect(await refusalOf(assume(await remote.token(own.now), {}, own))).toEqual(NO_KEY);
  });

  it('are unavailable if the response is a redirect, also to the keys themselves', async () => {
    await using remote = await Issuer.make(URL_OF_CI);
    const location = await remote.listen();
    await using server = await serve((_, response) => void response.writeHead(302, { location }).end());
    await using own = await openWith(server.url);
    expect(await refusalOf(assume(await remote.token(own.now), {}, own))).toEqual(NO_KEY);
    expect(remote.fetched).toBe(0);
  });

  it('are unavailable if there is no response, and are requested again', async () => {
    await using remote = await Issuer.make(URL_OF_CI);
    let isUp = false;
    const address = await remote.listen(async () =>
      isUp ? { status: 200, body: JSON.stringify(await remote.keySet()) } : { status: 503, body: '' },
    );
    await using own = await openWith(address);
    expect(await refusalOf(assume(await remote.token(own.now), {}, own))).toEqual(NO_KEY);
    isUp = true;
    own.wait(1_000);
    await expect(assume(await remote.token(own.now), {}, own)).resolves.toBeDefined();
  });

  it('are not requested again within a second after a request that failed', async () => {
    await using remote = await Issuer.make(URL_OF_CI);
    await using own = await openWith(await remote.listen(async () => ({ status: 503, body: '' })));
    for (let count = 0; count < 3; count += 1)
      expect(await refusalOf(assume(await remote.token(own.now), {}, own))).toEqual(NO_KEY);
    expect(remote.fetched).toBe(1);
    own.wait(999);
    await refusalOf(assume(await remote.token(own.now), {}, own));
    expect(remote.fetched).toBe(1);
    own.wait(1);
    await refusalOf(assume(await remote.token(own.now), {}, own));
    expect(remote.fetched).toBe(2);
  });

  it('are used after a request that failed, where they are known already', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    try {
      await using remote = await Issuer.make(URL_OF_CI);
      const first = await remote.keySet();
      let isUp = true;
      const address = await remote.listen(async () => ({
        status: isUp ? 200 : 503,
        body: JSON.stringify(first),
      }));
      await using own = await openWith(address);
      const known = await remote.token(own.now);
      await assume(known, {}, own);
      isUp = false;
      await remote.rotate('key-2');
      vi.setSystemTime(Date.now() + 2_000);
      expect(await refusalOf(assume(await remote.token(own.now), {}, own))).toEqual(NO_KEY);
      expect(remote.fetched).toBe(2);
      await expect(assume(known, {}, own)).resolves.toBeDefined();
    } finally {
      vi.useRealTimers();
    }
  });

  it.each([
    ['nothing', () => {}],
    ['a byte now and then', (response: ServerResponse) => void response.write('{')],
  ])('are given up where the server sends %s until the time is over', async (_, begin) => {
    await using remote = await Issuer.make(URL_OF_CI);
    const hung = Promise.withResolvers<void>();
    await using server = await serve((incoming, response) => {
      incoming.socket.once('close', () => hung.resolve());
      begin(response);
    });
    const now = Date.now();
    const options = { issuer: URL_OF_CI, now, timeoutMillis: 20 };
    const verified = await verifyIdentityToken(await remote.token(now), { url: server.url }, options);
    const { status: _status, ...error } = NO_KEY;
    expect(verified).toEqual({ ok: false, error });
    await hung.promise;
  });

  it('are limited to 256 KiB', async () => {
    await using remote = await Issuer.make(URL_OF_CI);
    const keys = await remote.keySet();
    const huge = JSON.stringify({ ...keys, filler: 'x'.repeat(256 * 1024) });
    await using own = await openWith(await remote.listen(async () => ({ status: 200, body: huge })));
    expect(await refusalOf(assume(await remote.token(own.now), {}, own))).toEqual(NO_KEY);
  });

  it('are fetched again if the provider signs with a new one', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    try {
      await using remote = await Issuer.make(URL_OF_CI);
      await using own = await openWith(await remote.listen());
      await assume(await remote.token(own.now), {}, own);
      await remote.rotate('key-2');
      vi.setSystemTime(Date.now() + 2_000);
      await expect(assume(await remote.token(own.now), {}, own)).resolves.toBeDefined();
      expect(remote.fetched).toBe(2);
    } finally {
      vi.useRealTimers();
    }
  });
});
