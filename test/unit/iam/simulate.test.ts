import { beforeAll, describe, expect, it } from 'vitest';
import type { Directory } from '../../../src/directory/directory.ts';
import { statementPosition } from '../../../src/services/iam/statement-position.ts';
import { outputDiagnostics } from '../stub/output-faults.ts';
import { operation } from '../wire/requests.ts';
import { allow, directoryOf, iamArn, outputOrThrow, refusalOf } from './arrangements.ts';

const CAMPAIGN = 'arn:aws:personalize:us-east-1:123456789012:campaign/shop';
const OTHER = 'arn:aws:personalize:us-east-1:123456789012:campaign/other';

const conditional = (effect: 'Allow' | 'Deny', conditions: object, action = 'personalize:*') => ({
  Version: '2012-10-17',
  Statement: [{ Effect: effect, Action: action, Resource: '*', Condition: conditions }],
});

const FOLDER = {
  principals: {
    users: {
      alice: { inlinePolicies: ['own'], groups: ['team'], managedPolicies: ['AdministratorAccess'] },
      bob: {},
      bounded: { managedPolicies: ['describe'], permissionsBoundary: 'office' },
      reader: { managedPolicies: ['describe'] },
    },
    groups: { team: { inlinePolicies: ['describe'] } },
    roles: { job: { trustPolicy: 'trust', inlinePolicies: ['no/delete'], managedPolicies: ['describe'] } },
  },
  policies: {
    own: allow('personalize:UpdateCampaign', 'arn:aws:personalize:*:*:campaign/${aws:username}'),
    describe: allow(['personalize:Describe*', 'personalize:Delete*']),
    office: conditional('Allow', {
      IpAddress: { 'aws:SourceIp': '192.0.2.0/24' },
      Bool: { 'aws:SecureTransport': 'true' },
    }),
    'no/delete': {
      Version: '2012-10-17',
      Statement: { Effect: 'Deny', Action: 'personalize:Delete*', Resource: '*' },
    },
    trust: {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' },
      ],
    },
    scp: conditional('Deny', { StringNotEquals: { 'aws:RequestedRegion': 'eu-west-1' } }),
  },
};

let directory: Directory;
let organized: Directory;
beforeAll(async () => {
  directory = await directoryOf(FOLDER);
  organized = await directoryOf({
    ...FOLDER,
    principals: {
      ...FOLDER.principals,
      organization: {
        id: 'o-exampleorgid',
        serviceControlPolicies: [['FullAWSAccess'], ['FullAWSAccess', 'scp']],
      },
    },
  });
});

interface Result extends Record<string, unknown> {
  readonly EvalDecision: string;
  readonly MatchedStatements: readonly object[];
}

function principal(source: string, input: object, of = directory): readonly Result[] {
  const PolicySourceArn = iamArn(source);
  const name = 'SimulatePrincipalPolicy';
  const output = outputOrThrow(of, name, { PolicySourceArn, ...input });
  expect(outputDiagnostics(output, operation('iam', name).output).filter(isUnknown)).toEqual([]);
  return output.EvaluationResults as Result[];
}

/** The model's words for the types of policies are not the ones that IAM answers with. */
const isUnknown = (diagnostic: string): boolean => !diagnostic.includes('SourcePolicyType');

const custom = (input: object): readonly Result[] =>
  outputOrThrow(directory, 'SimulateCustomPolicy', { ActionNames: ['personalize:CreateCampaign'], ...input })
    .EvaluationResults as Result[];

const refusedCustom = (input: object) =>
  refusalOf(directory, 'SimulateCustomPolicy', {
    PolicyInputList: [JSON.stringify(allow('personalize:*'))],
    ActionNames: ['personalize:CreateCampaign'],
    ...input,
  });

const entry = (name: string, type: string, ...values: string[]) => ({
  ContextKeyName: name,
  ContextKeyType: type,
  ContextKeyValues: values,
});

const level = (...documents: readonly object[]) => ({
  ServiceControlPolicyInputList: documents.map((document) => JSON.stringify(document)),
});
const ALLOWING = level(allow('*'));

