import { beforeAll, describe, expect, it } from 'vitest';
import type { Directory } from '../../../src/directory/directory.ts';
import { request } from '../wire/requests.ts';
import { allow, directoryOf, iamArn, outputOrThrow, refusalOf } from './arrangements.ts';

/* Behavior of IAM's policy simulators as captured answers show it; docs/conformance.md has the list. */

const OBJECT = 'arn:aws:s3:::bucket/key';
const ALICE = iamArn('user/alice');
const ANY = JSON.stringify(allow('*'));
const deny = (Action: string, Condition = {}) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Deny', Action, Resource: '*', Condition }],
});
const asking = (key: string, Action = 'a:b') => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action, Resource: '*', Condition: { StringEquals: { [key]: 'x' } } }],
});
const json = JSON.stringify;
const level = (...documents: readonly object[]) => ({
  ServiceControlPolicyInputList: documents.map((document) => json(document)),
});

const FOLDER = {
  principals: {
    users: {
      alice: {
        path: '/teams/',
        managedPolicies: ['AmazonPersonalizeFullAccess', 'shop/operator'],
        inlinePolicies: ['own'],
        groups: ['team'],
        permissionsBoundary: 'shop/operator',
      },
      bob: {},
    },
    groups: { team: { inlinePolicies: ['own'] } },
    roles: { job: { trustPolicy: 'trust', inlinePolicies: ['own'] } },
    organization: { id: 'o-exampleorgid', serviceControlPolicies: [['FullAWSAccess'], ['no-s3']] },
  },
  policies: {
    'shop/operator': allow(['personalize:*', 's3:*', 'iam:*']),
    own: allow('s3:GetObject'),
    'no-s3': allow('personalize:*'),
    trust: {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' },
      ],
    },
  },
};

let directory: Directory;
beforeAll(async () => {
  directory = await directoryOf(FOLDER);
});

interface Result extends Readonly<Record<string, unknown>> {
  readonly EvalDecision: string;
  readonly MatchedStatements: readonly { readonly SourcePolicyId: string }[];
}

function custom(input: object): Result {
  const output = outputOrThrow(directory, 'SimulateCustomPolicy', {
    ActionNames: ['s3:GetObject'],
    PolicyInputList: [ANY],
    ...input,
  });
  const [result] = output.EvaluationResults as Result[];
  if (result === undefined) throw new Error('no result');
  return result;
}

const principal = (input: object) => ({
  PolicySourceArn: iamArn('user/teams/alice'),
  ActionNames: ['s3:GetObject'],
  ...input,
});

const ofAlice = (input: object): Result =>
  (
    outputOrThrow(directory, 'SimulatePrincipalPolicy', principal(input)).EvaluationResults as Result[]
  )[0] as Result;

describe('OrderedOrganizationPolicyInputList', () => {
  it.each<[string, readonly object[], string]>([
    ['every level allows', [level(allow('*')), level(allow('s3:*'))], 'allowed'],
    ['the account level allows nothing of it', [level(allow('*')), level(allow('iam:*'))], 'implicitDeny'],
    ['the root allows nothing of it', [level(allow('iam:*')), level(allow('*'))], 'implicitDeny'],
    ['one policy of a level allows', [level(allow('iam:*'), allow('s3:Get*'))], 'allowed'],
    ['a level denies', [level(allow('*')), level(allow('*'), deny('s3:GetObject'))], 'explicitDeny'],
  ])('decides where %s', (_, OrderedOrganizationPolicyInputList, decision) => {
    const result = custom({ OrderedOrganizationPolicyInputList });
    expect(result).toMatchObject({
      EvalDecision: decision,
      OrganizationsDecisionDetail: { AllowedByOrganizations: decision === 'allowed' },
    });
    expect(result.MatchedStatements.map(({ SourcePolicyId }) => SourcePolicyId)).toEqual(
      decision === 'allowed' ? ['PolicyInputList.1'] : [],
    );
  });
});

