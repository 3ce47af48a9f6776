import { describe, expect, it } from 'vitest';
import { proveDocuments } from '../../../src/commands/prove/prove-claims.ts';
import type { NamedPolicy } from '../../../src/engine/policy-set.ts';
import { fromValue } from '../../../src/lib/document.ts';
import { parsePolicyDocument } from '../../../src/policy/parse.ts';

/*
 * Reference policies of the kinds that AWS publishes for its custom policy checks: what must stay out of reach, what needs
 * a tag, who may have a bucket, which providers a role may trust.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-custom-policy-checks.html
 */

function policy(name: string, ...Statement: readonly object[]): NamedPolicy {
  const parsed = parsePolicyDocument(fromValue({ Version: '2012-10-17', Statement }));
  if (!parsed.ok) throw new Error(parsed.error.map(({ message }) => message).join('; '));
  return { name, policy: parsed.value.policy };
}

const ALL = { Effect: 'Allow', Action: '*', Resource: '*' };
const allow = (Action: unknown, Resource: unknown, more: object = {}) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...more,
});
const deny = (Action: unknown, Resource: unknown, more: object = {}) => ({
  Effect: 'Deny',
  Action,
  Resource,
  ...more,
});

const verdict = (candidate: NamedPolicy, reference: NamedPolicy): string =>
  proveDocuments('no-new-access', candidate, reference).verdict;

/** What must stay out of reach: a service, an action on the resource, the resource, and one beside it. */
const PROTECTED = [
  ['s3', 's3:DeleteBucket', 'arn:aws:s3:::ledger', 'arn:aws:s3:::sketches'],
  ['s3', 's3:GetObject', 'arn:aws:s3:::ledger/*', 'arn:aws:s3:::sketches/*'],
  ['ec2', 'ec2:DeleteVpc', 'arn:aws:ec2:*:*:vpc/vpc-core', 'arn:aws:ec2:*:*:vpc/vpc-lab'],
  ['dynamodb', 'dynamodb:DeleteTable', 'arn:aws:dynamodb:*:*:table/ledger', 'arn:aws:dynamodb:*:*:table/lab'],
  ['sns', 'sns:DeleteTopic', 'arn:aws:sns:*:*:alarms', 'arn:aws:sns:*:*:news'],
  ['sqs', 'sqs:DeleteQueue', 'arn:aws:sqs:*:*:orders', 'arn:aws:sqs:*:*:lab'],
  [
    'lambda',
    'lambda:UpdateFunctionCode',
    'arn:aws:lambda:*:*:function:pay',
    'arn:aws:lambda:*:*:function:lab',
  ],
  ['rds', 'rds:DeleteDBInstance', 'arn:aws:rds:*:*:db:ledger', 'arn:aws:rds:*:*:db:lab'],
  ['ecr', 'ecr:DeleteRepository', 'arn:aws:ecr:*:*:repository/base', 'arn:aws:ecr:*:*:repository/lab'],
  ['ssm', 'ssm:DeleteDocument', 'arn:aws:ssm:*:*:document/patch', 'arn:aws:ssm:*:*:document/lab'],
  ['iam', 'iam:DeleteRole', 'arn:aws:iam::*:role/break-glass', 'arn:aws:iam::*:role/lab'],
  [
    'secretsmanager',
    'secretsmanager:GetSecretValue',
    'arn:aws:secretsmanager:*:*:secret:root-a1b2c3',
    'arn:aws:secretsmanager:*:*:secret:lab-a1b2c3',
  ],
  [
    'personalize',
    'personalize:DeleteCampaign',
    'arn:aws:personalize:*:*:campaign/shop',
    'arn:aws:personalize:*:*:campaign/lab',
  ],
] as const;

describe.each(PROTECTED)('a reference that keeps %s out of reach: %s', (service, action, resource, other) => {
  const reference = policy('reference', ALL, deny([action, `${service}:Tag*`], resource));
  const beginning = `${resource.slice(0, -2)}*`;

  it.each([
    ['the same action beside it', [allow(action, other)]],
    ['all actions of the service, and a Deny of its own', [allow(`${service}:*`, '*'), deny('*', resource)]],
    ['all actions but those', [{ Effect: 'Allow', NotAction: [action, `${service}:Tag*`], Resource: '*' }]],
    ['everything but the resource', [{ Effect: 'Allow', Action: `${service}:*`, NotResource: resource }]],
  ])('takes a candidate with %s', (_, statements) => {
    expect(verdict(policy('candidate', ...statements), reference)).toBe('PASS');
  });

  it.each([
    ['the action on it', [allow(action, resource)]],
    ['the action on a pattern that takes it in', [allow(action, beginning)]],
    ['all actions of the service', [allow(`${service}:*`, '*')]],
    ['everything, and a Deny of something else', [ALL, deny(action, other)]],
  ])('finds a candidate with %s', (_, statements) => {
    expect(verdict(policy('candidate', ...statements), reference)).toBe('FAIL');
  });
});

