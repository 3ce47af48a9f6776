import {
  AccessAnalyzerClient,
  CheckAccessNotGrantedCommand,
  CheckNoNewAccessCommand,
  CheckNoPublicAccessCommand,
  ListAnalyzersCommand,
  paginateValidatePolicy,
  ValidatePolicyCommand,
} from '@aws-sdk/client-accessanalyzer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningProxy, startProxy } from '../../src/index.ts';
import { awsCli, hasAwsCli, hasBoto3, python } from './clients.ts';

let proxy: RunningProxy;
let client: AccessAnalyzerClient;
beforeAll(async () => {
  const allow = (Action: string, Resource: string) => ({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action, Resource }],
  });
  const user = (id: string, ...inlinePolicies: string[]) => ({
    accessKeys: [{ id, secret: 'local-only' }],
    inlinePolicies,
  });
  proxy = await startProxy({
    principals: {
      users: {
        reviewer: user('AKIAREVIEWER00000001', 'checks'),
        validator: user('AKIAVALIDATOR0000001', 'validation'),
        stranger: user('AKIASTRANGER00000001'),
      },
    },
    policies: {
      checks: allow('access-analyzer:*', '*'),
      validation: allow('access-analyzer:ValidatePolicy', 'arn:aws:access-analyzer:us-east-1:123456789012:*'),
    },
  });
  client = new AccessAnalyzerClient(proxy.clientConfig('reviewer'));
});
afterAll(() => proxy.close());

const policy = (...Statement: readonly object[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement });
const allow = (Action: string | readonly string[], Resource: string, more: object = {}) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...more,
});

const READ = allow('s3:GetObject', 'arn:aws:s3:::ledger/*');
const WRITE = allow(['s3:GetObject', 's3:PutObject'], 'arn:aws:s3:::ledger/*', { Sid: 'Write' });

describe('the custom policy checks, to the AWS SDK for JavaScript v3', () => {
  it('find new access, and name each statement that gives it', async () => {
    const check = (newPolicyDocument: string) =>
      client.send(
        new CheckNoNewAccessCommand({
          newPolicyDocument,
          existingPolicyDocument: policy(READ),
          policyType: 'IDENTITY_POLICY',
        }),
      );
    expect(await check(policy(READ, WRITE, allow('sqs:*', '*')))).toMatchObject({
      result: 'FAIL',
      message: 'The modified permissions grant new access compared to your existing policy.',
      reasons: [
        {
          description: 'New access in the statement with sid: Write.',
          statementId: 'Write',
          statementIndex: 1,
        },
        { description: 'New access in the statement with index: 2.', statementIndex: 2 },
      ],
    });
    const pass = await check(policy({ ...READ, Resource: 'arn:aws:s3:::ledger/2026/*' }));
    expect(pass.result).toBe('PASS');
    expect(pass.reasons).toBeUndefined();
  });

  it.each([
    [
      { actions: ['s3:PutObject'] },
      'The policy document grants access to perform one or more of the listed actions.',
      'One or more of the listed actions in the statement with sid: Write.',
    ],
    [
      { resources: ['arn:aws:s3:::ledger/2026.csv'] },
      'The policy document grants access to one or more of the listed resources.',
      'One or more of the listed resources in the statement with sid: Write.',
    ],
    [
      { actions: ['s3:Put*'], resources: ['arn:aws:s3:::ledger/*'] },
      'The policy document grants access to one or more listed resources to perform one or more listed actions.',
      'One or more of the listed actions or resources in the statement with sid: Write.',
    ],
  ])('find access that must not be granted: %j', async (access, message, description) => {
    const check = (Statement: object) =>
      client.send(
        new CheckAccessNotGrantedCommand({
          policyDocument: policy(Statement),
          access: [access],
          policyType: 'IDENTITY_POLICY',
        }),
      );
    expect(await check(WRITE)).toMatchObject({
      result: 'FAIL',
      message,
      reasons: [{ description, statementId: 'Write', statementIndex: 0 }],
    });
    expect(await check(allow('sqs:SendMessage', 'arn:aws:sqs:*:*:orders'))).toMatchObject({
      result: 'PASS',
      message: message.replace('grants access', 'does not grant access'),
    });
  });

  it('find public access of a resource type', async () => {
    const check = (Principal: unknown, resourceType: 'AWS::S3::Bucket' | 'AWS::SQS::Queue') =>
      client.send(
        new CheckNoPublicAccessCommand({
          policyDocument: policy({ ...READ, Sid: 'Open', Principal }),
          resourceType,
        }),
      );
    expect(await check('*', 'AWS::S3::Bucket')).toMatchObject({
      result: 'FAIL',
      message: 'The resource policy grants public access for the given resource type.',
      reasons: [
        {
          description: 'Public access granted in the following statement with sid: Open.',
          statementId: 'Open',
          statementIndex: 0,
        },
      ],
    });
    const passed = {
      result: 'PASS',
      message: 'The resource policy does not grant public access for the given resource type.',
    };
    expect(await check({ AWS: '111122223333' }, 'AWS::S3::Bucket')).toMatchObject(passed);
    // Objects of S3 are nothing that a queue's policy is about.
    expect(await check('*', 'AWS::SQS::Queue')).toMatchObject(passed);
  });

  it('fail a check that is not decided, with an error that SDKs do not retry', async () => {
    const onTopics = (topic: string): string =>
      policy({ ...READ, Condition: { ArnLike: { 'aws:SourceArn': topic } } });
    const asked = proxy.decisions.length;
    const check = client.send(
      new CheckNoNewAccessCommand({
        newPolicyDocument: onTopics('arn:aws:sns:${aws:username}:111122223333:news'),
        existingPolicyDocument: onTopics('arn:aws:sns:*:111122223333:news'),
        policyType: 'IDENTITY_POLICY',
      }),
    );
    await expect(check).rejects.toMatchObject({
      name: 'InvalidParameterException',
      $metadata: { httpStatusCode: 400 },
      message: expect.stringMatching(/^The check was not decided, so the policy did not pass: /),
    });
    expect(proxy.decisions.length).toBe(asked + 1);
  });

  it('answer an invalid input with its fields', async () => {
    const check = client.send(
      new CheckNoNewAccessCommand({
        newPolicyDocument: policy(READ),
        existingPolicyDocument: policy(READ),
        policyType: 'MANAGED' as 'IDENTITY_POLICY',
      }),
    );
    await expect(check).rejects.toMatchObject({
      name: 'ValidationException',
      reason: 'fieldValidationFailed',
      fieldList: [{ name: 'policyType', message: expect.stringContaining("'MANAGED' at 'policyType'") }],
    });
    const arn = client.send(
      new CheckAccessNotGrantedCommand({
        policyDocument: policy(READ),
        access: [{ resources: ['ledger'] }],
        policyType: 'IDENTITY_POLICY',
      }),
    );
    await expect(arn).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'Invalid ARN',
      reason: 'fieldValidationFailed',
    });
  });
});