const onBucket = (Resource: string, AWS = iamArn('user/alice')): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS }, Action: 's3:GetObject', Resource }],
  });

describe('a simulation of a principal', () => {
  it('names the policies that allow: managed by name, inline by holder, with positions', () => {
    const [result] = principal('user/alice', {
      ActionNames: ['personalize:UpdateCampaign'],
      ResourceArns: [CAMPAIGN.replace('shop', 'alice')],
    });
    expect(result).toMatchObject({
      EvalActionName: 'personalize:UpdateCampaign',
      EvalResourceName: CAMPAIGN.replace('shop', 'alice'),
      EvalDecision: 'allowed',
      MissingContextValues: [],
      EvalDecisionDetails: {},
    });
    expect(result?.MatchedStatements).toEqual([
      {
        SourcePolicyId: 'AdministratorAccess',
        SourcePolicyType: 'IAM Policy',
        StartPosition: expect.objectContaining({ Line: expect.any(Number) }),
        EndPosition: expect.objectContaining({ Line: expect.any(Number) }),
      },
      {
        SourcePolicyId: 'user_alice_own',
        SourcePolicyType: 'IAM Policy',
        StartPosition: { Line: 3, Column: 17 },
        EndPosition: { Line: 8, Column: 6 },
      },
    ]);
  });

  it('takes in the groups of a user', () => {
    const [result] = principal('user/alice', { ActionNames: ['personalize:DescribeCampaign'] });
    expect(result?.MatchedStatements).toMatchObject([
      { SourcePolicyId: 'AdministratorAccess' },
      { SourcePolicyId: 'group_team_describe' },
    ]);
  });

  it('answers a denial with the denying statement alone', () => {
    const [result] = principal('role/job', { ActionNames: ['personalize:DeleteCampaign'] });
    expect(result).toMatchObject({
      EvalResourceName: '*',
      EvalDecision: 'explicitDeny',
      MatchedStatements: [{ SourcePolicyId: 'role_job_no.delete' }],
    });
    expect(result).not.toHaveProperty('ResourceSpecificResults');
  });

  it('simulates a group, which is never a caller', () => {
    const [result] = principal('group/team', { ActionNames: ['personalize:DescribeCampaign'] });
    expect(result).toMatchObject({
      EvalDecision: 'allowed',
      MatchedStatements: [{ SourcePolicyId: 'group_team_describe' }],
    });
  });

  it('reports the decision of the boundary, and every key that it uses', () => {
    const [result] = principal('user/bounded', { ActionNames: ['personalize:DescribeCampaign'] });
    expect(result).toMatchObject({
      EvalDecision: 'implicitDeny',
      MatchedStatements: [],
      MissingContextValues: ['aws:SecureTransport', 'aws:SourceIp'],
      PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: false },
    });
    const [inside] = principal('user/bounded', {
      ActionNames: ['personalize:DescribeCampaign'],
      ContextEntries: [
        entry('aws:sourceip', 'ip', '192.0.2.7'),
        entry('aws:SecureTransport', 'boolean', 'true'),
      ],
    });
    expect(inside).toMatchObject({
      EvalDecision: 'allowed',
      MissingContextValues: [],
      PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: true },
    });
  });

  it('reports what the organization decides, and none of its keys or statements', () => {
    const asked = { ActionNames: ['personalize:DescribeCampaign'] };
    const [result] = principal('user/reader', asked, organized);
    expect(result).toMatchObject({
      EvalDecision: 'explicitDeny',
      MatchedStatements: [],
      MissingContextValues: [],
      OrganizationsDecisionDetail: { AllowedByOrganizations: false },
    });
    const ContextEntries = [entry('aws:RequestedRegion', 'string', 'eu-west-1')];
    const [inside] = principal('user/reader', { ...asked, ContextEntries }, organized);
    expect(inside).toMatchObject({
      EvalDecision: 'allowed',
      OrganizationsDecisionDetail: { AllowedByOrganizations: true },
    });
  });

  it('lets a boundary of the request take the place of the attached one', () => {
    const PermissionsBoundaryPolicyInputList = [JSON.stringify(allow('personalize:Describe*'))];
    const [described, deleted] = principal('user/bounded', {
      ActionNames: ['personalize:DescribeCampaign', 'personalize:DeleteCampaign'],
      PermissionsBoundaryPolicyInputList,
    });
    expect(described?.EvalDecision).toBe('allowed');
    expect(deleted?.EvalDecision).toBe('implicitDeny');
  });

  it('gives each resource its own result, and the worst of them to all', () => {
    const PolicyInputList = [
      JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Deny', Action: '*', Resource: OTHER }],
      }),
    ];
    const [result] = principal('user/reader', {
      ActionNames: ['personalize:DescribeCampaign'],
      ResourceArns: [CAMPAIGN, OTHER],
      PolicyInputList,
    });
    expect(result).toMatchObject({
      EvalResourceName: 'arn:${Partition}:personalize:${Region}:${Account}:campaign/${ResourceId}',
      EvalDecision: 'explicitDeny',
      MatchedStatements: [{ SourcePolicyId: 'PolicyInputList.1' }],
      ResourceSpecificResults: [
        {
          EvalResourceName: CAMPAIGN,
          EvalResourceDecision: 'allowed',
          MatchedStatements: [{ SourcePolicyId: 'describe' }],
        },
        { EvalResourceName: OTHER, EvalResourceDecision: 'explicitDeny' },
      ],
    });
  });

  it('wants to know who calls where a resource policy is simulated and the source is no user', () => {
    const [role] = directory.roles.values();
    const input = {
      PolicySourceArn: role?.arn,
      ActionNames: ['personalize:DescribeCampaign'],
      ResourcePolicy: '{"Version":"2012-10-17","Statement":[]}',
    };
    expect(refusalOf(directory, 'SimulatePrincipalPolicy', input)).toMatchObject({ code: 'InvalidInput' });
  });

  it.each([
    ['user/carol', 'NoSuchEntity', 'Unable to retrieve specified IAM entity.'],
    ['policy/describe', 'InvalidInput', `Invalid ARN provided in the request: ${iamArn('policy/describe')}`],
  ])('refuses a source that is none: %s', (source, code, message) => {
    const input = { PolicySourceArn: iamArn(source), ActionNames: ['personalize:DescribeCampaign'] };
    expect(refusalOf(directory, 'SimulatePrincipalPolicy', input)).toEqual({ code, message });
  });
});

