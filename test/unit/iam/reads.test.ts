import { beforeAll, describe, expect, it } from 'vitest';
import type { Directory } from '../../../src/directory/directory.ts';
import { DecisionLog } from '../../../src/records/decision-log.ts';
import { handleIamCall } from '../../../src/services/iam/handle-call.ts';
import { outputDiagnostics } from '../stub/output-faults.ts';
import { bodyOf, operation } from '../wire/requests.ts';
import { callOf, directoryOf, FOLDER, iamArn, outputOrThrow, refusalOf } from './arrangements.ts';

const CREATE_DATE = new Date('2026-01-01T00:00:00Z');
const OPERATOR = iamArn('policy/campaigns/operator');
const BOUNDARY = iamArn('policy/boundary');
const FULL_ACCESS = 'arn:aws:iam::aws:policy/service-role/AmazonPersonalizeFullAccess';

let directory: Directory;
beforeAll(async () => {
  directory = await directoryOf(FOLDER);
});

const read = (name: string, input = {}, as = 'bob') => outputOrThrow(directory, name, input, { as });
const refused = (name: string, input = {}, as = 'bob') => refusalOf(directory, name, input, { as });
const decoded = (text: unknown): unknown => JSON.parse(decodeURIComponent(String(text)));

describe('users', () => {
  it('are the caller, where no name is given', () => {
    expect(read('GetUser', {}, 'alice')).toEqual({
      User: {
        Path: '/teams/ml/',
        UserName: 'alice',
        UserId: expect.stringMatching(/^AIDA[A-Z2-7]{17}$/),
        Arn: iamArn('user/teams/ml/alice'),
        CreateDate: CREATE_DATE,
        PermissionsBoundary: { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: BOUNDARY },
        Tags: [
          { Key: 'team', Value: 'ml' },
          { Key: 'site', Value: 'Zürich + Bern' },
        ],
      },
    });
  });

  it('must be named by a caller that is not a user', () => {
    expect(refused('GetUser', {}, 'role/recommender')).toEqual({
      code: 'ValidationError',
      message: 'Must specify userName when calling with non-User credentials',
    });
  });

  it('are found whatever the case of their name, and answered in their own', () => {
    expect(read('GetUser', { UserName: 'BOB' })).toMatchObject({ User: { UserName: 'bob' } });
  });

  it('keep their ids from one start to the next', async () => {
    const again = await directoryOf(FOLDER);
    expect(outputOrThrow(again, 'GetUser', { UserName: 'alice' })).toEqual(
      read('GetUser', { UserName: 'alice' }),
    );
  });

  it('are listed by path, without tags and boundary', () => {
    expect(read('ListUsers', { PathPrefix: '/teams/' })).toEqual({
      Users: [
        {
          Path: '/teams/ml/',
          UserName: 'alice',
          UserId: expect.any(String),
          Arn: iamArn('user/teams/ml/alice'),
          CreateDate: CREATE_DATE,
        },
      ],
      IsTruncated: false,
    });
  });

  it('show their keys without the secrets, and their virtual device', () => {
    expect(read('ListAccessKeys', { UserName: 'alice' })).toMatchObject({
      AccessKeyMetadata: [
        { UserName: 'alice', AccessKeyId: 'AKIAIOSFODNN7EXAMPLE', Status: 'Active' },
        { UserName: 'alice', AccessKeyId: 'AKIAIOSFODNN7RETIRED', Status: 'Inactive' },
      ],
    });
    expect(JSON.stringify(read('ListAccessKeys', { UserName: 'alice' }))).not.toContain('secret');
    expect(read('ListMFADevices', {}, 'alice')).toMatchObject({
      MFADevices: [{ UserName: 'alice', SerialNumber: iamArn('mfa/alice') }],
    });
    expect(read('ListMFADevices')).toMatchObject({ MFADevices: [] });
  });
});