describe('ValidatePolicy', () => {
  const document = policy(
    allow('s3:ListBuckets', '*', { Sid: '' }),
    allow(['iam:PassRole', 'iam:Pass*'], '*'),
    { Effect: 'allow', Action: 'sqs:*', Resource: 'arn:aws:sqs:us-east-1:1:q' },
  );

  it('pages its findings', async () => {
    const whole = await client.send(
      new ValidatePolicyCommand({ policyDocument: document, policyType: 'IDENTITY_POLICY' }),
    );
    expect(whole.nextToken).toBeUndefined();
    const pages = [];
    const input = { policyDocument: document, policyType: 'IDENTITY_POLICY' as const };
    for await (const { findings } of paginateValidatePolicy({ client, pageSize: 2 }, input))
      pages.push(findings ?? []);
    expect(pages.length).toBe(Math.ceil((whole.findings ?? []).length / 2));
    expect(pages.flat()).toEqual(whole.findings);
    const other = client.send(new ValidatePolicyCommand({ ...input, nextToken: 'elsewhere' }));
    await expect(other).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('is allowed on everything of the account and Region, and denied in words of AWS', async () => {
    const as = (name: 'validator' | 'stranger') =>
      new AccessAnalyzerClient(proxy.clientConfig(name)).send(
        new ValidatePolicyCommand({ policyDocument: document, policyType: 'IDENTITY_POLICY' }),
      );
    expect((await as('validator')).findings?.length).toBeGreaterThan(3);
    expect(proxy.decisions.at(-1)).toMatchObject({
      outcome: 'answered',
      request: { service: 'access-analyzer', operation: 'ValidatePolicy' },
    });
    await expect(as('stranger')).rejects.toMatchObject({
      name: 'AccessDeniedException',
      $metadata: { httpStatusCode: 403 },
      message:
        'User: arn:aws:iam::123456789012:user/stranger is not authorized to perform: access-analyzer:ValidatePolicy on resource: arn:aws:access-analyzer:us-east-1:123456789012:* because no identity-based policy allows the access-analyzer:ValidatePolicy action',
    });
  });
});

it('reports which operations of Access Analyzer are not supported', async () => {
  await expect(client.send(new ListAnalyzersCommand({}))).rejects.toMatchObject({
    name: 'UnknownOperationException',
    message:
      'personalize-authz-proxy does not serve access-analyzer:GET /analyzer. Of IAM Access Analyzer, it serves CheckAccessNotGranted, CheckNoNewAccess, CheckNoPublicAccess, ValidatePolicy.',
  });
});

/** The calls of AWS's policy validators for Terraform and CloudFormation, and the fields that they read. */
const VALIDATORS = `
import boto3, json
from botocore.exceptions import ClientError
doc = lambda *s: json.dumps({'Version': '2012-10-17', 'Statement': list(s)})
read = {'Effect': 'Allow', 'Action': 's3:GetObject', 'Resource': 'arn:aws:s3:::ledger/*'}
open_ = {**read, 'Principal': '*'}
aa = boto3.client('accessanalyzer')
pages = aa.get_paginator('validate_policy').paginate(
    policyDocument=doc({**open_, 'Action': 's3:GetObjekt'}), policyType='RESOURCE_POLICY',
    validatePolicyResourceType='AWS::S3::Bucket', PaginationConfig={'PageSize': 1})
for page in pages:
    for f in page['findings']:
        print(f['findingType'], f['issueCode'], f['findingDetails'], f['locations'][0]['span']['start']['line'],
              [list(p.values())[0] for p in f['locations'][0]['path']])
        assert f['learnMoreLink'].startswith('https://docs.aws.amazon.com/IAM/latest/UserGuide/')
def result(call, **input):
    try:
        r = call(**input)
    except ClientError as e:
        r = e.response
    if r.get('result') == 'PASS':
        print('PASS')
    elif r['ResponseMetadata']['HTTPStatusCode'] == 200:
        print(r['result'], r['message'], [x['description'] for x in r['reasons']])
    else:
        print(r['ResponseMetadata']['HTTPStatusCode'], r['Error']['Code'], r['message'], r.get('reason'))
for new in [read, {**read, 'Action': 's3:*'}]:
    result(aa.check_no_new_access, policyType='IDENTITY_POLICY', existingPolicyDocument=doc(read), newPolicyDocument=doc(new))
for access in [[{'actions': ['s3:Get*'] + ['s3:PutObject'] * 99}], [{'resources': ['example']}], [{'actions': ['s3:PutObject']}]]:
    result(aa.check_access_not_granted, policyType='IDENTITY_POLICY', policyDocument=doc(read), access=access)
result(aa.check_no_public_access, policyDocument=doc(open_), resourceType='AWS::S3::Bucket')
result(aa.check_no_public_access, policyDocument='{', resourceType='AWS::S3::Bucket')
`;

it.skipIf(!hasBoto3)(
  'answers the calls of the policy validators for Terraform and CloudFormation (skips without boto3)',
  { tags: 'clients' },
  async () => {
    const { stdout, stderr } = await python(proxy.clientConfig('reviewer'), VALIDATORS);
    expect({ stderr, lines: stdout.trim().split('\n') }).toEqual({
      stderr: '',
      lines: [
        "ERROR INVALID_ACTION The action s3:GetObjekt does not exist. Did you mean s3:GetObject? 1 ['Statement', 0, 'Action']",
        'PASS',
        "FAIL The modified permissions grant new access compared to your existing policy. ['New access in the statement with index: 0.']",
        "FAIL The policy document grants access to perform one or more of the listed actions. ['One or more of the listed actions in the statement with index: 0.']",
        '400 ValidationException Invalid ARN fieldValidationFailed',
        'PASS',
        "FAIL The resource policy grants public access for the given resource type. ['Public access granted in the following statement with index: 0.']",
        expect.stringMatching(
          /^400 InvalidParameterException The policy in policyDocument is not valid at line 1, column \d+: /,
        ),
      ],
    });
  },
);

it.skipIf(!hasAwsCli)(
  'answers the AWS CLI (skips where it is not installed)',
  { tags: 'clients' },
  async () => {
    const { stdout, stderr } = await awsCli(
      proxy.clientConfig('reviewer'),
      ...['accessanalyzer', 'validate-policy', '--policy-type', 'SERVICE_CONTROL_POLICY'],
      ...['--policy-document', policy({ ...READ, Principal: '*' }), '--output', 'text'],
      ...['--query', 'findings[].[findingType,issueCode,locations[0].path[2].value]'],
    );
    expect({ stdout, stderr }).toEqual({
      stdout: 'ERROR\tSCP_SYNTAX_ERROR_PRINCIPAL\tPrincipal\n',
      stderr: '',
    });
  },
);
