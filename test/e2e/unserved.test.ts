import { CloudWatchClient, ListDashboardsCommand } from '@aws-sdk/client-cloudwatch';
import { DeleteUserCommand, IAMClient, ListSAMLProvidersCommand } from '@aws-sdk/client-iam';
import { GetBucketPolicyStatusCommand, S3Client } from '@aws-sdk/client-s3';
import {
  AssumeRoleWithSAMLCommand,
  AssumeRootCommand,
  GetWebIdentityTokenCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningProxy, startProxy } from '../../src/index.ts';
import { findOperation, serviceModels } from '../../src/model/load.ts';
import { refusalOf } from '../unit/sts/world.ts';
import { awsCli, hasAwsCli, hasBoto3, python } from './clients.ts';

/* What AWS has and this proxy has not: each answer says so, in the protocol of the call. */

const ROOT = 'arn:aws:iam::123456789012:root';
const allow = (Action: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action, Resource: '*' }],
});

let proxy: RunningProxy;
beforeAll(async () => {
  proxy = await startProxy({
    principals: {
      users: {
        admin: { accessKeys: [{ id: 'AKIAIOSFODNN7EXAMPLE', secret: 'admin' }], inlinePolicies: ['all'] },
        nobody: { accessKeys: [{ id: 'AKIAI44QH8DHBEXAMPLE', secret: 'nobody' }] },
      },
    },
    policies: { all: allow('*') },
  });
});
afterAll(() => proxy.close());

const notSupported = (operation: string) => ({
  status: 400,
  code: 'InvalidAction',
  message: expect.stringMatching(new RegExp(`^The operation ${operation} is not supported here: `)),
});

/** A call without a signature, as awsQuery has it. */
const unsigned = (body: string): Promise<string> =>
  fetch(proxy.url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body,
  }).then((response) => response.text());

describe('an operation of STS or IAM that is not supported', () => {
  it('is InvalidAction to AWS SDK for JavaScript v3, unsigned or signed', async () => {
    const sts = new STSClient(proxy.clientConfig('admin'));
    const saml = new AssumeRoleWithSAMLCommand({
      RoleArn: 'arn:aws:iam::123456789012:role/r',
      PrincipalArn: 'arn:aws:iam::123456789012:saml-provider/p',
      SAMLAssertion: 'PHNhbWw+',
    });
    expect(await refusalOf(sts.send(saml))).toEqual(notSupported('sts:AssumeRoleWithSAML'));
    const root = new AssumeRootCommand({
      TargetPrincipal: ROOT,
      TaskPolicyArn: { arn: 'arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials' },
    });
    expect(await refusalOf(sts.send(root))).toEqual(notSupported('sts:AssumeRoot'));
    const token = new GetWebIdentityTokenCommand({ Audience: ['a'], SigningAlgorithm: 'RS256' });
    expect(await refusalOf(sts.send(token))).toEqual(notSupported('sts:GetWebIdentityToken'));
    const iam = new IAMClient(proxy.clientConfig('admin'));
    const providers = iam.send(new ListSAMLProvidersCommand({}));
    expect(await refusalOf(providers)).toEqual(notSupported('iam:ListSAMLProviders'));
  });

  it('is denied where the policies do not allow it, as on AWS', async () => {
    const iam = new IAMClient(proxy.clientConfig('nobody'));
    const providers = iam.send(new ListSAMLProvidersCommand({}));
    expect(await refusalOf(providers)).toMatchObject({ status: 403, code: 'AccessDenied' });
  });

  it('is never MissingAuthenticationToken, and is recorded with its name', async () => {
    for (const { name, service } of unsupportedOperations()) {
      const text = await unsigned(`Action=${name}&Version=${service.apiVersion}`);
      expect(text).toContain('<Code>InvalidAction</Code>');
      expect(text).toContain(`<Message>The operation ${service.name}:${name} is not supported here: `);
      expect(proxy.decisions.at(-1)).toMatchObject({
        outcome: 'rejected',
        request: { service: service.name, operation: name },
        error: { code: 'InvalidAction', status: 400 },
      });
    }
  });
});

/** Some of each kind: unsigned on AWS, signed, of IAM to read and to write. */
const unsupportedOperations = () =>
  [
    findOperation('sts', 'AssumeRoleWithSAML'),
    findOperation('sts', 'GetDelegatedAccessToken'),
    findOperation('iam', 'GetSAMLProvider'),
    findOperation('iam', 'CreateSAMLProvider'),
    findOperation('iam', 'UploadServerCertificate'),
  ].filter((operation) => operation !== undefined);