describe('policies of users, groups and roles', () => {
  it('are listed: inline by name, attached with their ARN', () => {
    expect(read('ListUserPolicies', { UserName: 'alice' })).toEqual({
      PolicyNames: ['own.look'],
      IsTruncated: false,
    });
    expect(read('ListAttachedUserPolicies', { UserName: 'alice' })).toEqual({
      AttachedPolicies: [
        { PolicyName: 'AmazonPersonalizeFullAccess', PolicyArn: FULL_ACCESS },
        { PolicyName: 'operator', PolicyArn: OPERATOR },
      ],
      IsTruncated: false,
    });
    expect(read('ListAttachedUserPolicies', { UserName: 'alice', PathPrefix: '/campaigns/' })).toMatchObject({
      AttachedPolicies: [{ PolicyName: 'operator' }],
    });
    expect(read('ListGroupPolicies', { GroupName: 'analysts' })).toMatchObject({ PolicyNames: ['look'] });
    expect(read('ListAttachedRolePolicies', { RoleName: 'recommender' })).toMatchObject({
      AttachedPolicies: [{ PolicyArn: OPERATOR }],
    });
  });

  it('are given percent-encoded, as AWS does', () => {
    const { PolicyDocument, ...names } = read('GetUserPolicy', { UserName: 'alice', PolicyName: 'own.look' });
    expect(names).toEqual({ UserName: 'alice', PolicyName: 'own.look' });
    expect(PolicyDocument).toMatch(/^%7B%0A%20%20%22Version%22%3A%20%222012-10-17%22/);
    expect(PolicyDocument).toContain('%22Resource%22%3A%20%22%2A%22');
    expect(decoded(PolicyDocument)).toEqual(FOLDER.policies?.['own/look']);
  });

  it('include the trust policy of a role', () => {
    const { Role } = read('GetRole', { RoleName: 'recommender' }) as {
      Role: Record<string, unknown>;
    };
    expect(Role).toMatchObject({
      Path: '/',
      Arn: iamArn('role/recommender'),
      RoleId: expect.stringMatching(/^AROA/),
      MaxSessionDuration: 7200,
      Tags: [{ Key: 'application', Value: 'shop' }],
    });
    expect(decoded(Role.AssumeRolePolicyDocument)).toEqual(FOLDER.policies?.['trust/ecs-tasks']);
  });

  it('know the groups of a user, and the users of a group', () => {
    expect(read('ListGroupsForUser', { UserName: 'alice' })).toMatchObject({
      Groups: [{ GroupName: 'analysts' }, { GroupName: 'readers', Path: '/teams/' }],
    });
    expect(read('GetGroup', { GroupName: 'analysts' })).toMatchObject({
      Group: { GroupName: 'analysts', GroupId: expect.stringMatching(/^AGPA/) },
      Users: [{ UserName: 'alice' }],
      IsTruncated: false,
    });
  });
});

describe('what is not there', () => {
  it.each([
    ['GetUser', { UserName: 'carol' }, 'The user with name carol cannot be found.'],
    [
      'GetUserPolicy',
      { UserName: 'alice', PolicyName: 'none' },
      'The user policy with name none cannot be found.',
    ],
    ['GetGroup', { GroupName: 'none' }, 'The group with name none cannot be found.'],
    ['GetRole', { RoleName: 'none' }, 'The role with name none cannot be found.'],
    [
      'GetRolePolicy',
      { RoleName: 'recommender', PolicyName: 'none' },
      'The role policy with name none cannot be found.',
    ],
    ['GetPolicy', { PolicyArn: iamArn('policy/none') }, `Policy ${iamArn('policy/none')} was not found.`],
    [
      'GetPolicyVersion',
      { PolicyArn: OPERATOR, VersionId: 'v9' },
      `Policy ${OPERATOR} version v9 was not found.`,
    ],
    [
      'GetOpenIDConnectProvider',
      { OpenIDConnectProviderArn: iamArn('oidc-provider/none') },
      `OpenIDConnect Provider not found for arn ${iamArn('oidc-provider/none')}`,
    ],
  ])('is NoSuchEntity in AWS words: %s', (name, input, message) => {
    expect(refused(name, input)).toEqual({ code: 'NoSuchEntity', message });
  });

  it('is 404 on the wire only as an error; an input out of bounds is 400 ValidationError', () => {
    expect(refused('ListUsers', { MaxItems: 0 })).toEqual({
      code: 'ValidationError',
      message:
        "1 validation error detected: Value '0' at 'maxItems' failed to satisfy constraint: Member must have value greater than or equal to 1",
    });
    expect(refused('GetRole', {})).toMatchObject({ code: 'ValidationError' });
    expect(refused('ListUsers', { Marker: 'nonsense' })).toEqual({
      code: 'ValidationError',
      message: 'Invalid Marker.',
    });
  });
});

