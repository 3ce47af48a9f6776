import { describe, expect, it } from 'vitest';
import { parsePrincipalArn } from '../../../src/directory/principal-arn.ts';

const accountId = '123456789012';

describe('parsePrincipalArn', () => {
  it.each([
    ['arn:aws:iam::123456789012:user/alice', { type: 'User', accountId, userName: 'alice' }],
    ['arn:aws:iam::123456789012:user/eng/ml/alice', { type: 'User', accountId, userName: 'alice' }],
    ['arn:aws:iam::123456789012:root', { type: 'Root', accountId }],
    ['arn:aws:sts::123456789012:federated-user/fay', { type: 'FederatedUser', accountId }],
    [
      'arn:aws-cn:sts::123456789012:assumed-role/app/one',
      {
        type: 'AssumedRole',
        accountId,
        roleArn: 'arn:aws-cn:iam::123456789012:role/app',
        sessionName: 'one',
      },
    ],
    [
      'arn:aws:iam::123456789012:role/eng/app',
      { type: 'AssumedRole', accountId, roleArn: 'arn:aws:iam::123456789012:role/eng/app', sessionName: '' },
    ],
  ])('reads %s', (arn, expected) => {
    expect(parsePrincipalArn(arn)).toEqual({ arn, ...expected });
  });

  it.each([
    ['personalize.amazonaws.com', { type: 'Service', service: 'personalize.amazonaws.com' }],
    ['cognito-identity.amazonaws.com', { type: 'WebIdentity', provider: 'cognito-identity.amazonaws.com' }],
    ['accounts.google.com', { type: 'WebIdentity', provider: 'accounts.google.com' }],
    [
      'arn:aws:iam::123456789012:oidc-provider/ci.example.com/x',
      { type: 'WebIdentity', provider: 'arn:aws:iam::123456789012:oidc-provider/ci.example.com/x' },
    ],
    ['anonymous', { type: 'Anonymous' }],
  ])('reads %s, which belongs to no account', (text, expected) => {
    expect(parsePrincipalArn(text)).toEqual(expected);
  });

  it.each([
    '',
    '*',
    'alice',
    'arn:aws:iam::123456789012:group/analysts',
    'arn:aws:iam::1234:user/alice',
    'arn:aws:iam:us-east-1:123456789012:user/alice',
    'arn:aws:iam::123456789012:user/',
    'arn:aws:iam::123456789012:role/',
    'arn:aws:sts::123456789012:assumed-role/app',
    'arn:aws:sts::123456789012:user/alice',
    'arn:aws:s3:::bucket',
  ])('finds no principal for %j', (text) => {
    expect(parsePrincipalArn(text)).toBeUndefined();
  });
});
