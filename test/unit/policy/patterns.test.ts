import { describe, expect, it } from 'vitest';
import { actionDiagnostic } from '../../../src/policy/action-pattern.ts';
import { principalDiagnostic } from '../../../src/policy/principal-pattern.ts';
import { completeArn, isIncompleteArn, resourceDiagnostic } from '../../../src/policy/resource-pattern.ts';

describe('an action pattern', () => {
  it.each([
    '*',
    '*:*',
    's3:*',
    'personalize:Get*',
    'personalize:?et*',
    'PERSONALIZE:getrecommendations',
    'aws-portal:View',
    'iam: as saved by AWS',
  ])('may be %s', (text) => {
    expect(actionDiagnostic(text)).toBeUndefined();
  });

  it.each([
    ['', 'no service prefix'],
    ['GetRecommendations', 'no service prefix'],
    ['s3:Get:Object', 'more than one colon'],
    ['personal*:GetRecommendations', 'invalid service prefix'],
    ['a b:Get', 'invalid service prefix'],
    [':Get', 'invalid service prefix'],
    ['s3:', 'no name after the colon'],
  ])('may not be "%s": %s', (text, reason) => {
    expect(actionDiagnostic(text)).toContain(reason);
  });
});

describe('a resource pattern', () => {
  it.each([
    '*',
    'arn:aws:personalize:us-east-1:123456789012:campaign/shop',
    'arn:aws:personalize:*:*:*',
    'arn:aws-cn:s3:::bucket/*',
    'arn:*:s3:::bucket/*',
    'arn:aws*:s3:::bucket/*',
    'arn:aws:sqs',
    'arn:aws:logs:*:*:log-group:/aws/*:log-stream:*',
    'arn:aws:personalize:::recipe/aws-sims',
    'arn:aws:iam::*:user/${aws:username}',
    'arn:aws:iam::123456789012:*',
    'arn:aws:iam::*:root',
    'arn:aws:s3:us-east-1:123456789012:accesspoint/shop',
  ])('may be %s', (text) => {
    expect(resourceDiagnostic(text)).toBeUndefined();
  });

  it.each([
    ['', 'neither an ARN nor "*"'],
    ['campaign/shop', 'neither an ARN nor "*"'],
    ['arn:error:s3:::bucket', 'invalid partition "error"'],
    ['arn:${aws:Partition}:s3:::bucket', 'invalid partition "${aws"'],
    ['arn:aws', 'must name its service in full'],
    ['arn:aws:*:us-east-1:123456789012:x', 'must name its service in full'],
    ['arn:aws:person*:us-east-1:123456789012:x', 'must name its service in full'],
    ['arn:aws::us-east-1:123456789012:x', 'must name its service in full'],
    ['arn:aws:s3::bucket', 'not have the six parts'],
    ['arn:aws:iam:us-east-1:123456789012:role/x', 'cannot have a region'],
    ['arn:aws:s3:us-east-1::bucket', 'cannot have a region'],
    ['arn:aws:iam::123456789012:recommender', 'must be "*" or start with user/'],
  ])('may not be "%s": %s', (text, reason) => {
    expect(resourceDiagnostic(text)).toContain(reason);
  });

  it('is completed with wildcards where parts are missing', () => {
    expect(completeArn('arn:aws:sqs')).toBe('arn:aws:sqs:*:*:*');
    expect(completeArn('arn:aws:sqs:us-east-1')).toBe('arn:aws:sqs:us-east-1:*:*');
    expect(completeArn('*')).toBe('*');
    expect(completeArn('arn:aws:s3:::b:c')).toBe('arn:aws:s3:::b:c');
    expect(isIncompleteArn('arn:aws:sqs')).toBe(true);
    expect(isIncompleteArn('*')).toBe(false);
  });
});

describe('a principal', () => {
  it.each([
    ['AWS', '*'],
    ['AWS', '123456789012'],
    ['AWS', 'arn:aws:iam::123456789012:root'],
    ['AWS', 'arn:aws:iam::123456789012:user/path/alice'],
    ['AWS', 'arn:aws-cn:iam::123456789012:role/recommender'],
    ['AWS', 'arn:aws:sts::123456789012:assumed-role/recommender/job'],
    ['AWS', 'arn:aws:sts::123456789012:federated-user/bob'],
    ['AWS', 'AIDAJQABLZS4A3QDU576Q'],
    ['Service', 'personalize.amazonaws.com'],
    ['Service', 's3.us-east-1.amazonaws.com'],
    ['Service', 'ec2.amazonaws.com.cn'],
    ['Federated', 'accounts.google.com'],
    ['Federated', 'arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com'],
    ['Federated', 'arn:aws:iam::123456789012:saml-provider/corp'],
    ['CanonicalUser', '79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be'],
  ] as const)('of type %s may be %s', (type, value) => {
    expect(principalDiagnostic(type, value)).toBeUndefined();
  });

  it.each([
    ['AWS', ''],
    ['AWS', '12345'],
    ['AWS', 'arn:aws:iam::123456789012:user/*'],
    ['AWS', 'arn:aws:iam::*:root'],
    ['AWS', 'arn:aws:iam::123456789012:group/analysts'],
    ['AWS', 'arn:aws:iam::123456789012:user/${aws:username}'],
    ['AWS', 'alice'],
    ['Service', '*'],
    ['Service', 'personalize'],
    ['Federated', '*'],
    ['Federated', 'login.example.com'],
    ['CanonicalUser', 'alice'],
  ] as const)('of type %s may not be "%s"', (type, value) => {
    expect(principalDiagnostic(type, value)).toContain(
      `"${value}" is not a principal of type ${type}; expected `,
    );
  });
});