describe('managed policies', () => {
  it('are files of the folder, with path and use', () => {
    expect(read('GetPolicy', { PolicyArn: OPERATOR })).toEqual({
      Policy: {
        PolicyName: 'operator',
        PolicyId: expect.stringMatching(/^ANPA[A-Z2-7]{17}$/),
        Arn: OPERATOR,
        Path: '/campaigns/',
        DefaultVersionId: 'v1',
        AttachmentCount: 2,
        PermissionsBoundaryUsageCount: 0,
        IsAttachable: true,
        CreateDate: CREATE_DATE,
        UpdateDate: CREATE_DATE,
      },
    });
  });

  it('count an entity once that names a policy by its name and by its ARN', async () => {
    const both = [FULL_ACCESS, 'AmazonPersonalizeFullAccess'];
    const principals = {
      users: { bob: { managedPolicies: both } },
      groups: { g: { managedPolicies: both } },
    };
    const input = { PolicyArn: FULL_ACCESS };
    const found = outputOrThrow(await directoryOf({ principals }), 'GetPolicy', input, { as: 'bob' });
    expect(found).toMatchObject({ Policy: { AttachmentCount: 2 } });
  });

  it("are AWS's own, attached or not, with AWS's dates and version", () => {
    expect(read('GetPolicy', { PolicyArn: FULL_ACCESS })).toMatchObject({
      Policy: { PolicyName: 'AmazonPersonalizeFullAccess', Path: '/service-role/', AttachmentCount: 1 },
    });
    const arn = 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess';
    const { Policy } = read('GetPolicy', { PolicyArn: arn }) as { Policy: Record<string, unknown> };
    expect(Policy).toMatchObject({ Arn: arn, AttachmentCount: 0 });
    const { PolicyVersion } = read('GetPolicyVersion', {
      PolicyArn: arn,
      VersionId: Policy.DefaultVersionId,
    }) as { PolicyVersion: Record<string, unknown> };
    expect(PolicyVersion).toMatchObject({ IsDefaultVersion: true, CreateDate: Policy.UpdateDate });
    expect(decoded(PolicyVersion.Document)).toMatchObject({ Version: '2012-10-17' });
  });

  it('are listed by scope, use and path, without trust policies and inline files', () => {
    const names = (input: object) =>
      (read('ListPolicies', { MaxItems: 1000, ...input }).Policies as { PolicyName: string }[]).map(
        ({ PolicyName }) => PolicyName,
      );
    expect(names({ Scope: 'Local' })).toEqual(['boundary', 'operator', 'unused']);
    expect(names({ Scope: 'Local', OnlyAttached: true })).toEqual(['boundary', 'operator']);
    expect(names({ Scope: 'Local', PathPrefix: '/campaigns/' })).toEqual(['operator']);
    expect(names({ OnlyAttached: true })).toEqual([
      'boundary',
      'operator',
      'AmazonPersonalizeFullAccess',
      'PowerUserAccess',
    ]);
    expect(names({ PolicyUsageFilter: 'PermissionsBoundary' })).toEqual(['boundary']);
    expect(names({ Scope: 'AWS', PathPrefix: '/aws-service-role/' }).length).toBeGreaterThan(100);
    expect(names({ Scope: 'AWS' }).length).toBe(1000);
  });

  it('know who uses them, and how', () => {
    expect(read('ListEntitiesForPolicy', { PolicyArn: OPERATOR })).toMatchObject({
      PolicyGroups: [],
      PolicyUsers: [{ UserName: 'alice', UserId: expect.stringMatching(/^AIDA/) }],
      PolicyRoles: [{ RoleName: 'recommender', RoleId: expect.stringMatching(/^AROA/) }],
    });
    expect(read('ListEntitiesForPolicy', { PolicyArn: BOUNDARY, EntityFilter: 'User' })).toMatchObject({
      PolicyUsers: [{ UserName: 'alice' }],
      PolicyRoles: [],
    });
    expect(
      read('ListEntitiesForPolicy', { PolicyArn: BOUNDARY, PolicyUsageFilter: 'PermissionsPolicy' }),
    ).toMatchObject({ PolicyUsers: [], PolicyRoles: [] });
  });
});

