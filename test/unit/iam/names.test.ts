import {
  GetGroupCommand,
  GetRoleCommand,
  GetUserCommand,
  IAMClient,
  ListUserPoliciesCommand,
} from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { policy, refusalOf, roleArn, trust, userArn, World } from '../sts/world.ts';

/* IAM finds a name whatever its case: what a policy says of `user/team/bob` is said to who asks for `BOB`, too. */

const BOB = userArn('team/bob');

let world: World;
beforeAll(async () => {
  world = await World.open({
    principals: {
      users: {
        alice: {
          accessKeys: [{ id: 'AKIALOCALALICE000000', secret: 'local-only-secret-of-alice' }],
          managedPolicies: ['all-but-bob'],
        },
        bob: {
          path: '/team/',
          accessKeys: [{ id: 'AKIALOCALBOB00000000', secret: 'local-only-secret-of-bob' }],
          managedPolicies: ['own'],
          tags: { secret: 'yes' },
        },
        carol: { tags: { secret: 'yes' } },
      },
      groups: { staff: {} },
      roles: { admin: { trustPolicy: 'trust' } },
    },
    policies: {
      'all-but-bob': policy(
        { Effect: 'Allow', Action: 'iam:*', Resource: '*' },
        {
          Effect: 'Deny',
          Action: 'iam:*',
          Resource: [BOB, roleArn('admin'), `arn:aws:iam::123456789012:group/staff`],
        },
        {
          Effect: 'Deny',
          Action: 'iam:*',
          Resource: '*',
          Condition: { StringEquals: { 'aws:ResourceTag/secret': 'yes' } },
        },
      ),
      own: policy({ Effect: 'Allow', Action: 'iam:*', Resource: BOB }),
      trust: trust('123456789012'),
    },
  });
});
afterAll(() => world[Symbol.asyncDispose]());

const iam = (who: string): IAMClient => new IAMClient(world.settings(who));

describe('a name in another case', () => {
  it.each(['bob', 'BOB', 'Bob'])('is refused where the policy refuses the user: %s', async (UserName) => {
    const refusal = await refusalOf(iam('alice').send(new GetUserCommand({ UserName })));
    expect(refusal).toMatchObject({ status: 403, code: 'AccessDenied' });
    expect(refusal.message).toContain(`iam:GetUser on resource: ${BOB} with an explicit deny`);
    const policies = iam('alice').send(new ListUserPoliciesCommand({ UserName }));
    expect((await refusalOf(policies)).code).toBe('AccessDenied');
  });

  it('is refused where the policy refuses the role or the group', async () => {
    const role = iam('alice').send(new GetRoleCommand({ RoleName: 'ADMIN' }));
    expect((await refusalOf(role)).code).toBe('AccessDenied');
    const group = iam('alice').send(new GetGroupCommand({ GroupName: 'Staff' }));
    expect((await refusalOf(group)).code).toBe('AccessDenied');
  });

  it('has the tags of the user', async () => {
    const user = iam('alice').send(new GetUserCommand({ UserName: 'CAROL' }));
    expect((await refusalOf(user)).code).toBe('AccessDenied');
  });

  it('is let where the policy lets the user', async () => {
    const { User } = await iam('bob').send(new GetUserCommand({ UserName: 'BOB' }));
    expect(User?.UserName).toBe('bob');
  });
});