describe('a denial', () => {
  it('is recorded with the code that was sent', async () => {
    const iam = new IAMClient(proxy.clientConfig('nobody'));
    await refusalOf(iam.send(new DeleteUserCommand({ UserName: 'admin' })));
    expect(proxy.decisions.at(-1)?.error).toMatchObject({ code: 'AccessDenied', status: 403 });
    await unsigned('Action=GetUser&Version=2010-05-08');
    expect(proxy.decisions.at(-1)?.error).toMatchObject({ code: 'MissingAuthenticationToken', status: 403 });
    const s3 = new S3Client({ ...proxy.clientConfig('nobody'), forcePathStyle: true });
    await refusalOf(s3.send(new GetBucketPolicyStatusCommand({ Bucket: 'shop' })));
    expect(proxy.decisions.at(-1)?.error).toMatchObject({ code: 'NotImplemented', status: 501 });
  });

  it('of an entity that does not exist is AccessDenied where the policies do not allow the call', async () => {
    const gone = new DeleteUserCommand({ UserName: 'gone' });
    const ask = (user: 'admin' | 'nobody') => refusalOf(new IAMClient(proxy.clientConfig(user)).send(gone));
    expect(await ask('nobody')).toMatchObject({ status: 403, code: 'AccessDenied' });
    expect(await ask('admin')).toEqual({
      status: 404,
      code: 'NoSuchEntity',
      message: 'The user with name gone cannot be found.',
    });
  });
});

describe('a service that is not here', () => {
  it('of CloudWatch names the operation to AWS SDK for JavaScript v3', async () => {
    const cloudwatch = new CloudWatchClient(proxy.clientConfig('admin'));
    expect(await refusalOf(cloudwatch.send(new ListDashboardsCommand({})))).toEqual({
      status: 400,
      code: 'UnknownOperationException',
      message: expect.stringContaining('does not serve cloudwatch:ListDashboards'),
    });
  });

  it.skipIf(!hasBoto3)(
    'is named to boto3 in each protocol (skips where python3 has none)',
    { tags: 'clients' },
    async () => {
      const { stdout, stderr } = await python(
        proxy.clientConfig('admin'),
        `
import boto3
from botocore.exceptions import ClientError
CALLS = [('dynamodb', 'list_tables'), ('sqs', 'list_queues'), ('kms', 'list_keys'), ('lambda', 'list_functions'),
  ('sns', 'list_topics'), ('ec2', 'describe_vpcs'), ('route53', 'list_hosted_zones'), ('secretsmanager', 'list_secrets'),
  ('stepfunctions', 'list_activities'), ('logs', 'describe_log_groups'), ('apigateway', 'get_rest_apis'),
  ('cloudfront', 'list_distributions'), ('organizations', 'list_roots'), ('bedrock-runtime', 'list_async_invokes')]
for service, operation in CALLS:
    try:
        getattr(boto3.client(service), operation)()
    except ClientError as e:
        print(service, e.response['Error']['Code'], 'does not serve' in e.response['Error']['Message'])
`,
      );
      const answered = stdout.trim().split('\n');
      expect({ stderr, count: answered.length }).toEqual({ stderr: '', count: 14 });
      expect(
        answered.filter((line) => !/ (?:UnknownOperationException|InvalidAction) True$/.test(line)),
      ).toEqual([]);
    },
  );

  it.skipIf(!hasAwsCli)(
    'is named to the AWS CLI (skips where it is not installed)',
    { tags: 'clients' },
    async () => {
      const { stderr } = await awsCli(proxy.clientConfig('admin'), 'dynamodb', 'list-tables');
      expect(stderr).toContain(
        'An error occurred (UnknownOperationException) when calling the ListTables operation',
      );
      expect(stderr).toContain('personalize-authz-proxy does not serve dynamodb.');
    },
  );
});

describe('the operations of STS and IAM', () => {
  it('are each supported, refused as a write, or not supported', async () => {
    const names = ['sts', 'iam'] as const;
    const operations = names.flatMap((name) => [...(serviceModels().get(name)?.operations.values() ?? [])]);
    const answers = await Promise.all(
      operations.map(async ({ name, service }) => {
        const text = await unsigned(`Action=${name}&Version=${service.apiVersion}`);
        return /<Code>(\w+)</.exec(text)?.[1];
      }),
    );
    expect(new Set(answers)).toEqual(
      new Set(['MissingAuthenticationToken', 'InvalidAction', 'ValidationError']),
    );
  });
});
