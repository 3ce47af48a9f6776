import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { userCaller } from '../../../src/directory/caller.ts';
import type { Directory } from '../../../src/directory/directory.ts';
import type { PrincipalsInput } from '../../../src/directory/principals-input.ts';
import { readDirectory, readDirectoryInput } from '../../../src/directory/read-directory.ts';
import { accessKeyId } from '../../../src/lib/identifiers.ts';
import { ACCOUNT, allow, TRUST, temporaryFolder } from './temporary-folder.ts';

const POLICIES = {
  reader: JSON.parse(allow('personalize:List*')),
  writer: JSON.parse(allow('personalize:Create*')),
  boundary: JSON.parse(allow('personalize:*')),
  trust: JSON.parse(TRUST),
  'scp/root': JSON.parse(allow('*')),
};

async function directoryOf(principals: PrincipalsInput, partition = 'aws'): Promise<Directory> {
  const result = await readDirectoryInput({ principals, policies: POLICIES, account: ACCOUNT, partition });
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

const userOf = (directory: Directory, name: string) => {
  const user = directory.users.get(name);
  if (!user) throw new Error(`no user ${name}`);
  return user;
};

describe('a principal', () => {
  it('has an ARN as in AWS, with its path', async () => {
    const directory = await directoryOf({
      users: { alice: {}, bob: { path: '/teams/ml/', mfa: { secret: 'JBSWY3DPEHPK3PXP' } } },
      groups: { analysts: { path: '/x/' } },
      roles: { app: { trustPolicy: 'trust' } },
    });
    expect(directory.users.get('alice')?.arn).toBe('arn:aws:iam::123456789012:user/alice');
    expect(directory.users.get('bob')?.arn).toBe('arn:aws:iam::123456789012:user/teams/ml/bob');
    expect(directory.users.get('bob')?.mfa?.serialNumber).toBe('arn:aws:iam::123456789012:mfa/bob');
    expect(directory.groups.get('analysts')?.arn).toBe('arn:aws:iam::123456789012:group/x/analysts');
    expect(directory.roles.get('app')).toMatchObject({
      arn: 'arn:aws:iam::123456789012:role/app',
      maxSessionDuration: 3600,
      trustPolicy: { name: 'trust' },
    });
  });

  it('belongs to the partition, as do the AWS managed policies', async () => {
    const directory = await directoryOf(
      { users: { alice: { managedPolicies: ['ReadOnlyAccess'] } } },
      'aws-cn',
    );
    expect(directory.users.get('alice')).toMatchObject({
      arn: 'arn:aws-cn:iam::123456789012:user/alice',
      managedPolicies: [{ arn: 'arn:aws-cn:iam::aws:policy/ReadOnlyAccess' }],
    });
  });
});

describe('the policies of a user', () => {
  it('are its own and those of its groups, managed and inline', async () => {
    const directory = await directoryOf({
      users: {
        alice: {
          managedPolicies: ['AmazonPersonalizeFullAccess'],
          inlinePolicies: ['reader'],
          groups: ['ml'],
        },
      },
      groups: { ml: { managedPolicies: ['writer'], inlinePolicies: ['reader'] } },
    });
    const { identity } = directory.policySetOf(userOf(directory, 'alice'));
    expect(identity.map(({ name, arn }) => [name, arn])).toEqual([
      ['AmazonPersonalizeFullAccess', 'arn:aws:iam::aws:policy/service-role/AmazonPersonalizeFullAccess'],
      ['reader', undefined],
      ['writer', 'arn:aws:iam::123456789012:policy/writer'],
      ['reader', undefined],
    ]);
  });

  it('are not restricted without a boundary or an organization', async () => {
    const directory = await directoryOf({ users: { alice: {} } });
    expect(directory.policySetOf(userOf(directory, 'alice'))).toEqual({ identity: [] });
  });

  it('are restricted by a boundary and by the levels of the organization', async () => {
    const directory = await directoryOf({
      users: { alice: { permissionsBoundary: 'boundary' } },
      organization: {
        id: 'o-exampleorgid',
        serviceControlPolicies: [null, ['scp/root', 'FullAWSAccess'], []],
        resourceControlPolicies: [['RCPFullAWSAccess']],
      },
    });
    const set = directory.policySetOf(userOf(directory, 'alice'));
    expect(set.permissionsBoundary?.name).toBe('boundary');
    expect(set.serviceControl?.map((level) => level.map(({ name }) => name))).toEqual([
      ['FullAWSAccess'],
      ['scp/root', 'FullAWSAccess'],
      [],
    ]);
    expect(set.resourceControl).toEqual([[]]);
  });

  it('are compiled once', async () => {
    const directory = await directoryOf({ users: { alice: { managedPolicies: ['reader'] } } });
    const alice = userOf(directory, 'alice');
    expect(directory.policiesOf(alice)).toBe(directory.policiesOf(alice));
  });
});

describe('an access key', () => {
  it('is found with its user, active or inactive', async () => {
    const directory = await directoryOf({
      users: {
        alice: {
          accessKeys: [
            { id: 'AKIAIOSFODNN7EXAMPLE', secret: 'a' },
            { id: 'AKIAI44QH8DHBEXAMPLE', secret: 'b', status: 'Inactive' },
          ],
        },
      },
    });
    expect(directory.findAccessKey(accessKeyId('AKIAI44QH8DHBEXAMPLE'))).toEqual({
      key: { id: 'AKIAI44QH8DHBEXAMPLE', secret: 'b', status: 'Inactive' },
      user: directory.users.get('alice'),
    });
    expect(directory.findAccessKey(accessKeyId('AKIAIOSFODNN7EXAMPLE'))?.key.status).toBe('Active');
    expect(directory.findAccessKey(accessKeyId('AKIAUNKNOWNUNKNOWN00'))).toBeUndefined();
  });
});

describe('a caller', () => {
  it('has all members that context keys and records need', async () => {
    const directory = await directoryOf({
      users: { alice: { tags: { team: 'ml' } } },
      organization: { id: 'o-exampleorgid' },
    });
    expect(userCaller(directory, userOf(directory, 'alice'))).toMatchObject({
      principal: {
        type: 'User',
        arn: 'arn:aws:iam::123456789012:user/alice',
        accountId: '123456789012',
        userName: 'alice',
      },
      userId: expect.stringMatching(/^AIDA/),
      tags: { team: 'ml' },
      organization: { id: 'o-exampleorgid' },
    });
  });
});

describe('the list of policies', () => {
  it('lists where each is attached, and includes unused files', async () => {
    const directory = await directoryOf({
      users: { alice: { managedPolicies: ['reader', 'ReadOnlyAccess'] } },
      roles: { app: { trustPolicy: 'trust', inlinePolicies: ['reader'] } },
    });
    const attachments = directory.policies.map(({ policy, owner, attachments: to }) => [
      policy.name,
      owner,
      to,
    ]);
    expect(attachments).toEqual([
      [
        'reader',
        'customer',
        [
          { use: 'managed', to: 'arn:aws:iam::123456789012:user/alice' },
          { use: 'inline', to: 'arn:aws:iam::123456789012:role/app' },
        ],
      ],
      ['writer', 'customer', []],
      ['boundary', 'customer', []],
      ['trust', 'customer', [{ use: 'trustPolicy', to: 'arn:aws:iam::123456789012:role/app' }]],
      ['scp/root', 'customer', []],
      ['ReadOnlyAccess', 'aws', [{ use: 'managed', to: 'arn:aws:iam::123456789012:user/alice' }]],
    ]);
  });
});

describe('a directory of objects', () => {
  it('reports errors by path, and those of a policy by its name', async () => {
    const result = await readDirectoryInput({
      principals: { users: { alice: { managedPolicies: ['raeder'] } } },
      policies: { ...POLICIES, broken: { Version: '2012-10-17', Statement: [{ Effect: 'Alow' }] } },
      account: ACCOUNT,
      partition: 'aws',
    });
    const messages = result.ok ? [] : result.error.map(({ message }) => message);
    expect(messages).toContain(
      'users.alice.managedPolicies[0]: there is no policy "raeder"; did you mean "reader"?',
    );
    expect(messages).toContainEqual(expect.stringMatching(/^policy "broken": /));
  });

  it('accepts the key set of a provider as an object', async () => {
    const directory = await directoryOf({
      oidcProviders: [
        { url: 'https://token.example.com/x', clientIds: ['a'], jwks: { keys: [{ kty: 'RSA' }] } },
      ],
    });
    expect(directory.oidcProviders).toEqual([
      {
        arn: 'arn:aws:iam::123456789012:oidc-provider/token.example.com/x',
        url: 'https://token.example.com/x',
        clientIds: ['a'],
        jwks: { keys: [{ kty: 'RSA' }] },
      },
    ]);
  });
});

describe('a directory of files', () => {
  it('lists the files that it was read from', async () => {
    await using folder = await temporaryFolder({
      'principals.yaml': 'users: { alice: { managedPolicies: [reader] } }',
      'policies/reader.json': allow('personalize:List*'),
    });
    const read = await readDirectory(folder.options);
    expect(read.ok && read.value.files).toEqual([
      join(folder.path, 'principals.yaml'),
      join(folder.path, 'policies/reader.json'),
    ]);
  });
});