describe('a simulation of policies that the request brings', () => {
  it('names them by their place', () => {
    const PolicyInputList = [
      JSON.stringify(allow('personalize:Describe*')),
      JSON.stringify(allow('personalize:*')),
    ];
    expect(custom({ PolicyInputList })).toMatchObject([
      {
        EvalDecision: 'allowed',
        MatchedStatements: [
          {
            SourcePolicyId: 'PolicyInputList.2',
            SourcePolicyType: 'IAM Policy',
            StartPosition: { Line: 1, Column: 38 },
          },
        ],
      },
    ]);
  });

  it.each<[string, string, readonly string[], string]>([
    ['StringEquals', 'string', ['a'], 'allowed'],
    ['NumericLessThan', 'numeric', ['9'], 'implicitDeny'],
    ['Bool', 'boolean', ['true'], 'implicitDeny'],
    ['ForAllValues:StringEquals', 'stringList', ['a', 'a'], 'allowed'],
    ['ForAnyValue:StringEquals', 'stringList', ['b'], 'implicitDeny'],
  ])('reads context entries by their type: %s of %s', (operator, type, values, decision) => {
    const numeric = type === 'numeric' ? '5' : 'a';
    const wanted = type === 'boolean' ? 'false' : numeric;
    const PolicyInputList = [JSON.stringify(conditional('Allow', { [operator]: { 'my:key': wanted } }))];
    const ContextEntries = [entry('my:key', type, ...values)];
    expect(custom({ PolicyInputList, ContextEntries })).toMatchObject([{ EvalDecision: decision }]);
  });

  it('evaluates the resource policy of another account as well, and reports both decisions', () => {
    const ResourcePolicy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: iamArn('user/alice') },
          Action: 's3:GetObject',
          Resource: 'arn:aws:s3:::bucket/*',
        },
      ],
    });
    const asked = {
      ActionNames: ['s3:GetObject'],
      ResourceArns: ['arn:aws:s3:::bucket/key'],
      ResourceOwner: 'arn:aws:iam::210987654321:root',
      CallerArn: iamArn('user/alice'),
    };
    const PolicyInputList = [JSON.stringify(allow('s3:*'))];
    expect(custom({ ...asked, PolicyInputList })).toMatchObject([
      {
        EvalDecision: 'implicitDeny',
        EvalDecisionDetails: { 'IAM Policy': 'allowed', 'Resource Policy': 'implicitDeny' },
      },
    ]);
    expect(custom({ ...asked, PolicyInputList, ResourcePolicy })).toMatchObject([
      {
        EvalDecision: 'allowed',
        MatchedStatements: [
          { SourcePolicyId: 'ResourcePolicy', SourcePolicyType: 'Resource Policy' },
          { SourcePolicyId: 'PolicyInputList.1' },
        ],
      },
    ]);
  });

  it('goes page by page', () => {
    const input = {
      PolicyInputList: [JSON.stringify(allow('*'))],
      ActionNames: ['personalize:ListFilters', 'personalize:ListSchemas'],
      MaxItems: 1,
    };
    const first = outputOrThrow(directory, 'SimulateCustomPolicy', input);
    expect(first).toMatchObject({
      IsTruncated: true,
      EvaluationResults: [{ EvalActionName: 'personalize:ListFilters' }],
    });
    expect(
      outputOrThrow(directory, 'SimulateCustomPolicy', { ...input, Marker: first.Marker }),
    ).toMatchObject({
      IsTruncated: false,
      EvaluationResults: [{ EvalActionName: 'personalize:ListSchemas' }],
    });
  });

  it.each<[string, object, string]>([
    [
      'an action without a service',
      { ActionNames: ['CreateCampaign'] },
      'The action is invalid since it is missing names',
    ],
    [
      'a resource that is no ARN',
      { ResourceArns: ['shop'] },
      'ResourceNames are not in a valid ARN format: shop.',
    ],
    [
      'every resource and another',
      { ResourceArns: [CAMPAIGN, '*'] },
      'ResourceNames are not in a valid ARN format: *.',
    ],
    ['a policy that is no JSON', { PolicyInputList: ['{'] }, 'Policy input list item 1 has invalid content'],
    [
      'a principal in an identity policy',
      { PolicyInputList: [JSON.stringify(allow('a:b')), JSON.stringify(FOLDER.policies.trust)] },
      'Policy input list item 2 has invalid content',
    ],
    [
      'a resource policy without a caller',
      { ResourcePolicy: onBucket('*') },
      'Invalid caller - Caller cannot be null or empty.',
    ],
    [
      'a resource policy without resources',
      { ResourcePolicy: onBucket('arn:aws:s3:::bucket/*'), CallerArn: iamArn('user/alice') },
      'Invalid Entity Arn: * does not clearly define entity type and name.',
    ],
    [
      'a resource policy on every resource',
      {
        ResourcePolicy: onBucket('*'),
        CallerArn: iamArn('user/alice'),
        ResourceArns: ['arn:aws:s3:::bucket/key'],
      },
      'ResourceNames are not in a valid ARN format: *.',
    ],
    [
      'an account as the owner',
      { ResourceOwner: '123456789012' },
      "'123456789012' is not a valid as a Resource Owner.",
    ],
    ['a marker that is none', { Marker: 'x' }, 'Invalid marker for pagination.'],
    [
      'a number that is none',
      { ContextEntries: [entry('my:key', 'numeric', 'x')] },
      'Invalid context value for key my:key: expected numeric format.',
    ],
    [
      'a date that is none',
      { ContextEntries: [entry('my:key', 'dateList', '2026-01-01', 'x')] },
      'Invalid context value for key my:key: expected DateTime format.',
    ],
    [
      'an address that is none',
      { ContextEntries: [entry('my:key', 'ip', 'x')] },
      'Invalid context value for key my:key: expected IP address.',
    ],
    [
      'base64 that is none',
      { ContextEntries: [entry('my:key', 'binary', '%')] },
      'Invalid context value for key my:key: expected base-64 encoded binary format.',
    ],
    [
      'two values of one',
      { ContextEntries: [entry('my:key', 'string', 'a', 'b')] },
      'Context key string expected a single value, but received 2.',
    ],
    [
      'no values',
      { ContextEntries: [entry('my:key', 'string')] },
      'Context values for context key my:key cannot be null or empty.',
    ],
    [
      'a key twice',
      { ContextEntries: [entry('my:key', 'string', 'a'), entry('My:Key', 'string', 'a')] },
      'Duplicate context key: My:Key.',
    ],
    [
      'two boundaries',
      { PermissionsBoundaryPolicyInputList: [JSON.stringify(allow('a:b')), JSON.stringify(allow('a:b'))] },
      'The list of Permissions Boundary policies cannot exceed 1 items.',
    ],
    [
      'a level without policies',
      { OrderedOrganizationPolicyInputList: [ALLOWING, {}] },
      'Organization policy at index 2 must contain at least one service control policy',
    ],
    [
      'a level with a policy that is none',
      { OrderedOrganizationPolicyInputList: [{ ServiceControlPolicyInputList: ['{}'] }] },
      'Organization policy at index 1: service control policy 1 has invalid content',
    ],
  ])('refuses %s in the words of IAM', (_, input, message) => {
    expect(refusedCustom(input)).toEqual({ code: 'InvalidInput', message });
  });

  it('refuses a caller who is no user', () => {
    expect(refusedCustom({ CallerArn: iamArn('role/job') })).toEqual({
      code: 'InvalidInput',
      message: expect.stringContaining('is not the ARN of an IAM user'),
    });
  });
});

