import {
  GetUserCommand,
  GetUserPolicyCommand,
  IAMClient,
  ListAttachedUserPoliciesCommand,
  ListGroupsForUserCommand,
  ListUserPoliciesCommand,
} from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningProxy, startProxy } from '../../src/index.ts';
import { awsCli, hasAwsCli, hasBoto3, python } from './clients.ts';

/* "Allow users to view their own permissions", the documentation's policy, as it is shipped and attached to alice. */

const ALICE = 'arn:aws:iam::123456789012:user/alice';
const OWNER = 'arn:aws:iam::123456789012:user/owner';
const ATTACHED = [
  {
    PolicyName: 'AmazonPersonalizeFullAccess',
    PolicyArn: 'arn:aws:iam::aws:policy/service-role/AmazonPersonalizeFullAccess',
  },
  { PolicyName: 'CloudWatchFullAccess', PolicyArn: 'arn:aws:iam::aws:policy/CloudWatchFullAccess' },
];

/** AWS's sentence for what alice may not see of another user. */
const denial = (action: string): string =>
  `User: ${ALICE} is not authorized to perform: ${action} on resource: ${OWNER} because no identity-based policy allows the ${action} action`;

let proxy: RunningProxy;
beforeAll(async () => {
  proxy = await startProxy({ config: 'config/proxy.yaml' });
});
afterAll(() => proxy.close());

describe('AWS SDK for JavaScript v3', () => {
  it("shows a user's own permissions", async () => {
    const iam = new IAMClient(proxy.clientConfig('alice'));
    const UserName = 'alice';
    const { User } = await iam.send(new GetUserCommand({}));
    expect(User).toMatchObject({ UserName, Arn: ALICE, Path: '/', CreateDate: expect.any(Date) });
    const attached = await iam.send(new ListAttachedUserPoliciesCommand({ UserName }));
    expect(attached).toMatchObject({ AttachedPolicies: ATTACHED, IsTruncated: false });
    const { PolicyNames } = await iam.send(new ListUserPoliciesCommand({ UserName }));
    expect(PolicyNames).toEqual(['view-own-user-info']);
    const inline = await iam.send(new GetUserPolicyCommand({ UserName, PolicyName: 'view-own-user-info' }));
    expect(JSON.parse(decodeURIComponent(inline.PolicyDocument ?? ''))).toMatchObject({
      Statement: [{ Sid: 'ViewOwnUserInfo' }, { Sid: 'NavigateInConsole' }],
    });
    const { Groups } = await iam.send(new ListGroupsForUserCommand({ UserName }));
    expect(Groups).toEqual([]);
  });

  it('is refused those of another', async () => {
    const iam = new IAMClient(proxy.clientConfig('alice'));
    await expect(iam.send(new GetUserCommand({ UserName: 'owner' }))).rejects.toMatchObject({
      name: 'AccessDenied',
      message: denial('iam:GetUser'),
      $metadata: { httpStatusCode: 403 },
    });
  });
});

describe.skipIf(!hasBoto3)('boto3 (skips where python3 has none)', { tags: 'clients' }, () => {
  it("shows a user's own permissions, and is refused those of another", async () => {
    const program = `
import boto3
from botocore.exceptions import ClientError
iam = boto3.client('iam')
print(iam.get_user()['User']['Arn'])
print([p['PolicyName'] for p in iam.list_attached_user_policies(UserName='alice')['AttachedPolicies']])
print(iam.list_user_policies(UserName='alice')['PolicyNames'])
print(iam.get_user_policy(UserName='alice', PolicyName='view-own-user-info')['PolicyDocument']['Version'])
print(iam.list_groups_for_user(UserName='alice')['Groups'])
for call in (lambda: iam.get_user(UserName='owner'), lambda: iam.list_user_policies(UserName='owner')):
    try:
        call()
    except ClientError as e:
        print(e.response['ResponseMetadata']['HTTPStatusCode'], e.response['Error']['Code'], e.response['Error']['Message'])
`;
    const { stdout, stderr } = await python(proxy.clientConfig('alice'), program);
    expect(stderr).toBe('');
    expect(stdout.trim().split('\n')).toEqual([
      ALICE,
      "['AmazonPersonalizeFullAccess', 'CloudWatchFullAccess']",
      "['view-own-user-info']",
      '2012-10-17',
      '[]',
      `403 AccessDenied ${denial('iam:GetUser')}`,
      `403 AccessDenied ${denial('iam:ListUserPolicies')}`,
    ]);
  });
});

describe.skipIf(!hasAwsCli)('the AWS CLI (skips where it is not installed)', { tags: 'clients' }, () => {
  const iam = async (...args: string[]) => {
    const { code, stdout, stderr } = await awsCli(proxy.clientConfig('alice'), 'iam', ...args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return JSON.parse(stdout);
  };
  const ofAlice = ['--user-name', 'alice'];

  it('shows who the user is, and what is attached', async () => {
    expect(await iam('get-user')).toMatchObject({ User: { UserName: 'alice', Arn: ALICE } });
    expect(await iam('list-attached-user-policies', ...ofAlice)).toEqual({ AttachedPolicies: ATTACHED });
    expect(await iam('list-groups-for-user', ...ofAlice)).toEqual({ Groups: [] });
  });

  it('shows the inline policies, decoded', async () => {
    expect(await iam('list-user-policies', ...ofAlice)).toEqual({ PolicyNames: ['view-own-user-info'] });
    expect(await iam('get-user-policy', ...ofAlice, '--policy-name', 'view-own-user-info')).toMatchObject({
      PolicyDocument: { Statement: [{ Sid: 'ViewOwnUserInfo', Effect: 'Allow' }, {}] },
    });
  });

  it('prints the refusal of another user in AWS words', async () => {
    const alice = proxy.clientConfig('alice');
    const { code, stderr } = await awsCli(alice, 'iam', 'list-groups-for-user', '--user-name', 'owner');
    expect(code).not.toBe(0);
    expect(stderr).toContain(
      `An error occurred (AccessDenied) when calling the ListGroupsForUser operation: ${denial('iam:ListGroupsForUser')}`,
    );
  });
});