describe('a reference that asks for a tag in the request', () => {
  const KEY = 'aws:RequestTag/cost-center';
  const run = (Condition?: object) => allow('ec2:RunInstances', '*', Condition && { Condition });
  const reference = policy(
    'reference',
    ALL,
    deny('ec2:RunInstances', '*', { Condition: { Null: { [KEY]: 'true' } } }),
  );

  it.each([
    ['a value of it', [run({ StringEquals: { [KEY]: 'ml' } })]],
    ['any value of it', [run({ Null: { [KEY]: 'false' } })]],
    [
      'a Deny of all other values, and of none',
      [run(), deny('ec2:RunInstances', '*', { Condition: { StringNotEquals: { [KEY]: 'ml' } } })],
    ],
    ['another action', [allow('ec2:DescribeInstances', '*')]],
  ])('takes a candidate that wants %s', (_, statements) => {
    expect(verdict(policy('candidate', ...statements), reference)).toBe('PASS');
  });

  it.each([
    ['no tag', [run()]],
    ['it where it is there', [run({ StringEqualsIfExists: { [KEY]: 'ml' } })]],
    ['another tag', [run({ StringEquals: { 'aws:RequestTag/team': 'ml' } })]],
  ])('finds a candidate that wants %s', (_, statements) => {
    expect(verdict(policy('candidate', ...statements), reference)).toBe('FAIL');
  });
});

describe('a reference that says who may have a bucket', () => {
  const ROLE = 'arn:aws:iam::111111111111:role/Auditor';
  const OTHER = 'arn:aws:iam::111111111111:role/Second';
  const OBJECTS = 'arn:aws:s3:::ledger/*';
  const by = (Principal: unknown, Condition?: object) =>
    allow('s3:GetObject', OBJECTS, { Principal, ...(Condition && { Condition }) });
  const reference = policy(
    'reference',
    { ...by({ AWS: ROLE }), Action: 's3:*' },
    { ...by('*', { ArnLike: { 'aws:PrincipalArn': ROLE } }), Action: 's3:*' },
  );

  it.each([
    ['the role', [by({ AWS: ROLE })]],
    ['everyone whose ARN it is', [by('*', { ArnEquals: { 'aws:PrincipalArn': ROLE } })]],
  ])('takes a candidate for %s', (_, statements) => {
    expect(verdict(policy('candidate', ...statements), reference)).toBe('PASS');
  });

  it.each([
    ['everyone', [by('*')]],
    ['another role', [by({ AWS: 'arn:aws:iam::111111111111:role/Intern' })]],
    [
      'everyone of another ARN',
      [by('*', { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::111111111111:role/Intern' } })],
    ],
    [
      'the role and a second one, by their ARNs',
      [by({ AWS: [ROLE, OTHER] }, { ArnEquals: { 'aws:PrincipalArn': OTHER } })],
    ],
    ['the account', [by({ AWS: '111111111111' })]],
  ])('finds a candidate for %s', (_, statements) => {
    expect(verdict(policy('candidate', ...statements), reference)).toBe('FAIL');
  });
});

describe('a reference that says which provider a role may trust', () => {
  const PROVIDER = 'arn:aws:iam::111111111111:oidc-provider/ci.example.com';
  const trust = (Principal: object, Action: string) => ({ Effect: 'Allow', Principal, Action });
  const reference = policy('reference', trust({ Federated: PROVIDER }, 'sts:AssumeRoleWithWebIdentity'), {
    Effect: 'Allow',
    Principal: '*',
    NotAction: ['sts:AssumeRoleWithSAML', 'sts:AssumeRoleWithWebIdentity'],
  });

  it.each([
    ['the provider', trust({ Federated: PROVIDER }, 'sts:AssumeRoleWithWebIdentity'), 'PASS'],
    ['a service, in another way', trust({ Service: 'ec2.amazonaws.com' }, 'sts:AssumeRole'), 'PASS'],
    [
      'another provider',
      trust({ Federated: 'accounts.google.com' }, 'sts:AssumeRoleWithWebIdentity'),
      'FAIL',
    ],
    [
      'a SAML provider',
      trust({ Federated: 'arn:aws:iam::111111111111:saml-provider/Idp' }, 'sts:AssumeRoleWithSAML'),
      'FAIL',
    ],
  ])('tells a candidate for %s', (_, statement, expected) => {
    expect(verdict(policy('candidate', statement), reference)).toBe(expected);
  });
});
