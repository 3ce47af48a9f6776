import { describe, expect, it } from 'vitest';
import { iamActions } from '../../../src/model/iam-actions.ts';
import { advisePolicy } from '../../../src/policy/advise.ts';
import { overlaps } from '../../../src/policy/pattern-overlap.ts';
import { brief, policyOf, withStatement } from './documents.ts';

const statement = (action: string, resource: string, condition = '{}'): string =>
  withStatement(
    '"Effect": "Allow"',
    `"Action": ${action}`,
    `"Resource": ${resource}`,
    `"Condition": ${condition}`,
  );

const advice = (text: string): readonly string[] => brief(advisePolicy(policyOf(text), iamActions()));
const messages = (text: string): readonly string[] =>
  advisePolicy(policyOf(text), iamActions()).map(({ message }) => message);

const ARN = 'arn:aws:personalize:us-east-1:123456789012:';

describe('advice on actions', () => {
  it('is silent about actions that AWS has, in any case', () => {
    expect(advice(statement('["personalize:createcampaign", "S3:Get*", "*", "*:*"]', '"*"'))).toEqual([]);
  });

  it('names the nearest action for one that AWS does not have', () => {
    expect(advice(statement('["s3:GetObject", "personalize:CreateCampain"]', '"*"'))).toEqual([
      '6:32 warning unknown-action',
    ]);
    expect(messages(statement('"personalize:CreateCampain"', '"*"'))).toEqual([
      'AWS has no action "personalize:CreateCampain"; did you mean "CreateCampaign"?',
    ]);
  });

  it.each([
    ['personalize:DescribeDatasetImportJobRun', 'retired-action'],
    ['personalize:DescribeFeatureExportJob', 'retired-action'],
    ['personalize:ListDataInsightsJob', 'unknown-action'],
    ['personalize:GetDataInsight', 'unknown-action'],
    ['personalize:GetWidget', 'unknown-action'],
  ])('only warns of %s, which older policies name: %s', (action, rule) => {
    expect(advice(statement(`"${action}"`, '"*"'))).toEqual([`6:15 warning ${rule}`]);
  });

  it('names the nearest service for one that AWS does not have', () => {
    expect(messages(statement('"personalise:GetRecommendations"', '"*"'))).toEqual([
      'AWS has no service "personalise"; did you mean "personalize"?',
    ]);
  });

  it('tells a pattern that matches no action', () => {
    expect(messages(statement('"personalize:Fetch*"', '"*"'))).toEqual([
      'no action of personalize matches "personalize:Fetch*"',
    ]);
  });
});

describe('advice on resources', () => {
  it('is silent where an action works on the resource', () => {
    expect(advice(statement('"personalize:GetRecommendations"', `"${ARN}campaign/*"`))).toEqual([]);
    expect(advice(statement('"personalize:*"', `["${ARN}campaign/*", "arn:aws:personalize"]`))).toEqual([]);
    expect(
      advice(statement('"personalize:DescribeRecipe"', '"arn:aws:personalize:::recipe/aws-sims"')),
    ).toEqual([]);
  });

  it('tells a resource that no action of the statement works on', () => {
    expect(
      advice(statement('"personalize:DescribeCampaign"', `["${ARN}campaign/a", "${ARN}dataset/a"]`)),
    ).toEqual(['7:75 warning unused-resource']);
  });

  it('blames nobody for a resource that AWS may check without documenting it', () => {
    expect(
      advice(statement('"personalize:CreateSolution"', '"arn:aws:personalize:::recipe/aws-sims"')),
    ).toEqual([]);
    expect(advice(statement('"personalize:GetRecommendations"', `"${ARN}recommender/shop"`))).toEqual([]);
    expect(advice(statement('"personalize:CreateCampaign"', `"${ARN}filter/shop"`))).toEqual([
      '7:17 warning unused-resource',
    ]);
  });

  it('tells an event tracker that PutEvents cannot be scoped to', () => {
    const text = statement('"personalize:PutEvents"', `"${ARN}event-tracker/*"`);
    expect(advice(text)).toEqual(['6:15 warning action-without-resource']);
    expect(messages(text)).toEqual([
      '"personalize:PutEvents" works on no resource; only the Resource "*" grants or denies it',
    ]);
  });

  it.each([
    ['personalize:ListCampaigns', `${ARN}*`],
    ['personalize:ListCampaigns', `${ARN}solution/shop`],
    ['personalize:ListSolutionVersions', `${ARN}solution/*`],
    ['personalize:ListBatchInferenceJobs', `${ARN}solution/shop/*`],
    ['personalize:ListDatasets', `${ARN}dataset-group/shop`],
    ['personalize:List*', `${ARN}*`],
    ['iam:ListUsers', 'arn:aws:iam::123456789012:user/*'],
    ['iam:ListRoles', 'arn:aws:iam::123456789012:role/service-role/*'],
    ['s3:ListAllMyBuckets', 'arn:aws:s3:::*'],
  ])('takes %s on %s for a grant: it is checked there', (action, resource) => {
    expect(advice(statement(`"${action}"`, `"${resource}"`))).toEqual([]);
  });

  it.each([
    ['personalize:ListDatasetGroups', `${ARN}*`, 'no resource'],
    ['personalize:ListSchemas', `${ARN}schema/*`, 'no resource'],
    ['personalize:ListSolutions', `${ARN}solution/shop`, 'none of these resources'],
    ['iam:ListUsers', 'arn:aws:iam::123456789012:role/admin', 'none of these resources'],
    ['iam:ListPolicies', 'arn:aws:iam::123456789012:policy/*', 'no resource'],
    ['s3:ListAllMyBuckets', 'arn:aws:s3:::shop', 'none of these resources'],
  ])('tells that %s on %s grants nothing', (action, resource, works) => {
    const text = statement(`"${action}"`, `"${resource}"`);
    expect(advice(text)).toEqual(['6:15 warning action-without-resource']);
    expect(messages(text)).toEqual([
      `"${action}" works on ${works}; only the Resource "*" grants or denies it`,
    ]);
  });

  it('says nothing of the few such actions that a wide pattern takes in by the way', () => {
    expect(advice(statement('"s3:Get*"', '"arn:aws:s3:::bucket/*"'))).toEqual([]);
    expect(advice(statement('"personalize:*"', `"${ARN}*"`))).toEqual([]);
  });

  it.each(['recipe/aws-sims', 'algorithm/x', 'feature-transformation/y'])(
    'tells the ARN of %s with an account, which AWS owns',
    (resource) => {
      const text = statement('"personalize:Describe*"', `"${ARN}${resource}"`);
      expect(advice(text)).toEqual(['7:17 warning aws-owned-resource']);
      expect(messages(text)[0]).toContain(`its ARN is arn:aws:personalize:::${resource}`);
    },
  );

  it('judges no resource of a service that it knows by action names only', () => {
    expect(advice(statement('"sqs:SendMessage"', '"arn:aws:s3:::bucket"'))).toEqual([]);
  });
});

