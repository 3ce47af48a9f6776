import { ListCampaignsCommand, ListSchemasCommand, PersonalizeClient } from '@aws-sdk/client-personalize';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RunningProxy, startProxy } from '../../../src/index.ts';
import { allow, policy, sessionArn, trust, userArn } from './world.ts';

/* The credentials from the library, used in SDK clients. */

let proxy: RunningProxy;
beforeEach(async () => {
  proxy = await startProxy({
    principals: {
      users: {
        alice: {
          accessKeys: [{ id: 'AKIALOCALALICE000000', secret: 'local-only-secret-of-alice' }],
          managedPolicies: ['lists', 'with-factor'],
        },
        keyless: { managedPolicies: ['lists'] },
      },
      roles: {
        recommender: { trustPolicy: 'nobody', managedPolicies: ['lists', 'by-tag'], tags: { team: 'shop' } },
      },
    },
    policies: {
      lists: allow('personalize:ListSchemas'),
      'by-tag': policy({
        Effect: 'Allow',
        Action: 'personalize:ListCampaigns',
        Resource: '*',
        Condition: { StringEquals: { 'aws:PrincipalTag/team': 'ml' } },
      }),
      'with-factor': policy({
        Effect: 'Allow',
        Action: 'personalize:ListCampaigns',
        Resource: '*',
        Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
      }),
      nobody: trust(userArn('owner')),
    },
  });
});
afterEach(() => proxy.close());

const schemas = new ListSchemasCommand({});
const campaigns = new ListCampaignsCommand({});

describe('clientConfig', () => {
  it('of a user are the access key itself', () => {
    expect(proxy.clientConfig('alice')).toEqual({
      endpoint: proxy.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'AKIALOCALALICE000000', secretAccessKey: 'local-only-secret-of-alice' },
    });
  });

  it('of a role are a session, without a check of the trust policy', async () => {
    const { Arn } = await new STSClient(proxy.clientConfig('role/recommender')).send(
      new GetCallerIdentityCommand({}),
    );
    expect(Arn).toBe(sessionArn('recommender', 'personalize-authz-proxy'));
  });

  it('limits the session by a policy', async () => {
    const sessionPolicy = allow('personalize:ListCampaigns');
    const client = new PersonalizeClient(proxy.clientConfig('role/recommender', { sessionPolicy }));
    await expect(client.send(schemas)).rejects.toThrow(
      'because no session policy allows the personalize:ListSchemas',
    );
  });

  it('tags the session', async () => {
    const tagged = new PersonalizeClient(proxy.clientConfig('role/recommender', { tags: { team: 'ml' } }));
    await expect(tagged.send(campaigns)).resolves.toBeDefined();
    const own = new PersonalizeClient(proxy.clientConfig('role/recommender'));
    await expect(own.send(campaigns)).rejects.toThrow('because no identity-based policy allows');
  });

  it('creates the session as if with MFA, for a user too', async () => {
    const withFactor = new PersonalizeClient(proxy.clientConfig('alice', { mfa: true }));
    await expect(withFactor.send(campaigns)).resolves.toBeDefined();
    const own = new PersonalizeClient(proxy.clientConfig('alice'));
    await expect(own.send(campaigns)).rejects.toThrow('not authorized');
  });

  it('names the session', async () => {
    const client = new STSClient(proxy.clientConfig('role/recommender', { sessionName: 'task-7' }));
    expect((await client.send(new GetCallerIdentityCommand({}))).Arn).toBe(
      sessionArn('recommender', 'task-7'),
    );
  });

  it('gives a client one session for all its calls, and another after expiration', async () => {
    const settings = proxy.clientConfig('role/recommender', { durationSeconds: 3600 });
    let made = 0;
    const counted = async () => {
      made += 1;
      const given = await settings.credentials();
      // For the client, the first one expires immediately.
      return made === 1 ? { ...given, expiration: new Date(Date.now() - 1000) } : given;
    };
    const client = new PersonalizeClient({ ...settings, credentials: counted });
    await client.send(schemas);
    await client.send(schemas);
    expect(made).toBe(2);
    await client.send(schemas);
    expect(made).toBe(2);
  });

  it('rejects an unknown name at once, and suggests the nearest', () => {
    expect(() => proxy.clientConfig('role/recomender')).toThrow(
      'there is no principal role/recomender; did you mean "role/recommender"?',
    );
    expect(() => proxy.clientConfig('keyless')).toThrow('keyless has no active access key');
  });

  it.each<[what: string, options: object, reason: string]>([
    ['an invalid policy', { sessionPolicy: { Statement: 1 } }, 'Syntax errors in policy'],
    ['an invalid session name', { sessionName: 'a b' }, 'a b is not 2 to 64'],
  ])('rejects %s when a session is created', async (_, options, reason) => {
    await expect(proxy.clientConfig('role/recommender', options).credentials()).rejects.toThrow(reason);
  });
});