describe('PolicyExclusionList', () => {
  it.each<[string, object]>([['the policy type scp', { PolicyType: 'scp' }]])(
    'leaves out the organization by %s',
    (_, identifier) => {
      expect(ofAlice({}).EvalDecision).toBe('implicitDeny');
      expect(ofAlice({ PolicyExclusionList: [identifier] }).EvalDecision).toBe('allowed');
    },
  );

  const scp = { PolicyType: 'scp' };
  const OPERATOR = 'operator';
  const all = ['operator', 'user_alice_own', 'group_team_own'];
  const inline = (AttachmentType: string, AttachmentName: string, PolicyName = 'own') => ({
    InlinePolicyIdentifier: { PolicyName, AttachmentType, AttachmentName },
  });
  it.each<[string, object, readonly string[]]>([
    ['nothing that matches', { PolicyArn: iamArn('policy/none') }, all],
    ['inline policies', { PolicyType: 'inline' }, [OPERATOR]],
    ['managed policies of the account', { PolicyType: 'user-managed' }, ['user_alice_own', 'group_team_own']],
    ['managed policies of AWS', { PolicyType: 'aws-managed' }, all],
    ['resource control policies, which are ignored', { PolicyType: 'rcp' }, all],
    ['an ARN', { PolicyArn: iamArn('policy/shop/operator') }, ['user_alice_own', 'group_team_own']],
    [
      'an ARN without its path',
      { PolicyArn: iamArn('policy/oper?t*') },
      ['user_alice_own', 'group_team_own'],
    ],
    ['an inline policy of the user', inline('user', 'alice'), [OPERATOR, 'group_team_own']],
    ['inline policies of groups by pattern', inline('group', 't*m'), [OPERATOR, 'user_alice_own']],
    ['an inline policy of another name', inline('user', 'alice', 'other'), all],
  ])('leaves out %s', (_, identifier, left) => {
    const { MatchedStatements, ...result } = ofAlice({ PolicyExclusionList: [scp, identifier] });
    expect(MatchedStatements.map(({ SourcePolicyId }) => SourcePolicyId)).toEqual(left);
    expect(result).toHaveProperty('PermissionsBoundaryDecisionDetail');
  });

  it('leaves out the boundary by its type alone, and never what the request brings', () => {
    const boundary = ofAlice({ PolicyExclusionList: [{ PolicyType: 'permission-boundary' }] });
    expect(boundary).not.toHaveProperty('PermissionsBoundaryDecisionDetail');
    const types = ['inline', 'user-managed', 'permission-boundary', 'scp'];
    expect(
      ofAlice({ PolicyExclusionList: types.map((PolicyType) => ({ PolicyType })), PolicyInputList: [ANY] }),
    ).toMatchObject({
      EvalDecision: 'allowed',
      MatchedStatements: [{ SourcePolicyId: 'PolicyInputList.1' }],
    });
  });

  it.each<[object]>([
    [{}],
    [{ PolicyType: 'everything' }],
    [{ PolicyType: 'scp', PolicyArn: iamArn('policy/x') }],
    [{ PolicyArn: 'policy/x' }],
    [{ PolicyArn: iamArn('user/alice') }],
    [{ PolicyArn: 'arn:aws:iam::*:policy/x' }],
    [{ PolicyArn: iamArn('policy/*/x') }],
    [{ PolicyArn: iamArn('policy/*x*') }],
    [inline('user', '')],
    [inline('user', '*a*')],
    [inline('policy', 'alice')],
    [inline('user', 'alice', 'o*')],
  ])('refuses the malformed identifier %o', (identifier) => {
    const input = principal({ PolicyExclusionList: [identifier] });
    expect(refusalOf(directory, 'SimulatePrincipalPolicy', input)).toMatchObject({ code: 'InvalidInput' });
  });
});

describe('a parameter that the simulators do not know', () => {
  const sent = (parameters: string, operation = 'SimulatePrincipalPolicy') => ({
    request: request({
      headers: [['content-type', 'application/x-www-form-urlencoded']],
      body: `Action=${operation}&Version=2010-05-08&${parameters}`,
    }),
  });

  it.each([
    'PolicyExclusions.member.1.PolicyType=scp',
    'policyExclusionList.member.1.PolicyType=scp',
    'PolicyExclusionList.member.1.Policy=scp',
    'PolicyExclusionList.1.PolicyType=scp',
    'PolicyInputList.member.x={}',
    'OrderedOrganizationPolicyInputList.member.1.ServiceControlPolicyInputList.member.1={}',
  ])('is InvalidInput with its name: %s', (parameters) => {
    expect(refusalOf(directory, 'SimulatePrincipalPolicy', principal({}), sent(parameters))).toEqual({
      code: 'InvalidInput',
      message: expect.stringContaining(`${parameters.split('=')[0]} is not a member of the input`),
    });
  });

  it('does not use parameters of the protocol, of presigned queries and of the input', () => {
    const known =
      'AWSAccessKeyId=a&X-Amz-Signature=b&ActionNames.member.1=s3:GetObject&PolicyInputList=&MaxItems=1&' +
      'ContextEntries.member.1.ContextKeyValues.member.1=x&PolicyExclusionList.member.1.InlinePolicyIdentifier.PolicyName=a';
    const output = outputOrThrow(directory, 'SimulatePrincipalPolicy', principal({}), sent(known));
    expect(output).toHaveProperty('EvaluationResults');
  });
});

