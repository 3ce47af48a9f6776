import {
  IAMClient,
  type PolicyIdentifier,
  SimulateCustomPolicyCommand,
  SimulatePrincipalPolicyCommand,
} from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningProxy, startProxy } from '../../src/index.ts';
import { refusalOf } from '../unit/sts/world.ts';
import { awsCli, hasAwsCli, hasBoto3, python } from './clients.ts';

const ADMIN = 'arn:aws:iam::123456789012:user/admin';
const ActionNames = ['personalize:ListSolutions'];
const allow = (Action: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: [Action], Resource: '*' }],
});
const level = (Action: string) => ({ ServiceControlPolicyInputList: [JSON.stringify(allow(Action))] });

let proxy: RunningProxy;
let iam: IAMClient;
beforeAll(async () => {
  proxy = await startProxy({
    principals: {
      users: {
        admin: {
          accessKeys: [{ id: 'AKIAIOSFODNN7EXAMPLE', secret: 'admin' }],
          inlinePolicies: ['iam'],
          managedPolicies: ['AdministratorAccess'],
        },
      },
    },
    policies: { iam: allow('iam:*') },
  });
  iam = new IAMClient(proxy.clientConfig('admin'));
});
afterAll(() => proxy.close());

describe('AWS SDK for JavaScript v3', () => {
  it('simulates with the levels of an organization', async () => {
    const input = {
      ActionNames,
      PolicyInputList: [JSON.stringify(allow('*'))],
      OrderedOrganizationPolicyInputList: [level('*'), level('s3:*')],
    };
    const { EvaluationResults } = await iam.send(new SimulateCustomPolicyCommand(input));
    expect(EvaluationResults).toMatchObject([
      {
        EvalDecision: 'implicitDeny',
        MatchedStatements: [],
        OrganizationsDecisionDetail: { AllowedByOrganizations: false },
      },
    ]);
    const empty = { ...input, OrderedOrganizationPolicyInputList: [{ ServiceControlPolicyInputList: [] }] };
    expect(await refusalOf(iam.send(new SimulateCustomPolicyCommand(empty)))).toEqual({
      status: 400,
      code: 'InvalidInput',
      message: 'Organization policy at index 1 must contain at least one service control policy',
    });
  });

  it('simulates without the policies that are excluded', async () => {
    const simulate = (...PolicyExclusionList: PolicyIdentifier[]) =>
      iam.send(
        new SimulatePrincipalPolicyCommand({ ActionNames, PolicySourceArn: ADMIN, PolicyExclusionList }),
      );
    const decision = async (...excluded: PolicyIdentifier[]) =>
      (await simulate(...excluded)).EvaluationResults?.[0]?.EvalDecision;
    expect(await decision()).toBe('allowed');
    expect(await decision({ PolicyType: 'aws-managed' })).toBe('implicitDeny');
    expect(await decision({ PolicyArn: 'arn:aws:iam::aws:policy/Administrator*' })).toBe('implicitDeny');
    expect(await decision({ PolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' })).toBe('allowed');
    const malformed = simulate({ PolicyArn: 'AdministratorAccess' });
    expect(await refusalOf(malformed)).toMatchObject({ status: 400, code: 'InvalidInput' });
  });
});

describe.skipIf(!hasBoto3)('boto3 (skips where python3 has none)', { tags: 'clients' }, () => {
  it('simulates, reads a policy as it was written, and gets an error for an unknown parameter', async () => {
    const { stdout, stderr } = await python(
      proxy.clientConfig('admin'),
      `
import boto3
from botocore.exceptions import ClientError
iam = boto3.client('iam')
print(iam.get_user_policy(UserName='admin', PolicyName='iam')['PolicyDocument']['Statement'][0]['Action'])
ask = lambda: iam.simulate_principal_policy(PolicySourceArn='${ADMIN}', ActionNames=['s3:GetObject'], ResourceArns=['arn:aws:sqs:us-east-1:123456789012:q'])
print(ask()['EvaluationResults'][0]['EvalDecision'])
iam.meta.events.register('before-call.iam.SimulatePrincipalPolicy', lambda params, **_: params['body'].update({'PolicyExclusions.member.1.PolicyType': 'scp'}))
try:
    ask()
except ClientError as e:
    print(e.response['Error']['Code'], e.response['Error']['Message'])
`,
    );
    expect({ stderr, lines: stdout.trim().split('\n') }).toEqual({
      stderr: '',
      lines: [
        "['iam:*']",
        'implicitDeny',
        'InvalidInput PolicyExclusions.member.1.PolicyType is not a member of the input of SimulatePrincipalPolicy that is known here.',
      ],
    });
  });
});

describe.skipIf(!hasAwsCli)('AWS CLI (skips where it is not installed)', { tags: 'clients' }, () => {
  it('simulates', async () => {
    const { stdout } = await awsCli(
      proxy.clientConfig('admin'),
      ...['iam', 'simulate-principal-policy', '--policy-source-arn', ADMIN, '--action-names', ...ActionNames],
      ...[
        '--query',
        'EvaluationResults[0].[EvalDecision,MatchedStatements[0].SourcePolicyId]',
        '--output',
        'text',
      ],
    );
    expect(stdout.trim().split('\t')).toEqual(['allowed', 'AdministratorAccess']);
  });
});
