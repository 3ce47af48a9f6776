import {
  GetUserCommand,
  IAMClient,
  ListPoliciesCommand,
  ListRolesCommand,
  ListUsersCommand,
} from '@aws-sdk/client-iam';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningProxy, startProxy } from '../../src/index.ts';
import { awsCli, hasAwsCli } from './clients.ts';

type Statements = readonly Readonly<Record<string, unknown>>[];

const ACCOUNT = '123456789012';
const allow = (Action: string, Resource = '*') => ({ Effect: 'Allow', Action, Resource });
const deny = (Action: string, Resource: string) => ({ Effect: 'Deny', Action, Resource });

/** Each user with its policy. */
const USERS: Readonly<Record<string, Statements>> = {
  'all-but-users': [allow('iam:*'), deny('iam:*', 'arn:aws:iam::*:user/*')],
  'staff-only': [allow('iam:ListUsers', `arn:aws:iam::${ACCOUNT}:user/staff/*`)],
  'roles-on-arns': [allow('iam:List*', `arn:aws:iam::${ACCOUNT}:*`)],
  walkthrough: [allow('s3:ListAllMyBuckets', 'arn:aws:s3:::*')],
  'all-but-buckets': [allow('s3:*'), deny('s3:*', 'arn:aws:s3:::*')],
  'one-bucket': [allow('s3:ListAllMyBuckets', 'arn:aws:s3:::shop')],
};

let proxy: RunningProxy;
beforeAll(async () => {
  const keys = Object.keys(USERS).map((name, index) => [
    name,
    {
      accessKeys: [
        { id: `AKIALOCALLISTS${String(index).padStart(6, '0')}`, secret: `local-only-secret-of-${name}` },
      ],
      inlinePolicies: [name],
    },
  ]);
  const policies = Object.entries(USERS).map(([name, Statement]) => [
    name,
    { Version: '2012-10-17', Statement },
  ]);
  proxy = await startProxy({
    principals: { users: Object.fromEntries(keys) },
    policies: Object.fromEntries(policies),
  });
});
afterAll(() => proxy.close());

const iam = (user: string) => new IAMClient(proxy.clientConfig(user));
const s3 = (user: string) => new S3Client({ ...proxy.clientConfig(user), forcePathStyle: true });
const refusal = (user: string, rest: string) => ({
  message: `User: arn:aws:iam::${ACCOUNT}:user/${user} is not authorized to perform: ${rest}`,
});

describe('lists of IAM', () => {
  it('are denied by a Deny on the ARNs of what they list', async () => {
    await expect(iam('all-but-users').send(new ListUsersCommand({}))).rejects.toMatchObject(
      refusal(
        'all-but-users',
        `iam:ListUsers on resource: arn:aws:iam::${ACCOUNT}:user/ with an explicit deny in an identity-based policy`,
      ),
    );
    expect((await iam('all-but-users').send(new ListRolesCommand({}))).Roles).toEqual([]);
    expect(
      (await iam('all-but-users').send(new ListPoliciesCommand({ Scope: 'Local' }))).Policies,
    ).toBeDefined();
  });

  it('are granted on ARNs, below a path where the call names one', async () => {
    const client = iam('staff-only');
    expect((await client.send(new ListUsersCommand({ PathPrefix: '/staff/' }))).Users).toEqual([]);
    await expect(client.send(new ListUsersCommand({}))).rejects.toMatchObject(
      refusal(
        'staff-only',
        `iam:ListUsers on resource: arn:aws:iam::${ACCOUNT}:user/ because no identity-based policy allows the iam:ListUsers action`,
      ),
    );
  });

  it('of policies are granted on * alone', async () => {
    const client = iam('roles-on-arns');
    expect((await client.send(new ListRolesCommand({}))).Roles).toEqual([]);
    await expect(client.send(new ListPoliciesCommand({}))).rejects.toMatchObject(
      refusal(
        'roles-on-arns',
        'iam:ListPolicies on resource: policy path / because no identity-based policy allows the iam:ListPolicies action',
      ),
    );
  });

  it('reject an invalid path prefix', async () => {
    await expect(
      iam('staff-only').send(new ListUsersCommand({ PathPrefix: 'staff/' })),
    ).rejects.toMatchObject({
      name: 'ValidationError',
    });
  });

  it('do not keep a user from what the Deny does not reach', async () => {
    await expect(iam('all-but-users').send(new GetUserCommand({}))).rejects.toMatchObject({
      name: 'AccessDenied',
    });
  });
});

describe('listing the buckets', () => {
  it('is granted on arn:aws:s3:::* as in the walkthrough of AWS', async () => {
    expect((await s3('walkthrough').send(new ListBucketsCommand({}))).Buckets ?? []).toEqual([]);
  });

  it.each([
    ['all-but-buckets', 's3:ListAllMyBuckets with an explicit deny in an identity-based policy'],
    [
      'one-bucket',
      's3:ListAllMyBuckets because no identity-based policy allows the s3:ListAllMyBuckets action',
    ],
  ])('is denied to %s without the name of a resource', async (user, rest) => {
    await expect(s3(user).send(new ListBucketsCommand({}))).rejects.toMatchObject({
      name: 'AccessDenied',
      ...refusal(user, rest),
    });
    const record = proxy.decisions.find(({ principal }) => principal?.userName === user);
    expect(record?.checks).toMatchObject([{ action: 's3:ListAllMyBuckets', resource: 'arn:aws:s3:::*' }]);
  });

  it.skipIf(!hasAwsCli)(
    'is what aws s3 ls does (skips where the AWS CLI is not installed)',
    { tags: 'clients' },
    async () => {
      const listed = await awsCli(proxy.clientConfig('walkthrough'), 's3', 'ls');
      expect(listed).toMatchObject({ code: 0, stderr: '' });
      const refused = await awsCli(proxy.clientConfig('all-but-buckets'), 's3', 'ls');
      expect(refused.stderr).toContain('AccessDenied');
      const users = await awsCli(proxy.clientConfig('all-but-users'), 'iam', 'list-users');
      expect(users.stderr).toContain(`on resource: arn:aws:iam::${ACCOUNT}:user/ with an explicit deny`);
    },
  );
});