describe('a simulated action', () => {
  it.each<[string, string, string]>([
    ['personalize:CreateCampaign', OBJECT, 'implicitDeny'],
    ['personalize:CreateCampaign', 'arn:aws:personalize:us-east-1:123456789012:dataset/a/b', 'implicitDeny'],
    ['personalize:CreateCampaign', 'arn:aws:personalize:us-east-1:123456789012:campaign/a', 'allowed'],
    ['personalize:PutEvents', OBJECT, 'implicitDeny'],
    ['iam:GetUser', iamArn('role/a'), 'implicitDeny'],
    ['iam:GetUser', iamArn('user/path/a'), 'allowed'],
    ['s3:GetObject', 'arn:aws:s3:::bucket', 'allowed'],
    ['s3:ListBucket', OBJECT, 'allowed'],
    ['s3:*', '*', 'implicitDeny'],
    ['s3:', '*', 'implicitDeny'],
    ['s3:Get Object', '*', 'implicitDeny'],
    ['future:Action', OBJECT, 'allowed'],
  ])('%s on %s under Allow * is decided by its kind of resource', (action, resource, decision) => {
    expect(custom({ ActionNames: [action], ResourceArns: [resource] })).toMatchObject({
      EvalDecision: decision,
      MatchedStatements: decision === 'allowed' ? [{}] : [],
    });
  });

  it('has no result by resource for every resource', () => {
    expect(custom({ ResourceArns: ['*'] })).not.toHaveProperty('ResourceSpecificResults');
  });
});

describe('MatchedStatements', () => {
  const asked = { ResourceArns: [OBJECT], CallerArn: ALICE };
  const bucket = (Effect: string, AWS = ALICE) =>
    json({
      Version: '2012-10-17',
      Statement: [{ Effect, Principal: { AWS }, Action: 's3:*', Resource: OBJECT }],
    });
  const ids = (result: Result) => result.MatchedStatements.map(({ SourcePolicyId }) => SourcePolicyId);

  it('are in the order boundary, resource policy, identity', () => {
    const denied = custom({
      ...asked,
      PolicyInputList: [ANY, json(deny('s3:*'))],
      PermissionsBoundaryPolicyInputList: [json(deny('*'))],
      ResourcePolicy: bucket('Deny'),
    });
    expect(ids(denied)).toEqual([
      'PermissionsBoundaryPolicyInputList.1',
      'ResourcePolicy',
      'PolicyInputList.2',
    ]);
    const allowed = custom({
      ...asked,
      ResourcePolicy: bucket('Allow'),
      PermissionsBoundaryPolicyInputList: [ANY],
    });
    expect(ids(allowed)).toEqual(['ResourcePolicy', 'PolicyInputList.1']);
  });

  it('show that a grant to the root of the same account is enough for the simulator', () => {
    const root = custom({
      ...asked,
      PolicyInputList: [json(allow('iam:*'))],
      ResourceOwner: iamArn('root'),
      ResourcePolicy: bucket('Allow', iamArn('root')),
    });
    expect([root.EvalDecision, ids(root)]).toEqual(['allowed', ['ResourcePolicy']]);
  });
});

describe('MissingContextValues', () => {
  it('are, of an implicit deny, the keys of every identity, boundary and resource policy', () => {
    const result = custom({
      PolicyInputList: [json(asking('aws:SourceVpc')), json(asking('aws:RequestTag/a', 's3:GetObject'))],
      PermissionsBoundaryPolicyInputList: [json(asking('aws:SourceIp'))],
      OrderedOrganizationPolicyInputList: [level(allow('*'), asking('aws:PrincipalOrgID'))],
      ContextEntries: [
        { ContextKeyName: 'AWS:sourcevpc', ContextKeyType: 'string', ContextKeyValues: ['y'] },
      ],
    });
    expect(result).toMatchObject({
      EvalDecision: 'implicitDeny',
      MissingContextValues: ['aws:RequestTag/a', 'aws:SourceIp'],
    });
  });

  it('are empty of what is allowed or explicitly denied', () => {
    const open = json(asking('aws:SourceVpc'));
    expect(custom({ PolicyInputList: [ANY, open] }).MissingContextValues).toEqual([]);
    expect(custom({ PolicyInputList: [open, json(deny('*'))] }).MissingContextValues).toEqual([]);
  });
});

it('finds the source of a simulation by its name, whatever the path', () => {
  const input = principal({
    PolicySourceArn: iamArn('user/alice'),
    PolicyExclusionList: [{ PolicyType: 'scp' }],
  });
  const [result] = outputOrThrow(directory, 'SimulatePrincipalPolicy', input).EvaluationResults as Result[];
  expect(result?.EvalDecision).toBe('allowed');
});
