import { describe, expect, it } from 'vitest';
import { questionDiagnostics } from '../../../src/commands/simulate/question-diagnostics.ts';
import { iamActions } from '../../../src/model/iam-actions.ts';
import { actionOfOperation } from '../../../src/model/operation-actions.ts';
import { S3_OPERATIONS } from '../../../src/services/s3/operations.ts';

const ARN = 'arn:aws:personalize:us-east-1:123456789012:';

const messages = (action: string, resource = '*', ...context: readonly string[]): readonly string[] =>
  questionDiagnostics({ action, resource, context }).map(({ part, message }) => `${part}: ${message}`);

describe('a question about an action', () => {
  it.each([
    [
      'personalize:CreateCampain',
      'action: AWS has no action "personalize:CreateCampain"; did you mean "CreateCampaign"?',
    ],
    [
      'persnalize:CreateCampaign',
      'action: AWS has no action "persnalize:CreateCampaign"; did you mean "personalize"?',
    ],
    ['s3:HeadBucket', 'action: AWS has no action "s3:HeadBucket"; the action is "s3:ListBucket"'],
    ['s3:listbuckets', 'action: AWS has no action "s3:listbuckets"; the action is "s3:ListAllMyBuckets"'],
    [
      'personalize-runtime:GetRecommendations',
      'action: AWS has no action "personalize-runtime:GetRecommendations"; the action is "personalize:GetRecommendations"',
    ],
    ['personalize:*', 'action: AWS has no action "personalize:*"'],
  ])('says that AWS has no %s, and what was meant', (action, message) => {
    expect(messages(action)).toEqual([message]);
  });

  it('takes every action of AWS in any case, and anything about one that is known by name only', () => {
    expect(messages('PERSONALIZE:createcampaign')).toEqual([]);
    expect(
      messages('lambda:InvokeFunction', 'arn:aws:lambda:us-east-1:123456789012:function:f', 'lambda:X'),
    ).toEqual([]);
  });
});

describe('a question about a resource', () => {
  it.each([
    ['personalize:CreateCampaign', `${ARN}campaign/shop`],
    ['personalize:CreateCampaign', `${ARN}solution/shop/version`],
    ['personalize:DescribeDataset', `${ARN}dataset/shop/INTERACTIONS`],
    ['personalize:GetRecommendations', `${ARN}recommender/shop`],
    ['personalize:GetRecommendations', `${ARN}filter/shop`],
    ['personalize:CreateSolution', 'arn:aws:personalize:::recipe/aws-user-personalization'],
    ['personalize:ListCampaigns', `${ARN}solution/shop`],
    ['personalize:TagResource', `${ARN}solution/shop/*`],
    ['iam:PassRole', 'arn:aws:iam::123456789012:role/path/of/it'],
    ['iam:ListUsers', 'arn:aws:iam::123456789012:user/'],
    ['iam:ListPolicies', 'policy path /'],
    ['iam:GetPolicy', 'arn:aws:iam::aws:policy/AmazonPersonalizeFullAccess'],
    ['sts:AssumeRole', 'arn:aws:iam::123456789012:role/shop'],
    ['s3:ListBucket', 'arn:aws:s3:::bucket'],
    ['s3:GetObject', 'arn:aws:s3:::bucket/a key/with:anything'],
    ['s3:ListAllMyBuckets', 'arn:aws:s3:::*'],
    ['cloudwatch:PutMetricData', '*'],
  ])('takes what %s is checked on: %s', (action, resource) => {
    expect(messages(action, resource)).toEqual([]);
  });

  it.each([
    ['personalize:CreateCampaign', `${ARN}schema/shop`],
    ['personalize:CreateCampaign', 'arn:aws:personalize:us-east-1:ACCOUNT_ID:campaign/shop'],
    ['personalize:CreateCampaign', 'arn:aws:personalize:us-east-1:12345678901:campaign/shop'],
    ['personalize:CreateCampaign', 'arn:aws:personalize::123456789012:campaign/shop'],
    ['personalize:CreateCampaign', 'campaign/shop'],
    ['personalize:CreateCampaign', `${ARN}campaign/`],
    ['personalize:CreateCampaign', `${ARN}campaign/shop `],
    ['s3:ListBucket', 'arn:aws:s3:::bucket/*'],
    ['s3:GetObject', 'arn:aws:s3:::bucket'],
    ['iam:PassRole', 'arn:aws:iam::123456789012:user/alice'],
  ])('says that %s is never checked on %s, and what it is checked on', (action, resource) => {
    const [message, ...more] = messages(action, resource);
    expect(message).toContain(`resource: ${action} is never checked on "${resource}", only on arn:aws:`);
    expect(more).toEqual([]);
  });

  it('says that an action works on no resource', () => {
    expect(messages('personalize:ListRecipes', `${ARN}campaign/shop`)).toEqual([
      'resource: personalize:ListRecipes works on no resource: ask about "*"',
    ]);
  });
});

describe('a question with context keys', () => {
  it('takes the keys that requests have, in any case', () => {
    const keys = ['aws:sourceip', 'aws:PrincipalTag/team', 'token.actions.githubusercontent.com:sub'];
    expect(messages('personalize:ListRecipes', '*', ...keys)).toEqual([]);
    expect(messages('personalize:CreateCampaign', '*', 'aws:RequestTag/team', 'aws:TagKeys')).toEqual([]);
    expect(messages('personalize:ListCampaigns', `${ARN}solution/s`, 'aws:ResourceTag/team')).toEqual([]);
    expect(messages('iam:PassRole', '*', 'iam:PassedToService')).toEqual([]);
  });

  it.each([
    ['aws:SourceIP4', 'AWS has no condition key "aws:SourceIP4"; did you mean "aws:SourceIp"?'],
    ['SourceIp', 'AWS has no condition key "SourceIp"'],
    ['sts:ExternalId', 'personalize:ListRecipes does not support the key "sts:ExternalId"'],
    ['aws:RequestTag/team', 'personalize:ListRecipes does not support the key "aws:RequestTag/team"'],
  ])('says of %s that no request of the action has it', (key, message) => {
    const [only, ...more] = messages('personalize:ListRecipes', '*', key);
    expect(only).toContain(`context: ${message}`);
    expect(more).toEqual([]);
  });
});

describe('the actions of operations', () => {
  const isAction = (text: string): boolean => {
    const [service = '', name = ''] = text.split(':');
    return [...(iamActions().actionsOf(service) ?? [])].some(
      (each) => each.toLowerCase() === name.toLowerCase(),
    );
  };

  it('are those that the proxy checks for the operations of S3', () => {
    for (const { name, checks } of S3_OPERATIONS) {
      const meant = actionOfOperation(`s3:${name}`);
      if (isAction(`s3:${name}`)) expect(meant).toBeUndefined();
      else expect(checks.map(({ action }) => action)).toContain(meant);
    }
  });

  it.each([
    'GetBucketEncryption',
    'PutBucketLifecycleConfiguration',
    'DeleteBucketCors',
    'ListObjectVersions',
  ])('are actions of AWS: of %s', (name) => {
    expect(isAction(`s3:${name}`)).toBe(false);
    expect(isAction(actionOfOperation(`s3:${name}`) ?? '')).toBe(true);
  });
});