describe('lists', () => {
  it('go on where the page before ended', () => {
    const first = read('ListPolicies', { Scope: 'AWS', MaxItems: 2 });
    const second = read('ListPolicies', { Scope: 'AWS', MaxItems: 2, Marker: first.Marker });
    const both = read('ListPolicies', { Scope: 'AWS', MaxItems: 4 });
    expect(first.IsTruncated).toBe(true);
    expect([first.Policies, second.Policies].flat()).toEqual(both.Policies);
  });

  it('have a hundred items, and an end', () => {
    expect(read('ListPolicies', { Scope: 'AWS' }).Policies).toHaveLength(100);
    const only = read('ListUsers', { MaxItems: 2 });
    expect(only).toMatchObject({ IsTruncated: false });
    expect(only).not.toHaveProperty('Marker');
  });
});

describe('the account', () => {
  it('is given whole, and page by page the same', () => {
    const whole = read('GetAccountAuthorizationDetails', { MaxItems: 1000 });
    expect(whole).toMatchObject({
      UserDetailList: [{ UserName: 'alice', GroupList: ['analysts', 'readers'] }, { UserName: 'bob' }],
      GroupDetailList: [{ GroupName: 'analysts' }, { GroupName: 'readers' }],
      RoleDetailList: [{ RoleName: 'recommender', InstanceProfileList: [] }],
      IsTruncated: false,
    });
    expect((whole.Policies as { PolicyName: string }[]).map(({ PolicyName }) => PolicyName)).toEqual([
      'boundary',
      'operator',
      'unused',
      'AmazonPersonalizeFullAccess',
      'PowerUserAccess',
    ]);
    const users = read('GetAccountAuthorizationDetails', { MaxItems: 1 });
    expect(users).toMatchObject({ UserDetailList: [{ UserName: 'alice' }], RoleDetailList: [] });
    expect(read('GetAccountAuthorizationDetails', { Filter: ['Role'] })).toMatchObject({
      UserDetailList: [],
      RoleDetailList: [{ RoleName: 'recommender' }],
      Policies: [],
    });
  });

  it('is counted, and has the providers of the folder', () => {
    expect(read('GetAccountSummary')).toMatchObject({
      SummaryMap: { Users: 2, Groups: 2, Roles: 1, Policies: 3, Providers: 1, MFADevices: 1 },
    });
    const arn = iamArn('oidc-provider/token.example.com/oidc');
    expect(read('ListOpenIDConnectProviders')).toEqual({ OpenIDConnectProviderList: [{ Arn: arn }] });
    expect(read('GetOpenIDConnectProvider', { OpenIDConnectProviderArn: arn })).toMatchObject({
      Url: 'token.example.com/oidc',
      ClientIDList: ['sts.amazonaws.com'],
    });
    expect(read('ListAccountAliases')).toEqual({ AccountAliases: [], IsTruncated: false });
  });

  it('has the virtual devices of its users, each assigned to one', () => {
    const assigned = [
      {
        SerialNumber: iamArn('mfa/alice'),
        User: expect.objectContaining({ UserName: 'alice', Arn: iamArn('user/teams/ml/alice') }),
        EnableDate: CREATE_DATE,
      },
    ];
    expect(read('ListVirtualMFADevices')).toEqual({ VirtualMFADevices: assigned, IsTruncated: false });
    const devices = (AssignmentStatus: string) => read('ListVirtualMFADevices', { AssignmentStatus });
    expect(devices('Assigned')).toMatchObject({ VirtualMFADevices: assigned });
    expect(devices('Any')).toMatchObject({ VirtualMFADevices: assigned });
    expect(devices('Unassigned')).toEqual({ VirtualMFADevices: [], IsTruncated: false });
    expect(refused('ListVirtualMFADevices', { AssignmentStatus: 'None' }).code).toBe('ValidationError');
  });

  it('has no instance profiles and no passwords', () => {
    const none = { InstanceProfiles: [], IsTruncated: false };
    expect(read('ListInstanceProfiles')).toEqual(none);
    expect(read('ListInstanceProfilesForRole', { RoleName: 'recommender' })).toEqual(none);
    expect(refused('ListInstanceProfilesForRole', { RoleName: 'none' }).code).toBe('NoSuchEntity');
    expect(refused('GetLoginProfile', { UserName: 'BOB' })).toEqual({
      code: 'NoSuchEntity',
      message: 'Login Profile for User bob cannot be found.',
    });
    expect(refused('GetLoginProfile', { UserName: 'carol' })).toEqual({
      code: 'NoSuchEntity',
      message: 'The user with name carol cannot be found.',
    });
  });
});

