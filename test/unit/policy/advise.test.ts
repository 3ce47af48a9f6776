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
  it('does not warn of actions that exist, in any case', () => {
    expect(advice(statement('["personalize:createcampaign", "S3:Get*", "*", "*:*"]', '"*"'))).toEqual([]);
  });

  it('suggests the nearest action for an unknown one', () => {
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
  ])('only warns of %s, found in older policies: %s', (action, rule) => {
    expect(advice(statement(`"${action}"`, '"*"'))).toEqual([`6:15 warning ${rule}`]);
  });

  it('suggests the nearest service for an unknown one', () => {
    expect(messages(statement('"personalise:GetRecommendations"', '"*"'))).toEqual([
      'AWS has no service "personalise"; did you mean "personalize"?',
    ]);
  });

  it('warns of a pattern that matches no action', () => {
    expect(messages(statement('"personalize:Fetch*"', '"*"'))).toEqual([
      'no action of personalize matches "personalize:Fetch*"',
    ]);
  });
});

describe('advice on resources', () => {
  it('does not warn if an action supports the resource', () => {
    expect(advice(statement('"personalize:GetRecommendations"', `"${ARN}campaign/*"`))).toEqual([]);
    expect(advice(statement('"personalize:*"', `["${ARN}campaign/*", "arn:aws:personalize"]`))).toEqual([]);
    expect(
      advice(statement('"personalize:DescribeRecipe"', '"arn:aws:personalize:::recipe/aws-sims"')),
    ).toEqual([]);
  });

  it('warns of a resource that no action of the statement supports', () => {
    expect(
      advice(statement('"personalize:DescribeCampaign"', `["${ARN}campaign/a", "${ARN}dataset/a"]`)),
    ).toEqual(['7:75 warning unused-resource']);
  });

  it('does not warn of a resource that AWS may check without documenting it', () => {
    expect(
      advice(statement('"personalize:CreateSolution"', '"arn:aws:personalize:::recipe/aws-sims"')),
    ).toEqual([]);
    expect(advice(statement('"personalize:GetRecommendations"', `"${ARN}recommender/shop"`))).toEqual([]);
    expect(advice(statement('"personalize:CreateCampaign"', `"${ARN}filter/shop"`))).toEqual([
      '7:17 warning unused-resource',
    ]);
  });

  it('warns of an event tracker for PutEvents, which does not support it', () => {
    const text = statement('"personalize:PutEvents"', `"${ARN}event-tracker/*"`);
    expect(advice(text)).toEqual(['6:15 warning action-without-resource']);
    expect(messages(text)).toEqual([
      '"personalize:PutEvents" applies to no resource; only "Resource": "*" grants or denies it',
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
  ])('accepts %s on %s as a grant: it is checked there', (action, resource) => {
    expect(advice(statement(`"${action}"`, `"${resource}"`))).toEqual([]);
  });

  it.each([
    ['personalize:ListDatasetGroups', `${ARN}*`, 'no resource'],
    ['personalize:ListSchemas', `${ARN}schema/*`, 'no resource'],
    ['personalize:ListSolutions', `${ARN}solution/shop`, 'none of these resources'],
    ['iam:ListUsers', 'arn:aws:iam::123456789012:role/admin', 'none of these resources'],
    ['iam:ListPolicies', 'arn:aws:iam::123456789012:policy/*', 'no resource'],
    ['s3:ListAllMyBuckets', 'arn:aws:s3:::shop', 'none of these resources'],
  ])('warns that %s on %s grants nothing', (action, resource, works) => {
    const text = statement(`"${action}"`, `"${resource}"`);
    expect(advice(text)).toEqual(['6:15 warning action-without-resource']);
    expect(messages(text)).toEqual([
      `"${action}" applies to ${works}; only "Resource": "*" grants or denies it`,
    ]);
  });

  it('does not warn of the few such actions that a wide pattern also matches', () => {
    expect(advice(statement('"s3:Get*"', '"arn:aws:s3:::bucket/*"'))).toEqual([]);
    expect(advice(statement('"personalize:*"', `"${ARN}*"`))).toEqual([]);
  });

  it.each(['recipe/aws-sims', 'algorithm/x', 'feature-transformation/y'])(
    'warns of the ARN of %s, which AWS owns, with an account',
    (resource) => {
      const text = statement('"personalize:Describe*"', `"${ARN}${resource}"`);
      expect(advice(text)).toEqual(['7:17 warning aws-owned-resource']);
      expect(messages(text)[0]).toContain(`no region, arn:aws:personalize:::${resource}`);
    },
  );

  it('does not check resources of a service whose actions are known by name only', () => {
    expect(advice(statement('"sqs:SendMessage"', '"arn:aws:s3:::bucket"'))).toEqual([]);
  });
});

describe('advice on conditions', () => {
  const keyed = (action: string, key: string): string =>
    statement(`"${action}"`, '"*"', `{"StringEquals": {"${key}": "X"}}`);

  it.each([
    ['personalize:CreateCampaign', 'aws:RequestTag/team'],
    ['personalize:CreateCampaign', 'AWS:SourceIp'],
    ['personalize:DescribeCampaign', 'aws:ResourceTag/team'],
    ['iam:PassRole', 'iam:PassedToService'],
    ['sts:AssumeRoleWithWebIdentity', 'idp.example.com:sub'],
    ['sqs:SendMessage', 'aws:RequestTag/team'],
    ['sqs:SendMessage', 'sqs:anything'],
  ])('does not warn if %s supports %s', (action, key) => {
    expect(advice(keyed(action, key))).toEqual([]);
  });

  it.each([
    ['personalize:GetRecommendations', 'aws:RequestTag/team'],
    ['personalize:ListRecipes', 'aws:ResourceTag/team'],
    ['personalize:CreateCampaign', 'iam:PassedToService'],
  ])('warns that %s does not support %s', (action, key) => {
    expect(advice(keyed(action, key))).toEqual(['8:36 warning unused-condition-key']);
  });

  it.each([
    'aws:SourceArn',
    'aws:sourceaccount',
    'aws:SourceOrgID',
    'aws:SourceOrgPaths',
    'aws:PrincipalServiceName',
    'aws:PrincipalServiceNamesList',
  ])('warns that requests of users and roles never have %s', (key) => {
    expect(advice(keyed('personalize:CreateCampaign', key))).toContain('8:36 warning unused-condition-key');
  });

  it('does not warn of service keys in a statement with a Principal, or in a test for their absence', () => {
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

  it('names the actions for which a condition is never true', () => {
    const both = statement(
      '["personalize:CreateDatasetImportJob", "iam:PassRole", "personalize:DescribeSchema"]',
      '"*"',
      '{"StringEquals": {"iam:PassedToService": "personalize.amazonaws.com"}}',
    );
    expect(messages(both)).toEqual([
      'the statement never grants personalize:CreateDatasetImportJob, personalize:DescribeSchema: its requests do not have the key "iam:PassedToService"',
    ]);
  });

  it.each([
    [
      'a wildcard, which is assumed to mean the actions that have the key',
      '["personalize:*", "iam:PassRole"]',
      'StringEquals',
    ],
    [
      'an operator that is true without the key',
      '["personalize:ListSchemas", "iam:PassRole"]',
      'StringEqualsIfExists',
    ],
    ['a negated operator', '["personalize:ListSchemas", "iam:PassRole"]', 'StringNotEquals'],
    ['an action of which only the name is known', '["sqs:SendMessage", "iam:PassRole"]', 'StringEquals'],
  ])('does not warn of %s', (_, actions, operator) => {
    const condition = `{"${operator}": {"iam:PassedToService": "personalize.amazonaws.com"}}`;
    expect(advice(statement(actions, '"*"', condition))).toEqual([]);
  });

  it.each([
    ['Deny', 'Bool', 'false', ['8:28 warning mfa-absent']],
    ['Deny', 'BoolIfExists', 'false', []],
    ['Allow', 'Bool', 'true', []],
    ['Allow', 'BoolIfExists', 'true', ['8:36 warning mfa-absent']],
  ])(
    'reports the effect of %s with %s %s on a call with a long-term access key',
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

  it('suggests the nearest key for an unknown one', () => {
    expect(messages(keyed('s3:GetObject', 'aws:SourceIP4'))).toEqual([
      'AWS has no condition key "aws:SourceIP4"; did you mean "aws:SourceIp"?',
    ]);
    expect(advice(keyed('sqs:SendMessage', 'awz:SourceIp'))).toEqual(['8:36 warning unknown-condition-key']);
  });
});

describe('advice on policy variables', () => {
  const scoped = (resource: string): string => statement('"s3:GetObject"', `"${resource}"`);

  it('does not warn of valid variables, defaults and escapes', () => {
    expect(advice(scoped('arn:aws:s3:::b/${aws:username}/${*}${?}${$}'))).toEqual([]);
    expect(advice(scoped("arn:aws:s3:::b/${aws:PrincipalTag/team, 'all'}"))).toEqual([]);
    expect(advice(scoped('arn:aws:s3:::b/${cognito-identity.amazonaws.com:sub}'))).toEqual([]);
  });

  it('warns that a variable is literal text in the old version', () => {
    const old = scoped('arn:aws:s3:::b/${aws:username}').replace('2012', '2008');
    expect(advice(old)).toEqual(['7:17 warning variable-without-version']);
  });

  it('suggests the nearest variable for an unknown one', () => {
    const text = scoped('arn:aws:s3:::b/${aws:user}');
    expect(advice(text)).toEqual(['7:17 warning unknown-variable']);
    expect(messages(scoped('arn:aws:s3:::b/${aws:usernam}'))[0]).toContain('did you mean "aws:username"?');
  });

  it('warns that a variable of a multi-valued key never has a value', () => {
    const text = scoped('arn:aws:s3:::b/${aws:TagKeys}');
    expect(advice(text)).toEqual(['7:17 warning unmatched-value']);
  });

  it('warns of a variable that is never closed', () => {
    expect(advice(scoped('arn:aws:s3:::b/${aws:username'))).toEqual(['7:17 warning malformed-variable']);
  });

  it('warns of a variable before the last part of an ARN', () => {
    expect(advice(scoped('arn:aws:s3::${aws:PrincipalAccount}:b'))).toContain('7:17 warning variable-place');
  });

  it('checks condition values too', () => {
    const text = statement('"s3:GetObject"', '"*"', '{"StringEquals": {"aws:userid": "${aws:nobody}"}}');
    expect(advice(text)).toEqual(['8:50 warning unknown-variable']);
  });
});

describe('advisePolicy', () => {
  it('reports the file', () => {
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
    ['arn:*:x', 'arn:aws:y', false],
    ['campaign/a-*-z', 'campaign/*b?z', true],
    ['campaign/a*', 'dataset/*', false],
    ['a*b', 'a', false],
  ])('of "%s" and "%s" is %s', (one, other, wanted) => {
    expect(overlaps(one, other)).toBe(wanted);
    expect(overlaps(other, one)).toBe(wanted);
  });
});
