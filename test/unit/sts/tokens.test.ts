import { ListDatasetGroupsCommand } from '@aws-sdk/client-personalize';
import { GetRecommendationsCommand } from '@aws-sdk/client-personalize-runtime';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import aws4 from 'aws4';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formatBasicDate } from '../../../src/sigv4/request-date.ts';
import { allow, type Credentials, HOUR, refusalOf, trust, userArn, World } from './world.ts';

/* The errors for invalid and expired credentials in each protocol (docs/conformance.md). */

const FOLDER = {
  principals: {
    users: {
      alice: { accessKeys: [{ id: 'AKIALOCALALICE000000', secret: 'local-only-secret-of-alice' }] },
      retired: {
        accessKeys: [
          { id: 'AKIALOCALRETIRED0000', secret: 'local-only-secret-of-retired', status: 'Inactive' as const },
        ],
      },
    },
    roles: { reader: { trustPolicy: 'trust', managedPolicies: ['all'] } },
  },
  policies: { trust: trust(userArn('alice')), all: allow('personalize:*') },
};

let world: World;
let other: World;
let session: Required<Credentials>;
beforeEach(async () => {
  [world, other] = await Promise.all([World.open(FOLDER), World.open(FOLDER)]);
  session = await world.session('alice', 'reader');
});
afterEach(async () => {
  await Promise.all([world[Symbol.asyncDispose](), other[Symbol.asyncDispose]()]);
});

/** One call in each protocol; the campaign does not exist, so an allowed call gets an error of the stub. */
const PROTOCOLS = {
  awsJson: (who: Credentials) => world.personalize(who).send(new ListDatasetGroupsCommand({})),
  restJson: (who: Credentials) =>
    world.runtime(who).send(
      new GetRecommendationsCommand({
        campaignArn: 'arn:aws:personalize:us-east-1:123456789012:campaign/none',
        userId: '1',
      }),
    ),
  awsQuery: (who: Credentials) => world.sts(who).send(new GetCallerIdentityCommand({})),
};

type Protocol = keyof typeof PROTOCOLS;

const INVALID = 'The security token included in the request is invalid';
const EXPIRED = 'The security token included in the request is expired';

/** The errors of AWS for an unknown key, for an invalid token, and for an expired session. */
const ANSWERS: Readonly<Record<Protocol, Readonly<Record<'unknown' | 'invalid' | 'expired', object>>>> = {
  awsJson: {
    unknown: { status: 400, code: 'UnrecognizedClientException', message: `${INVALID}.` },
    invalid: { status: 400, code: 'UnrecognizedClientException', message: INVALID },
    expired: { status: 400, code: 'ExpiredTokenException', message: EXPIRED },
  },
  restJson: {
    unknown: { status: 403, code: 'UnrecognizedClientException', message: `${INVALID}.` },
    invalid: { status: 403, code: 'UnrecognizedClientException', message: INVALID },
    expired: { status: 403, code: 'ExpiredTokenException', message: EXPIRED },
  },
  awsQuery: {
    unknown: { status: 403, code: 'InvalidClientTokenId', message: `${INVALID}.` },
    invalid: { status: 403, code: 'InvalidClientTokenId', message: `${INVALID}.` },
    expired: { status: 403, code: 'ExpiredToken', message: EXPIRED },
  },
};

/** Swaps one character for another. */
const altered = (text: string, at: number): string =>
  text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1);

type Spoil = (good: Required<Credentials>) => Credentials | Promise<Credentials>;