describe('every answer', () => {
  /** The model says PermissionsBoundaryPolicy, IAM says Policy. */
  const known = /PermissionsBoundaryType/;

  it.each([
    ['GetUser', { UserName: 'alice' }],
    ['ListUsers', {}],
    ['ListUserPolicies', { UserName: 'alice' }],
    ['GetUserPolicy', { UserName: 'alice', PolicyName: 'own.look' }],
    ['ListAttachedUserPolicies', { UserName: 'alice' }],
    ['ListGroupsForUser', { UserName: 'alice' }],
    ['ListUserTags', { UserName: 'alice' }],
    ['ListAccessKeys', { UserName: 'alice' }],
    ['ListMFADevices', { UserName: 'alice' }],
    ['ListVirtualMFADevices', {}],
    ['ListInstanceProfiles', {}],
    ['ListInstanceProfilesForRole', { RoleName: 'recommender' }],
    ['GetAccessKeyLastUsed', { AccessKeyId: 'AKIAIOSFODNN7EXAMPLE' }],
    ['GetGroup', { GroupName: 'analysts' }],
    ['ListGroups', {}],
    ['ListGroupPolicies', { GroupName: 'analysts' }],
    ['GetGroupPolicy', { GroupName: 'analysts', PolicyName: 'look' }],
    ['ListAttachedGroupPolicies', { GroupName: 'analysts' }],
    ['GetRole', { RoleName: 'recommender' }],
    ['ListRoles', {}],
    ['ListRolePolicies', { RoleName: 'recommender' }],
    ['GetRolePolicy', { RoleName: 'recommender', PolicyName: 'look' }],
    ['ListAttachedRolePolicies', { RoleName: 'recommender' }],
    ['ListRoleTags', { RoleName: 'recommender' }],
    ['GetPolicy', { PolicyArn: OPERATOR }],
    ['ListPolicies', { MaxItems: 1000 }],
    ['GetPolicyVersion', { PolicyArn: OPERATOR, VersionId: 'v1' }],
    ['ListPolicyVersions', { PolicyArn: OPERATOR }],
    ['ListEntitiesForPolicy', { PolicyArn: OPERATOR }],
    ['ListAccountAliases', {}],
    ['GetAccountSummary', {}],
    ['GetAccountAuthorizationDetails', {}],
    ['ListOpenIDConnectProviders', {}],
    [
      'GetOpenIDConnectProvider',
      { OpenIDConnectProviderArn: iamArn('oidc-provider/token.example.com/oidc') },
    ],
  ])('has the shape of its model: %s', (name, input) => {
    const diagnostics = outputDiagnostics(read(name, input), operation('iam', name).output);
    expect(diagnostics.filter((diagnostic) => !known.test(diagnostic))).toEqual([]);
  });

  it('is XML in the namespace of IAM', () => {
    const response = handleIamCall(
      callOf(directory, 'GetUser', { UserName: 'alice' }, { log: new DecisionLog() }),
    );
    if (!response.ok) throw new Error(response.error.message);
    const body = bodyOf(response.value);
    expect(body).toMatch(
      /^<GetUserResponse xmlns="https:\/\/iam.amazonaws.com\/doc\/2010-05-08\/">\n {2}<GetUserResult>/,
    );
    expect(body).toContain('<Value>Zürich + Bern</Value>');
  });
});