describe('the context keys of policies', () => {
  it('are those of conditions and variables, each once', () => {
    const policy = {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: 'personalize:*',
          Resource: 'arn:aws:personalize:*:*:campaign/${aws:username}',
          Condition: {
            StringEquals: { 'aws:PrincipalTag/team': '${aws:RequestTag/team}' },
            StringLike: { 'AWS:username': 'a*' },
          },
        },
      ],
    };
    const input = { PolicyInputList: [JSON.stringify(policy)] };
    expect(outputOrThrow(directory, 'GetContextKeysForCustomPolicy', input)).toEqual({
      ContextKeyNames: ['AWS:username', 'aws:PrincipalTag/team', 'aws:RequestTag/team'],
    });
  });

  it('of a principal take in its boundary', () => {
    const input = { PolicySourceArn: iamArn('user/bounded') };
    expect(outputOrThrow(directory, 'GetContextKeysForPrincipalPolicy', input)).toEqual({
      ContextKeyNames: ['aws:SecureTransport', 'aws:SourceIp'],
    });
  });
});

describe('the position of a statement', () => {
  it('begins after the preceding text, and ends after its brace', () => {
    const text = '{"Statement": [{"Sid": "}"}, {"Sid": "b"}]}';
    expect(statementPosition(text, 0)).toEqual({
      StartPosition: { Line: 1, Column: 16 },
      EndPosition: { Line: 1, Column: 28 },
    });
    expect(statementPosition(text, 1)).toEqual({
      StartPosition: { Line: 1, Column: 28 },
      EndPosition: { Line: 1, Column: 42 },
    });
  });

  it('of a statement without a list is behind its opening brace, as in the documentation', () => {
    const text =
      '{\n  "Version":"2012-10-17",\n  "Statement":{\n    "Effect":"Allow",\n    "Action":"a:b",\n    "Resource":"*"\n  }\n}';
    expect(statementPosition(text, 0)).toEqual({
      StartPosition: { Line: 3, Column: 16 },
      EndPosition: { Line: 7, Column: 4 },
    });
  });
});
