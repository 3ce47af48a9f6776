import { describe, expect, it } from 'vitest';
import { evaluateLine } from '../../../src/commands/evaluate/evaluate.ts';
import { iamActions } from '../../../src/model/iam-actions.ts';
import { advisePolicy } from '../../../src/policy/advise.ts';
import { policyOf } from './documents.ts';

const ARN = 'arn:aws:personalize:us-east-1:123456789012:';

interface Given {
  readonly effect?: 'Allow' | 'Deny';
  readonly action?: string | readonly string[];
  readonly resource?: string | readonly string[];
  readonly condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** `rule: message` of what is advised on one statement. */
function advice(given: Given): readonly string[] {
  const { effect = 'Allow', action = 'personalize:DescribeCampaign', resource = `${ARN}campaign/*` } = given;
  const statement = { Effect: effect, Action: action, Resource: resource, Condition: given.condition ?? {} };
  const policy = policyOf(JSON.stringify({ Version: '2012-10-17', Statement: [statement] }));
  return advisePolicy(policy, iamActions()).map(({ rule, message }) => `${rule}: ${message}`);
}

const comparing = (
  operator: string,
  key: string,
  value: string | readonly string[],
  effect: Given['effect'] = 'Allow',
) => advice({ effect, condition: { [operator]: { [key]: value } } });

describe('a wildcard with an operator that does not support wildcards', () => {
  it.each([
    ['Allow', 'StringEquals', 'so that the statement never applies'],
    ['Deny', 'StringEquals', 'so that the Deny never applies'],
    ['Allow', 'StringNotEquals', 'so that nothing is excluded'],
    ['Deny', 'StringNotEqualsIgnoreCase', 'so that the Deny exempts no request'],
  ] as const)('in an %s with %s is found, with what it comes to', (effect, operator, outcome) => {
    const [only, ...more] = comparing(
      operator,
      'aws:PrincipalArn',
      'arn:aws:iam::123456789012:role/app-*',
      effect,
    );
    expect(only).toMatch(/^wildcard-without-like: /);
    expect(only).toContain(outcome);
    expect(more).toEqual([]);
  });

  it('beside values without one matches nothing', () => {
    expect(comparing('StringEquals', 'aws:username', ['alice', 'bob*'])).toEqual([
      'wildcard-without-like: StringEquals treats the wildcard in "bob*" as a literal character, unlike StringLike; the value matches nothing',
    ]);
  });

  it('is not reported if it is escaped, a variable, in a Like, or of a key that requests choose', () => {
    expect(comparing('StringLike', 'aws:username', 'bob*')).toEqual([]);
    expect(comparing('StringEquals', 'aws:username', 'bob${*}')).toEqual([]);
    expect(comparing('StringEquals', 'aws:PrincipalTag/user', '${aws:username}')).toEqual([]);
    expect(
      advice({
        action: 's3:ListBucket',
        resource: 'arn:aws:s3:::b',
        condition: { StringEquals: { 's3:prefix': '*' } },
      }),
    ).toEqual([]);
  });
});

describe("an operator of another type than the key's", () => {
  it.each([
    ['NumericLessThan', 'aws:SourceIp', '10', 'IP addresses'],
    ['DateLessThan', 'aws:PrincipalArn', '2026-01-01', 'ARNs'],
    ['Bool', 'aws:CurrentTime', 'true', 'dates'],
    ['IpAddress', 'aws:SourceArn', '10.0.0.0/8', 'ARNs'],
    ['ArnLike', 'aws:SecureTransport', 'arn:aws:iam::123456789012:role/x', 'true or false'],
  ])('%s does not compare %s', (operator, key, value, values) => {
    expect(comparing(operator, key, value)).toContainEqual(
      `operator-type: ${operator} cannot compare "${key}", whose values are ${values}, so that the statement never applies`,
    );
  });

  it('makes a negated range of a Deny exempt no one', () => {
    expect(comparing('StringNotEquals', 'aws:SourceIp', '10.0.0.0/8', 'Deny')).toEqual([
      'operator-type: StringNotEquals compares "aws:SourceIp" with the string "10.0.0.0/8", not with the range as NotIpAddress does, so that the Deny exempts no request',
    ]);
  });

  it.each([
    ['StringEquals', 'aws:SecureTransport', 'true'],
    ['NumericLessThan', 'aws:EpochTime', '1700000000'],
    ['ArnLike', 'aws:PrincipalArn', 'arn:aws:iam::123456789012:role/x'],
    ['StringLike', 'aws:PrincipalArn', 'arn:aws:iam::123456789012:role/x*'],
    ['Bool', 'aws:PrincipalTag/admin', 'true'],
    ['StringEquals', 'aws:SourceIp', '192.0.2.1'],
  ])('is not %s on %s', (operator, key, value) => {
    expect(comparing(operator, key, value)).toEqual([]);
  });
});

describe('the advice on a Deny whose comparison never matches', () => {
  const IDENTITY = 'arn:aws:iam::123456789012:role/app';

  it.each([
    ['StringEquals', 'aws:PrincipalArn', 'arn:aws:iam::123456789012:role/*', IDENTITY],
    ['StringNotEquals', 'aws:PrincipalArn', 'arn:aws:iam::123456789012:role/*', IDENTITY],
    ['StringNotEquals', 'aws:SourceIp', '127.0.0.0/8', '127.0.0.1'],
    ['NumericLessThan', 'aws:SourceIp', '10', '127.0.0.1'],
    ['NumericNotEquals', 'aws:SourceIp', '10', '127.0.0.1'],
    ['DateNotEquals', 'aws:PrincipalArn', '2026-01-01T00:00:00Z', IDENTITY],
    ['DateLessThan', 'aws:PrincipalArn', '2026-01-01T00:00:00Z', IDENTITY],
    ['Bool', 'aws:CurrentTime', 'true', '2026-01-01T00:00:00Z'],
    ['Bool', 'aws:CurrentTime', 'false', '2026-01-01T00:00:00Z'],
    ['IpAddress', 'aws:PrincipalArn', '10.0.0.0/8', IDENTITY],
    ['NotIpAddress', 'aws:PrincipalArn', '10.0.0.0/8', IDENTITY],
    ['ArnLike', 'aws:SourceIp', IDENTITY, '127.0.0.1'],
    ['ArnNotLike', 'aws:SourceIp', IDENTITY, '127.0.0.1'],
    ['StringNotEquals', 'aws:RequestedRegion', 'us-est-1', 'us-east-1'],
    ['NotIpAddress', 'aws:SourceIp', '10.0.0.0/8', '203.0.113.9'],
    ['ArnNotLike', 'aws:PrincipalArn', 'arn:aws:sts::123456789012:assumed-role/app/s', IDENTITY],
  ])('is what the engine decides: %s on %s with %s', (operator, key, value, requested) => {
    const [said = ''] = comparing(operator, key, value, 'Deny');
    const condition = { [operator]: { [key]: value } };
    const line = {
      principal: { arn: 'arn:aws:sts::123456789012:assumed-role/app/s' },
      action: 'personalize:DescribeCampaign',
      resource: `${ARN}campaign/x`,
      context: { [key]: requested },
      policies: {
        identity: [
          {
            name: 'p',
            document: {
              Version: '2012-10-17',
              Statement: [
                { Effect: 'Allow', Action: '*', Resource: '*' },
                { Effect: 'Deny', Action: '*', Resource: '*', Condition: condition },
              ],
            },
          },
        ],
      },
    };
    const { decision } = JSON.parse(evaluateLine(JSON.stringify(line)));
    expect(said).toContain(decision === 'allowed' ? 'the Deny never applies' : 'the Deny exempts no request');
  });

  it('depends on the key where the operator holds without it', () => {
    expect(comparing('StringNotEqualsIfExists', 'aws:username', 'b*', 'Deny')).toEqual([
      expect.stringMatching(/; if the key is present, the condition is always true$/),
    ]);
  });
});

describe('a service principal', () => {
  const passing = (value: string) =>
    advice({
      action: 'iam:PassRole',
      resource: 'arn:aws:iam::123456789012:role/x',
      condition: { StringEquals: { 'iam:PassedToService': value } },
    });

  it('ends in .amazonaws.com', () => {
    expect(passing('personalize')).toEqual([
      'service-principal: "personalize" is not a service principal: "iam:PassedToService" has values like personalize.amazonaws.com, so that the statement never applies',
    ]);
    expect(passing('personalize.amazonaws.com')).toEqual([]);
    expect(passing('ec2.amazonaws.com.cn')).toEqual([]);
  });
});

describe('a value that no key has', () => {
  it.each([
    [
      'aws:SourceAccount',
      '12345678901',
      'invalid-account: "12345678901" is not an account ID, which has 12 digits',
    ],
    [
      'aws:RequestedRegion',
      'us-est-1',
      'unknown-region: AWS has no region "us-est-1"; did you mean "us-east-1"?',
    ],
    [
      'aws:PrincipalArn',
      'arn:aws:sts::123456789012:assumed-role/app/session',
      'unmatched-value: "aws:PrincipalArn" of a session is the ARN of its role, as in arn:aws:iam::123456789012:role/app',
    ],
  ])('of %s is %s', (key, value, message) => {
    expect(comparing('StringEquals', key, value, 'Deny')).toContainEqual(
      `${message}, so that the Deny never applies`,
    );
  });

  it.each([
    ['StringEquals', 'aws:ResourceAccount', '123456789012'],
    ['StringLike', 'aws:ResourceAccount', '1234*'],
    ['StringEquals', 'aws:ResourceAccount', '${aws:PrincipalAccount}'],
    ['StringLike', 'aws:RequestedRegion', 'eu-*'],
    ['StringEquals', 'aws:PrincipalArn', 'arn:aws:sts::123456789012:federated-user/x'],
  ])('is not %s of %s: %s', (operator, key, value) => {
    expect(comparing(operator, key, value)).toEqual([]);
  });
});

describe('a private address', () => {
  it.each(['10.1.2.0/24', '172.31.0.1', '192.168.0.0/16', 'fd00::/8'])(
    '%s is no source of a request',
    (range) => {
      expect(comparing('NotIpAddress', 'aws:SourceIp', range, 'Deny')).toEqual([
        `private-address: "${range}" is a private address, but "aws:SourceIp" is a public one (for a VPC endpoint, use "aws:VpcSourceIp"), so that the Deny exempts no request`,
      ]);
    },
  );

  it.each(['192.0.2.0/24', '172.32.0.0/16', '0.0.0.0/0', '127.0.0.0/8', '2001:db8::/32'])(
    'is not %s',
    (range) => {
      expect(comparing('IpAddress', 'aws:SourceIp', range)).toEqual([]);
    },
  );
});

describe('ForAllValues', () => {
  it('in an Allow on a key with one value lets in requests without it', () => {
    expect(comparing('ForAllValues:StringEquals', 'aws:username', 'alice')).toEqual([
      expect.stringMatching(/^set-operator: ForAllValues is also true for requests without "aws:username"/),
    ]);
    expect(comparing('ForAllValues:StringEquals', 'aws:username', 'alice', 'Deny')).toEqual([]);
    expect(comparing('ForAnyValue:StringEquals', 'aws:username', 'alice')).toEqual([]);
    expect(
      advice({
        action: 'personalize:CreateCampaign',
        condition: { 'ForAllValues:StringEquals': { 'aws:TagKeys': 'team' } },
      }),
    ).toEqual([]);
  });
});

describe('an ARN', () => {
  it.each([
    [
      'arn:aws:personalize:us-east-1:ACCOUNT_ID:campaign/x',
      'invalid-account',
      '"ACCOUNT_ID" is not an account ID',
    ],
    ['arn:aws:personalize:us-east-1:12345678901:campaign/x', 'invalid-account', 'has 11 digits, not 12'],
    ['arn:aws:personalize:us-est-1:123456789012:campaign/x', 'unknown-region', 'did you mean "us-east-1"?'],
    ['arn:aws:personalize:xx-*:123456789012:campaign/x', 'unknown-region', 'AWS has no region "xx-*"'],
    ['arn:aws:personalize::123456789012:campaign/x', 'missing-arn-field', 'it has no region'],
    ['arn:aws:personalize:us-east-1::campaign/x', 'missing-arn-field', 'it has no account'],
    ['arn:aws:personalize:::campaign/x', 'missing-arn-field', 'it has no region and no account'],
  ])('like %s matches no resource', (resource, rule, part) => {
    const [only, ...more] = advice({ resource });
    expect(only).toMatch(new RegExp(`^${rule}: `));
    expect(only).toContain(part);
    expect(more).toEqual([]);
  });

  it.each([
    ['arn:aws:personalize:*:*:campaign/x', 'personalize:DescribeCampaign'],
    ['arn:aws:personalize:us-*:1234*:campaign/x', 'personalize:DescribeCampaign'],
    ['arn:aws:personalize:::recipe/aws-sims', 'personalize:DescribeRecipe'],
    ['arn:aws:iam::aws:policy/AmazonPersonalizeFullAccess', 'iam:GetPolicy'],
    ['arn:aws:s3:::bucket/*', 's3:GetObject'],
  ])('like %s can be met', (resource, action) => {
    expect(advice({ resource, action })).toEqual([]);
  });

  it('of a condition has accounts and regions, too', () => {
    expect(comparing('ArnLike', 'aws:PrincipalArn', 'arn:aws:iam::12345:role/x')).toEqual([
      expect.stringMatching(/^invalid-account: /),
    ]);
  });

  it('parts an object from its bucket by a slash', () => {
    expect(advice({ resource: 'arn:aws:s3:::bucket:*', action: 's3:GetObject' })).toContainEqual(
      'bucket-arn: "arn:aws:s3:::bucket:*" matches no resource: separate bucket and object with a slash, as in arn:aws:s3:::bucket/*',
    );
    expect(advice({ resource: 'arn:aws:s3:::bucket/a:b', action: 's3:GetObject' })).toEqual([]);
  });
});

describe('an action on resources of another type', () => {
  it('is found though other actions of the statement work on them', () => {
    const action = ['s3:GetObject', 's3:ListBucket'];
    expect(advice({ resource: 'arn:aws:s3:::shop/*', action })).toEqual([
      'action-resource-mismatch: "s3:ListBucket" works on none of these resources, but on ones like arn:aws:s3:::shop',
    ]);
    expect(advice({ resource: 'arn:aws:s3:::shop/*', action: 's3:ListBucket' })).toHaveLength(1);
    expect(advice({ resource: ['arn:aws:s3:::shop', 'arn:aws:s3:::shop/*'], action })).toEqual([]);
    expect(advice({ resource: 'arn:aws:s3:::shop*', action })).toEqual([]);
    expect(advice({ resource: '*', action })).toEqual([]);
  });

  it('is found for Personalize', () => {
    const action = ['personalize:DescribeCampaign', 'personalize:DescribeSchema'];
    expect(advice({ resource: `${ARN}campaign/*`, action })).toEqual([
      'action-resource-mismatch: "personalize:DescribeSchema" works on none of these resources, but on ones like arn:*:personalize:*:*:schema/*',
    ]);
  });
});

describe('text of a template', () => {
  it.each([
    'arn:aws:personalize:${AWS::Region}:123456789012:campaign/x',
    'arn:aws:personalize:us-east-1:123456789012:campaign/${Campaign}',
    'arn:aws:personalize:us-east-1:123456789012:campaign/${var.campaign}',
    'arn:aws:personalize:us-east-1:<account-id>:campaign/x',
    'arn:aws:personalize:us-east-1:123456789012:campaign/{{name}}',
  ])('is found in %s, and nothing else', (resource) => {
    expect(advice({ resource })).toEqual([
      `unresolved-template: "${resource}" contains an unresolved template placeholder`,
    ]);
  });

  it('is no policy variable', () => {
    expect(advice({ resource: `${ARN}campaign/\${aws:username}` })).toEqual([]);
    expect(advice({ resource: `${ARN}campaign/\${aws:PrincipalTag/team, 'none'}` })).toEqual([]);
  });
});

describe('the name of an operation', () => {
  it.each([
    ['s3:HeadBucket', 'unknown-action: AWS has no action "s3:HeadBucket"; the action is "s3:ListBucket"'],
    [
      's3:ListBuckets',
      'unknown-action: AWS has no action "s3:ListBuckets"; the action is "s3:ListAllMyBuckets"',
    ],
    [
      's3:CreateMultipartUpload',
      'unknown-action: AWS has no action "s3:CreateMultipartUpload"; the action is "s3:PutObject"',
    ],
    [
      'personalize-runtime:*',
      'unknown-service: AWS has no service "personalize-runtime"; the action is "personalize:*"',
    ],
  ])('%s gets the action', (action, wanted) => {
    expect(advice({ action, resource: '*' })).toEqual([wanted]);
  });
});
