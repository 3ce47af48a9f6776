import { describe, expect, it } from 'vitest';
import type { Directory } from '../../../src/directory/directory.ts';
import { mapPolicies } from '../../../src/directory/map-policies.ts';
import { readDirectoryInput } from '../../../src/directory/read-directory.ts';
import { ACCOUNT, allow, TRUST } from './temporary-folder.ts';

const deny = (Action: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Deny', Principal: '*', Action, Resource: '*' }],
});
const shared = (bucket: string) => ({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: `arn:aws-cn:s3:::${bucket}/*` },
  ],
});

async function directoryWithEveryUse(): Promise<Directory> {
  const read = await readDirectoryInput({
    account: ACCOUNT,
    partition: 'aws-cn',
    principals: {
      roles: {
        app: { trustPolicy: 'trust', inlinePolicies: ['shop'], permissionsBoundary: 'ReadOnlyAccess' },
      },
      users: {
        alice: {
          groups: ['ml'],
          permissionsBoundary: 'shop',
          inlinePolicies: ['shop'],
          managedPolicies: ['shop'],
        },
      },
      groups: { ml: { managedPolicies: ['shop', 'ReadOnlyAccess'] } },
      organization: {
        id: 'o-exampleorgid',
        path: 'o-exampleorgid/r-ab12/',
        serviceControlPolicies: [['FullAWSAccess'], ['shop'], null],
        resourceControlPolicies: [['RCPFullAWSAccess', 'guard'], ['guard']],
      },
    },
    policies: {
      'buckets/shop-data': shared('shop-data'),
      guard: deny('s3:*'),
      shop: JSON.parse(allow('personalize:*')),
      trust: JSON.parse(TRUST.replace('amazonaws.com', 'amazonaws.com.cn')),
      unused: JSON.parse(allow('personalize:*')),
    },
  });
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return read.value;
}

const IAM = `arn:aws-cn:iam::${ACCOUNT}:`;

describe('the attachments of policies', () => {
  it('are those of every use: to groups, users, roles, the organization and buckets', async () => {
    const { policies } = await directoryWithEveryUse();
    const attachments = policies.map(({ policy, owner, attachments: all }) => [
      `${owner} ${policy.name}`,
      ...all.map(({ use, to }) => `${use} ${to}`),
    ]);
    expect(attachments).toEqual([
      ['customer buckets/shop-data', 'bucketPolicy arn:aws-cn:s3:::shop-data'],
      ['customer guard', 'resourceControl o-exampleorgid', 'resourceControl o-exampleorgid'],
      [
        'customer shop',
        `managed ${IAM}group/ml`,
        `managed ${IAM}user/alice`,
        `inline ${IAM}user/alice`,
        `permissionsBoundary ${IAM}user/alice`,
        `inline ${IAM}role/app`,
        'serviceControl o-exampleorgid',
      ],
      ['customer trust', `trustPolicy ${IAM}role/app`],
      ['customer unused'],
      ['aws ReadOnlyAccess', `managed ${IAM}group/ml`, `permissionsBoundary ${IAM}role/app`],
    ]);
  });

  it('stay those of the folder where policies are replaced', async () => {
    const directory = await directoryWithEveryUse();
    const unused = directory.policies.find(({ policy: { name } }) => name === 'unused')?.policy;
    const edited = mapPolicies(directory, (named) =>
      named.name === 'trust' && unused ? { ...named, policy: unused.policy } : named,
    );
    const trust = edited.policies.find(({ policy: { name } }) => name === 'trust');
    expect(trust?.policy.policy).toBe(unused?.policy);
    expect(trust?.attachments).toEqual([{ use: 'trustPolicy', to: `${IAM}role/app` }]);
    const arn = `${IAM}policy/shop`;
    expect(edited.policyByArn(arn)).toEqual({
      policy: directory.policyByArn(arn)?.policy,
      owner: 'customer',
      attachments: directory.policyByArn(arn)?.attachments,
    });
  });
});