const BAD: readonly (readonly [what: string, answer: 'unknown' | 'invalid', spoil: Spoil])[] = [
  ['no token', 'unknown', ({ accessKeyId, secretAccessKey }) => ({ accessKeyId, secretAccessKey })],
  [
    'a string that is not a token',
    'invalid',
    (good) => ({ ...good, sessionToken: 'FwoGZXIvYXdzEXAMPLETOKEN' }),
  ],
  [
    'a forged token',
    'invalid',
    (good) => ({
      ...good,
      sessionToken: `${Buffer.from('{"alg":"dir","enc":"A256GCM"}').toString('base64url')}..AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA`,
    }),
  ],
  [
    'a token that claims not to be encrypted',
    'invalid',
    (good) => ({
      ...good,
      sessionToken: `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from('{}').toString('base64url')}.`,
    }),
  ],
  [
    'an altered token',
    'invalid',
    (good) => ({ ...good, sessionToken: altered(good.sessionToken, good.sessionToken.length - 40) }),
  ],
  ['a truncated token', 'invalid', (good) => ({ ...good, sessionToken: good.sessionToken.slice(0, -5) })],
  [
    'a token with characters appended',
    'invalid',
    (good) => ({ ...good, sessionToken: `${good.sessionToken}AAAA` }),
  ],
  [
    'a token of another session',
    'invalid',
    async (good) => ({ ...good, sessionToken: (await world.session('alice', 'reader')).sessionToken }),
  ],
  ['a session of a proxy with another key', 'invalid', () => other.session('alice', 'reader')],
  [
    'a long-term key with a token',
    'invalid',
    (good) => ({ ...world.keyOf('alice'), sessionToken: good.sessionToken }),
  ],
  [
    'a temporary key that was never issued, without a token',
    'unknown',
    () => ({ accessKeyId: 'ASIAAAAAAAAAAAAAAAAA', secretAccessKey: 'guess' }),
  ],
  ['an unknown key', 'unknown', () => ({ accessKeyId: 'AKIAUNKNOWN000000000', secretAccessKey: 'guess' })],
  [
    'an inactive key with its right secret',
    'unknown',
    () => ({ accessKeyId: 'AKIALOCALRETIRED0000', secretAccessKey: 'local-only-secret-of-retired' }),
  ],
  [
    'an inactive key with a wrong secret',
    'unknown',
    () => ({ accessKeyId: 'AKIALOCALRETIRED0000', secretAccessKey: 'wrong' }),
  ],
];

describe.each(Object.keys(PROTOCOLS) as Protocol[])('over %s', (protocol) => {
  const call = PROTOCOLS[protocol];

  it.each(BAD)('%s gets the error of AWS (%s)', async (_, answer, spoil) => {
    expect(await refusalOf(call(await spoil(session)))).toEqual(ANSWERS[protocol][answer]);
    expect(world.proxy.decisions.at(-1)).toMatchObject({ outcome: 'rejected', checks: [] });
  });

  it('a session expires in its last second, also if it is cached', async () => {
    const usable = async () => (await refusalOrSuccess(call(session))).code;
    const whileGood = await usable();
    world.wait(HOUR - 1);
    expect(await usable()).toBe(whileGood);
    world.wait(1);
    expect(await refusalOf(call(session))).toEqual(ANSWERS[protocol].expired);
  });

  it('an expired session takes precedence over a wrong signature', async () => {
    world.wait(HOUR);
    expect(await refusalOf(call({ ...session, secretAccessKey: 'wrong' }))).toEqual(
      ANSWERS[protocol].expired,
    );
  });

  it('a token of another key takes precedence over an expired session', async () => {
    world.wait(HOUR);
    const { sessionToken } = await world.session('alice', 'reader');
    expect(await refusalOf(call({ ...session, sessionToken }))).toEqual(ANSWERS[protocol].invalid);
  });

  it('a valid token with a wrong secret is a wrong signature', async () => {
    const { message, code } = await refusalOf(call({ ...session, secretAccessKey: 'wrong' }));
    expect(code).toBe(protocol === 'awsQuery' ? 'SignatureDoesNotMatch' : 'InvalidSignatureException');
    expect(message).toMatch(
      /^The request signature we calculated does not match the signature you provided\./,
    );
  });
});

