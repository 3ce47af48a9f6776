import { GetPolicyCommand, GetUserCommand, IAMClient } from '@aws-sdk/client-iam';
import { CreateSchemaCommand, ListSchemasCommand, PersonalizeClient } from '@aws-sdk/client-personalize';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningProxy, startProxy } from '../../src/index.ts';

const ACCOUNT = '123456789012';
const POLICY = `arn:aws:iam::${ACCOUNT}:policy/shop`;
const ROLE = `arn:aws:iam::${ACCOUNT}:role/tasks`;

let proxy: RunningProxy;
beforeAll(async () => {
  const others = Array.from({ length: 200 }, (_, index) => `other-${index}`);
  proxy = await startProxy({
    principals: {
      users: {
        ...Object.fromEntries(others.map((name) => [name, { inlinePolicies: [name] }])),
        alice: {
          accessKeys: [{ id: 'AKIALOCALLOOKUPS0000', secret: 'local-only-secret-of-alice' }],
          managedPolicies: ['shop'],
        },
      },
      roles: { tasks: { trustPolicy: 'trust', managedPolicies: ['shop'] } },
    },
    policies: {
      ...Object.fromEntries(others.map((name) => [name, allow('personalize:ListRecipes')])),
      shop: allow('personalize:ListSchemas', 'iam:GetUser', 'iam:GetPolicy', 'sts:AssumeRole'),
      trust: {
        Version: '2012-10-17',
        Statement: {
          Effect: 'Allow',
          Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
          Action: 'sts:AssumeRole',
        },
      },
    },
  });
});
afterAll(() => proxy.close());

function allow(...actions: readonly string[]) {
  return { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: actions, Resource: '*' } };
}

/** What each call is answered with: a part of the response, or the name of the error. */
async function callAll(): Promise<readonly unknown[]> {
  const config = proxy.clientConfig('alice');
  const personalize = new PersonalizeClient(config);
  const iam = new IAMClient(config);
  const calls = [
    personalize.send(new ListSchemasCommand({})).then(({ schemas }) => schemas),
    personalize.send(new CreateSchemaCommand({ name: 'a', schema: '{}' })),
    iam.send(new GetUserCommand({ UserName: 'OTHER-150' })).then(({ User }) => User?.UserName),
    iam.send(new GetPolicyCommand({ PolicyArn: POLICY })).then(({ Policy }) => Policy?.Arn),
    new STSClient(config)
      .send(
        new AssumeRoleCommand({ RoleArn: ROLE, RoleSessionName: 'session', PolicyArns: [{ arn: POLICY }] }),
      )
      .then(({ AssumedRoleUser }) => AssumedRoleUser?.Arn),
  ];
  return Promise.all(calls.map((call) => call.catch(({ name }: Error) => name)));
}

describe('a request', () => {
  it('looks principals and policies up, and walks through none of their lists', async () => {
    const answers = [
      [],
      'AccessDeniedException',
      'other-150',
      POLICY,
      `arn:aws:sts::${ACCOUNT}:assumed-role/tasks/session`,
    ];
    // The first request to look something up makes the index.
    expect(await callAll()).toEqual(answers);
    const { users, groups, roles, policies } = proxy.directory;
    const walk = () => {
      throw new Error('a list was walked through');
    };
    for (const list of [users, groups, roles, policies])
      Object.assign(list, {
        [Symbol.iterator]: walk,
        values: walk,
        keys: walk,
        entries: walk,
        forEach: walk,
      });
    Object.assign(policies, { find: walk, filter: walk, map: walk, flatMap: walk, some: walk });
    expect(await callAll()).toEqual(answers);
  });
});