describe('advice on conditions', () => {
  const keyed = (action: string, key: string): string =>
    statement(`"${action}"`, '"*"', `{"StringEquals": {"${key}": "x"}}`);

  it.each([
    ['personalize:CreateCampaign', 'aws:RequestTag/team'],
    ['personalize:CreateCampaign', 'AWS:SourceIp'],
    ['personalize:DescribeCampaign', 'aws:ResourceTag/team'],
    ['iam:PassRole', 'iam:PassedToService'],
    ['sts:AssumeRoleWithWebIdentity', 'idp.example.com:sub'],
    ['sqs:SendMessage', 'aws:RequestTag/team'],
    ['sqs:SendMessage', 'sqs:anything'],
  ])('is silent where %s gets %s', (action, key) => {
    expect(advice(keyed(action, key))).toEqual([]);
  });

  it.each([
    ['personalize:GetRecommendations', 'aws:RequestTag/team'],
    ['personalize:ListRecipes', 'aws:ResourceTag/team'],
    ['personalize:CreateCampaign', 'iam:PassedToService'],
  ])('tells that %s never gets %s', (action, key) => {
    expect(advice(keyed(action, key))).toEqual(['8:36 warning unused-condition-key']);
  });

  it.each([
    'aws:SourceArn',
    'aws:sourceaccount',
    'aws:SourceOrgID',
    'aws:SourceOrgPaths',
    'aws:PrincipalServiceName',
    'aws:PrincipalServiceNamesList',
  ])('tells that no user and no role ever gets %s', (key) => {
    expect(advice(keyed('personalize:CreateCampaign', key))).toEqual(['8:36 warning unused-condition-key']);
  });

  it('is silent about the keys of services where a policy says for whom it is, and where it asks for their absence', () => {
    const condition = (operator: string, value: string) =>
      `"Condition": {"${operator}": {"aws:SourceAccount": "${value}"}}`;
    const trust = withStatement(
      '"Effect": "Allow"',
      '"Principal": {"Service": "personalize.amazonaws.com"}',
      '"Action": "sts:AssumeRole"',
      condition('StringEquals', '123456789012'),
    );
    expect(advice(trust)).toEqual([]);
    expect(advice(statement('"s3:GetObject"', '"*"', '{"Null": {"aws:SourceArn": "true"}}'))).toEqual([]);
  });

  it('names the actions that a condition can never hold for', () => {
    const both = statement(
      '["personalize:CreateDatasetImportJob", "iam:PassRole", "personalize:DescribeSchema"]',
      '"*"',
      '{"StringEquals": {"iam:PassedToService": "personalize.amazonaws.com"}}',
    );
    expect(messages(both)).toEqual([
      'the statement never grants personalize:CreateDatasetImportJob, personalize:DescribeSchema: requests of it have no key "iam:PassedToService"',
    ]);
  });

  it.each([
    ['a wildcard, which means those that it fits', '["personalize:*", "iam:PassRole"]', 'StringEquals'],
    [
      'an operator that holds without the key',
      '["personalize:ListSchemas", "iam:PassRole"]',
      'StringEqualsIfExists',
    ],
    ['a negated operator', '["personalize:ListSchemas", "iam:PassRole"]', 'StringNotEquals'],
    ['an action of which only the name is known', '["sqs:SendMessage", "iam:PassRole"]', 'StringEquals'],
  ])('does not judge %s', (_, actions, operator) => {
    const condition = `{"${operator}": {"iam:PassedToService": "personalize.amazonaws.com"}}`;
    expect(advice(statement(actions, '"*"', condition))).toEqual([]);
  });

  it.each([
    ['Deny', 'Bool', 'false', ['8:28 warning mfa-absent']],
    ['Deny', 'BoolIfExists', 'false', []],
    ['Allow', 'Bool', 'true', []],
    ['Allow', 'BoolIfExists', 'true', ['8:36 warning mfa-absent']],
  ])(
    'knows what %s with %s %s says to a call with an access key alone',
    (effect, operator, value, wanted) => {
      const text = withStatement(
        `"Effect": "${effect}"`,
        '"Action": "personalize:DeleteCampaign"',
        '"Resource": "*"',
        `"Condition": {"${operator}": {"aws:MultiFactorAuthPresent": "${value}"}}`,
      );
      expect(advice(text)).toEqual(wanted);
    },
  );

  it('names the nearest key for one that AWS does not have', () => {
    expect(messages(keyed('s3:GetObject', 'aws:SourceIP4'))).toEqual([
      'AWS has no condition key "aws:SourceIP4"; did you mean "aws:SourceIp"?',
    ]);
    expect(advice(keyed('sqs:SendMessage', 'awz:SourceIp'))).toEqual(['8:36 warning unknown-condition-key']);
  });
});