async function refusalOrSuccess(call: Promise<unknown>): Promise<{ readonly code: string }> {
  try {
    await call;
    return { code: 'success' };
  } catch (cause) {
    return { code: (cause as Error).name };
  }
}

describe('a session', () => {
  it('has the form of AWS: ASIA and 16 characters, a secret of 40, a long token', () => {
    expect(session).toEqual({
      accessKeyId: expect.stringMatching(/^ASIA[A-Z2-7]{16}$/),
      secretAccessKey: expect.stringMatching(/^[A-Za-z0-9+/]{40}$/),
      sessionToken: expect.stringMatching(/^.{100,}$/),
    });
  });

  it('is not in any record or response', async () => {
    await world.personalize(session).send(new ListDatasetGroupsCommand({}));
    const records = JSON.stringify(world.proxy.decisions);
    expect(records).not.toContain(session.sessionToken);
    expect(records).not.toContain(session.secretAccessKey);
  });

  it('is also valid in a presigned URL, and only with its token', async () => {
    const { accessKeyId, secretAccessKey, sessionToken } = session;
    const sign = async (credentials: Credentials) => {
      const date = formatBasicDate(world.now);
      const request = {
        method: 'GET',
        path: `/?Action=GetCallerIdentity&Version=2011-06-15&X-Amz-Date=${date}&X-Amz-Expires=300`,
        headers: { Host: new URL(world.proxy.url).host },
        region: 'us-east-1',
        service: 'sts',
        signQuery: true,
      };
      const { path } = aws4.sign(request, credentials);
      return (await fetch(`${world.proxy.url}${path}`)).text();
    };
    expect(await sign(session)).toContain('<Arn>arn:aws:sts::123456789012:assumed-role/reader/test</Arn>');
    expect(await sign({ accessKeyId, secretAccessKey })).toContain('<Code>InvalidClientTokenId</Code>');
    world.wait(HOUR);
    expect(await sign({ accessKeyId, secretAccessKey, sessionToken })).toContain('<Code>ExpiredToken</Code>');
  });

  it('is rejected for a wrong scope before its token is checked', async () => {
    const { sessionToken: _, ...withoutToken } = session;
    const elsewhere = world.sts(withoutToken);
    elsewhere.config.region = async () => 'eu-west-1';
    expect(await refusalOf(elsewhere.send(new GetCallerIdentityCommand({})))).toEqual({
      status: 403,
      code: 'SignatureDoesNotMatch',
      message: 'Credential should be scoped to a valid region. ',
    });
  });
});

describe('several proxies', () => {
  const key = Buffer.alloc(32, 7).toString('base64');

  it('accept the sessions of each other if they have the same key', async () => {
    const env = { AUTHZ_SESSION_KEY: key };
    await using one = await World.open({ ...FOLDER, env });
    await using two = await World.open({ ...FOLDER, env });
    const made = await one.session('alice', 'reader');
    await expect(two.personalize(made).send(new ListDatasetGroupsCommand({}))).resolves.toMatchObject({
      datasetGroups: [],
    });
  });

  it('of different accounts do not accept the sessions of each other, even with the same key', async () => {
    const env = { AUTHZ_SESSION_KEY: key };
    await using one = await World.open({ ...FOLDER, env });
    await using two = await World.open({ ...FOLDER, env, account: '999999999999' });
    const foreign = await one.session('alice', 'reader');
    expect(await refusalOf(two.sts(foreign).send(new GetCallerIdentityCommand({})))).toEqual(
      ANSWERS.awsQuery.unknown,
    );
  });

  it('reject them with different keys', async () => {
    await using one = await World.open({ ...FOLDER, env: { AUTHZ_SESSION_KEY: key } });
    const foreign = await one.session('alice', 'reader');
    expect(await refusalOf(world.personalize(foreign).send(new ListDatasetGroupsCommand({})))).toEqual(
      ANSWERS.awsJson.invalid,
    );
  });
});