describe('advice on policy variables', () => {
  const scoped = (resource: string): string => statement('"s3:GetObject"', `"${resource}"`);

  it('is silent about variables, defaults and escapes that AWS knows', () => {
    expect(advice(scoped('arn:aws:s3:::b/${aws:username}/${*}${?}${$}'))).toEqual([]);
    expect(advice(scoped("arn:aws:s3:::b/${aws:PrincipalTag/team, 'all'}"))).toEqual([]);
    expect(advice(scoped('arn:aws:s3:::b/${cognito-identity.amazonaws.com:sub}'))).toEqual([]);
  });

  it('tells that a variable is literal text without the new version', () => {
    const old = scoped('arn:aws:s3:::b/${aws:username}').replace('2012', '2008');
    expect(advice(old)).toEqual(['7:17 warning variable-without-version']);
  });

  it('names the nearest variable for one that AWS does not have', () => {
    const text = scoped('arn:aws:s3:::b/${aws:user}');
    expect(advice(text)).toEqual(['7:17 warning unknown-variable']);
    expect(messages(scoped('arn:aws:s3:::b/${aws:usernam}'))[0]).toContain('did you mean "aws:username"?');
  });

  it('tells a variable of a key that has several values, which never has one', () => {
    const text = scoped('arn:aws:s3:::b/${aws:TagKeys}');
    expect(advice(text)).toEqual(['7:17 warning unmatched-value']);
  });

  it('tells a variable that is never closed', () => {
    expect(advice(scoped('arn:aws:s3:::b/${aws:username'))).toEqual(['7:17 warning malformed-variable']);
  });

  it('tells a variable before the last part of an ARN', () => {
    expect(advice(scoped('arn:aws:s3::${aws:PrincipalAccount}:b'))).toContain('7:17 warning variable-place');
  });

  it('looks into condition values too', () => {
    const text = statement('"s3:GetObject"', '"*"', '{"StringEquals": {"aws:userid": "${aws:nobody}"}}');
    expect(advice(text)).toEqual(['8:50 warning unknown-variable']);
  });
});

describe('advisePolicy', () => {
  it('names the file', () => {
    const policy = policyOf(statement('"personalize:GetWidget"', '"*"'));
    expect(advisePolicy(policy, iamActions(), { file: 'policies/x.json' })[0]?.file).toBe('policies/x.json');
  });
});

describe('overlaps', () => {
  it.each([
    ['*', 'anything', true],
    ['a*c', 'ab*', true],
    ['a*c', 'b*', false],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['', '*', true],
    ['', '?', false],
    ['arn:${Partition}:x', 'arn:aws:x', true],
    ['team-${aws:username}', 'team-*-x', true],
  ])('of "%s" and "%s" is %s', (one, other, wanted) => {
    expect(overlaps(one, other)).toBe(wanted);
    expect(overlaps(other, one)).toBe(wanted);
  });
});
