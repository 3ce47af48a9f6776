import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import catalog from '../../../src/services/access-analyzer/catalog.json' with { type: 'json' };
import {
  CODES_BY_RULE,
  type ValidatedType,
} from '../../../src/services/access-analyzer/diagnostic-findings.ts';
import { findingsIn } from '../../../src/services/access-analyzer/validate-policy.ts';

const statement = (more: object = {}) => ({
  Effect: 'Allow',
  Action: 's3:GetObject',
  Resource: '*',
  ...more,
});
const policy = (...Statement: readonly unknown[]) => ({ Version: '2012-10-17', Statement });
const condition = (operator: string, key: string, value: unknown, more: object = {}) =>
  policy(statement({ Condition: { [operator]: { [key]: value } }, ...more }));
const roles = (Action: unknown, Resource: unknown = '*') => policy({ Effect: 'Allow', Action, Resource });
const TRUST = 'AWS::IAM::AssumeRolePolicyDocument';

/** A document with each finding: its type, code and document. */
const DOCUMENTS: readonly (readonly [
  code: string,
  document: unknown,
  type?: ValidatedType,
  resourceType?: string,
])[] = [
  ['ARN_REGION_NOT_ALLOWED', policy(statement({ Resource: 'arn:aws:iam:us-east-1:123456789012:role/a' }))],
  ['DATA_TYPE_MISMATCH', policy(statement({ Action: 7 }))],
  [
    'DUPLICATE_KEYS_WITH_DIFFERENT_CASE',
    policy(statement({ Condition: { StringEquals: { 'aws:UserId': 'a', 'aws:userid': 'b' } } })),
  ],
  ['INVALID_ACTION', policy(statement({ Action: 's3:GetObjekt' }))],
  [
    'INVALID_ARN_ACCOUNT',
    policy(statement({ Action: 'sqs:SendMessage', Resource: 'arn:aws:sqs:us-east-1:12:q' })),
  ],
  ['INVALID_ARN_PREFIX', policy(statement({ Resource: 'bucket' }))],
  [
    'INVALID_ARN_REGION',
    policy(statement({ Action: 'sqs:SendMessage', Resource: 'arn:aws:sqs:us-est-1:123456789012:q' })),
  ],
  [
    'INVALID_ARN_RESOURCE',
    policy(statement({ Action: 'iam:GetRole', Resource: 'arn:aws:iam::123456789012:rolle/a' })),
  ],
  ['INVALID_CONDITION_KEY_FORMAT', condition('StringEquals', 'userid', 'a')],
  ['INVALID_CONDITION_OPERATOR', condition('StringIs', 'aws:userid', 'a')],
  ['INVALID_EFFECT', policy(statement({ Effect: 'allow' }))],
  ['INVALID_GLOBAL_CONDITION_KEY', condition('StringEquals', 'aws:PrincipalOrg', 'a')],
  ['INVALID_PARTITION', policy(statement({ Resource: 'arn:azure:s3:::b' }))],
  ['INVALID_POLICY_ELEMENT', policy(statement({ Actions: 's3:*' }))],
  ['INVALID_PRINCIPAL_FORMAT', policy(statement({ Principal: { AWS: 'bob' } })), 'RESOURCE_POLICY'],
  ['INVALID_PRINCIPAL_KEY', policy(statement({ Principal: { User: 'bob' } })), 'RESOURCE_POLICY'],
  ['INVALID_REGION', condition('StringEquals', 'aws:RequestedRegion', 'us-est-1')],
  ['INVALID_SERVICE_IN_ACTION', policy(statement({ Action: 's33:GetObject' }))],
  [
    'INVALID_SERVICE_PRINCIPAL_FORMAT',
    condition('StringEquals', 'iam:PassedToService', 'ec2', {
      Action: 'iam:PassRole',
      Resource: 'arn:aws:iam::123456789012:role/a',
    }),
  ],
  [
    'INVALID_VARIABLE_FOR_OPERATOR',
    condition('NumericEquals', 's3:max-keys', '${aws:username}', { Action: 's3:ListBucket' }),
  ],
  ['INVALID_VERSION', { ...policy(statement()), Version: '2026-01-01' }],
  ['JSON_SYNTAX_ERROR', '{"Version": }'],
  [
    'MISMATCHED_ACTION_FOR_PRINCIPAL',
    policy({ Effect: 'Allow', Principal: { Federated: 'accounts.google.com' }, Action: 'sts:AssumeRole' }),
    'RESOURCE_POLICY',
    TRUST,
  ],
  ['MISSING_ACTION', policy({ Effect: 'Allow', Resource: '*' })],
  ['MISSING_ARN_FIELD', policy(statement({ Resource: 'arn:aws:s3::b' }))],
  [
    'MISSING_ARN_REGION',
    policy(statement({ Action: 'kms:Decrypt', Resource: 'arn:aws:kms::123456789012:key/a' })),
  ],
  ['MISSING_BRACE_IN_VARIABLE', policy(statement({ Resource: 'arn:aws:s3:::b/${aws:username' }))],
  ['MISSING_EFFECT', policy({ Action: 's3:GetObject', Resource: '*' })],
  ['MISSING_PRINCIPAL', policy(statement()), 'RESOURCE_POLICY', 'AWS::S3::Bucket'],
  ['MISSING_QUALIFIER', condition('StringEquals', 'aws:TagKeys', 'a', { Action: 's3:PutObjectTagging' })],
  ['MISSING_RESOURCE', policy({ Effect: 'Allow', Action: 's3:GetObject' })],
  ['MISSING_STATEMENT', { Version: '2012-10-17' }],
  ['NULL_WITH_IF_EXISTS', condition('NullIfExists', 'aws:userid', 'true')],
  [
    'POLICY_SIZE_EXCEEDS_RCP_QUOTA',
    policy({
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:GetObject',
      Resource: `arn:aws:s3:::${'b'.repeat(6000)}`,
    }),
    'RESOURCE_CONTROL_POLICY',
  ],
  [
    'POLICY_SIZE_EXCEEDS_SCP_QUOTA',
    policy(statement({ Resource: `arn:aws:s3:::${'b'.repeat(11_000)}` })),
    'SERVICE_CONTROL_POLICY',
  ],
  ['PRIVATE_IP_ADDRESS', condition('IpAddress', 'aws:SourceIp', '10.0.0.0/8')],
  ['PRIVATE_NOT_IP_ADDRESS', condition('NotIpAddress', 'aws:SourceIp', '10.0.0.0/8')],
  [
    'RCP_SYNTAX_ERROR_ACTION',
    policy({ Effect: 'Deny', Principal: '*', Action: 'iam:*', Resource: '*' }),
    'RESOURCE_CONTROL_POLICY',
  ],
  ['RCP_SYNTAX_ERROR_ALLOW', policy(statement({ Principal: '*' })), 'RESOURCE_CONTROL_POLICY'],
  [
    'RCP_SYNTAX_ERROR_NOTACTION',
    policy({ Effect: 'Deny', Principal: '*', NotAction: 's3:*', Resource: '*' }),
    'RESOURCE_CONTROL_POLICY',
  ],
  [
    'RCP_SYNTAX_ERROR_NOTPRINCIPAL',
    policy({ Effect: 'Deny', NotPrincipal: '*', Action: 's3:*', Resource: '*' }),
    'RESOURCE_CONTROL_POLICY',
  ],
  [
    'RCP_SYNTAX_ERROR_PRINCIPAL',
    policy({ Effect: 'Deny', Principal: { AWS: '123456789012' }, Action: 's3:*', Resource: '*' }),
    'RESOURCE_CONTROL_POLICY',
  ],
  [
    'ROLE_TRUST_POLICY_SYNTAX_ERROR_NOTPRINCIPAL',
    policy({ Effect: 'Deny', NotPrincipal: { AWS: '123456789012' }, Action: 'sts:AssumeRole' }),
    'RESOURCE_POLICY',
    TRUST,
  ],
  [
    'ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE',
    policy({ Effect: 'Allow', Principal: { AWS: '123456789012' }, Action: 'sts:AssumeRole', Resource: '*' }),
    'RESOURCE_POLICY',
    TRUST,
  ],
  ['SCP_SYNTAX_ERROR_PRINCIPAL', policy(statement({ Principal: '*' })), 'SERVICE_CONTROL_POLICY'],
  ['UNIQUE_SIDS_REQUIRED', policy(statement({ Sid: 'A' }), statement({ Sid: 'A', Action: 's3:PutObject' }))],
  [
    'UNSUPPORTED_ACTION_FOR_CONDITION_KEY',
    condition('StringEquals', 's3:prefix', 'a', { Action: ['s3:ListBucket', 's3:GetObject'] }),
  ],
  [
    'UNSUPPORTED_ACTION_IN_POLICY',
    policy({ Effect: 'Allow', Principal: { AWS: '123456789012' }, Action: 's3:GetObject' }),
    'RESOURCE_POLICY',
    TRUST,
  ],
  ['UNSUPPORTED_ELEMENT_COMBINATION', policy(statement({ NotAction: 's3:*' }))],
  ['UNSUPPORTED_PRINCIPAL', policy(statement({ Principal: '*' }))],
  ['UNSUPPORTED_SID', policy(statement({ Sid: 'a b' }))],
  [
    'UNSUPPORTED_WILDCARD_IN_PRINCIPAL',
    policy(statement({ Principal: { AWS: 'arn:aws:iam::123456789012:role/*' } })),
    'RESOURCE_POLICY',
  ],
  [
    'VARIABLE_UNSUPPORTED_IN_VERSION',
    { Statement: [statement({ Resource: 'arn:aws:s3:::b/${aws:username}' })] },
  ],
  [
    'ALLOW_WITH_NOT_PRINCIPAL',
    policy({ Effect: 'Allow', NotPrincipal: { AWS: '123456789012' }, Action: 's3:GetObject', Resource: '*' }),
    'RESOURCE_POLICY',
  ],
  ['FORALLVALUES_WITH_SINGLE_VALUED_KEY', condition('ForAllValues:StringEquals', 'aws:userid', 'a')],
  [
    'PASS_ROLE_WITH_NOT_ACTION_AND_NOT_RESOURCE',
    policy({ Effect: 'Allow', NotAction: 's3:*', NotResource: 'arn:aws:s3:::b' }),
  ],
  [
    'PASS_ROLE_WITH_NOT_RESOURCE',
    policy({ Effect: 'Allow', Action: 'iam:PassRole', NotResource: 'arn:aws:iam::123456789012:role/a' }),
  ],
  [
    'PASS_ROLE_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE',
    policy({ Effect: 'Allow', Action: 'iam:*', NotResource: 'arn:aws:iam::123456789012:role/a' }),
  ],
  ['PASS_ROLE_WITH_STAR_IN_ACTION_AND_RESOURCE', roles('iam:*')],
  ['PASS_ROLE_WITH_STAR_IN_RESOURCE', roles('iam:PassRole')],
  [
    'PASS_ROLE_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION',
    policy({ Effect: 'Allow', NotAction: 's3:*', Resource: '*' }),
  ],
  [
    'CREATE_SLR_WITH_NOT_ACTION_AND_NOT_RESOURCE',
    policy({ Effect: 'Allow', NotAction: 's3:*', NotResource: 'arn:aws:s3:::b' }),
  ],
  [
    'CREATE_SLR_WITH_NOT_RESOURCE',
    policy({
      Effect: 'Allow',
      Action: 'iam:CreateServiceLinkedRole',
      NotResource: 'arn:aws:iam::123456789012:role/a',
    }),
  ],
  [
    'CREATE_SLR_WITH_STAR_IN_ACTION_AND_NOT_RESOURCE',
    policy({ Effect: 'Allow', Action: 'iam:*', NotResource: 'arn:aws:iam::123456789012:role/a' }),
  ],
  ['CREATE_SLR_WITH_STAR_IN_ACTION_AND_RESOURCE', roles('iam:*')],
  ['CREATE_SLR_WITH_STAR_IN_RESOURCE', roles('iam:CreateServiceLinkedRole')],
  [
    'CREATE_SLR_WITH_STAR_IN_RESOURCE_AND_NOT_ACTION',
    policy({ Effect: 'Allow', NotAction: 's3:*', Resource: '*' }),
  ],
  ['MISSING_VERSION', { Statement: [statement()] }],
  [
    'POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA',
    policy(statement({ Resource: `arn:aws:s3:::${'b'.repeat(7000)}` })),
  ],
  ['TYPE_MISMATCH', condition('NumericEquals', 'aws:SourceIp', '1')],
  ['TYPE_MISMATCH_BOOLEAN', condition('Bool', 'aws:SecureTransport', 'yes')],
  ['TYPE_MISMATCH_DATE', condition('DateLessThan', 'aws:CurrentTime', 'tomorrow')],
  ['TYPE_MISMATCH_IP_RANGE', condition('IpAddress', 'aws:SourceIp', '203.0.113')],
  ['TYPE_MISMATCH_NUMBER', condition('NumericLessThan', 's3:max-keys', 'ten', { Action: 's3:ListBucket' })],
  ['TYPE_MISMATCH_STRING', condition('BinaryEquals', 'aws:userid', '!')],
  [
    'UNIQUE_SIDS_RECOMMENDED',
    policy(
      statement({ Sid: 'A', Principal: '*' }),
      statement({ Sid: 'A', Principal: '*', Action: 's3:PutObject' }),
    ),
    'RESOURCE_POLICY',
  ],
  ['WILDCARD_WITHOUT_LIKE_OPERATOR', condition('StringEquals', 'aws:userid', 'a*')],
  ['EMPTY_ARRAY_ACTION', policy(statement({ Action: [] }))],
  ['EMPTY_ARRAY_CONDITION', condition('StringEquals', 'aws:userid', [])],
  [
    'EMPTY_ARRAY_CONDITION_FORALLVALUES',
    condition('ForAllValues:StringEquals', 'aws:TagKeys', [], { Action: 's3:PutObjectTagging' }),
  ],
  [
    'EMPTY_ARRAY_CONDITION_FORANYVALUE',
    condition('ForAnyValue:StringEquals', 'aws:TagKeys', [], { Action: 's3:PutObjectTagging' }),
  ],
  ['EMPTY_ARRAY_CONDITION_IFEXISTS', condition('StringEqualsIfExists', 'aws:userid', [])],
  ['EMPTY_ARRAY_PRINCIPAL', policy(statement({ Principal: { AWS: [] } })), 'RESOURCE_POLICY'],
  ['EMPTY_ARRAY_RESOURCE', policy(statement({ Resource: [] }))],
  ['EMPTY_OBJECT_CONDITION', policy(statement({ Condition: {} }))],
  ['EMPTY_OBJECT_PRINCIPAL', policy(statement({ Principal: {} })), 'RESOURCE_POLICY'],
  ['EMPTY_SID_VALUE', policy(statement({ Sid: '' }))],
  ['NULL_WITH_QUALIFIER', condition('ForAllValues:Null', 'aws:userid', 'true')],
  ['PRIVATE_IP_ADDRESS_SUBSET', condition('IpAddress', 'aws:SourceIp', ['10.0.0.0/8', '203.0.113.0/24'])],
  [
    'PRIVATE_NOT_IP_ADDRESS_SUBSET',
    condition('NotIpAddress', 'aws:SourceIp', ['10.0.0.0/8', '203.0.113.0/24']),
  ],
  ['REDUNDANT_ACTION', policy(statement({ Action: ['s3:Get*', 's3:GetObject'] }))],
  ['REDUNDANT_RESOURCE', policy(statement({ Resource: ['arn:aws:s3:::b/*', 'arn:aws:s3:::b/a'] }))],
  ['REDUNDANT_STATEMENT', policy(statement({ Sid: 'A' }), statement({ Sid: 'B' }))],
  ['WILDCARD_IN_SERVICE_NAME', policy(statement({ Resource: 'arn:aws:s*:::b' }))],
  ['INVALID_SERVICE_CONDITION_KEY', condition('StringEquals', 'shop:Color', 'red')],
  ['INVALID_CONDITION_DATA_TYPE', condition('ArnEquals', 'aws:PrincipalArn', 'bob')],
];

const source = (document: unknown): string =>
  typeof document === 'string' ? document : JSON.stringify(document, undefined, 2);

describe('ValidatePolicy', () => {
  const cases = DOCUMENTS.map(([code, document, type = 'IDENTITY_POLICY', resourceType = '']) => ({
    code,
    document,
    type,
    resourceType,
  }));
  it.each(cases)('finds $code', ({ code, document, type, resourceType }) => {
    const text = source(document);
    const findings = findingsIn(text, type, resourceType);
    const found = findings.find(({ issueCode }) => issueCode === code);
    expect(findings.map(({ issueCode }) => issueCode)).toContain(code);
    expect(found?.findingDetails).not.toMatch(/\{\w*\}|undefined/);
    // Each location is a place of the document: its path leads to what its span holds.
    for (const { locations } of findings) {
      expect(locations.length).toBeGreaterThan(0);
      for (const { path, span } of locations) {
        const { start, end } = span;
        expect(start.offset).toBeLessThan(end.offset);
        const lines = text.slice(0, start.offset).split('\n');
        expect([start.line, start.column]).toEqual([lines.length, lines.at(-1)?.length]);
        if (code === 'JSON_SYNTAX_ERROR') continue;
        const value = path.reduce<unknown>(
          (node, step) => (node as Record<string, unknown>)['value' in step ? step.value : step.index],
          JSON.parse(text),
        );
        expect(JSON.parse(text.slice(start.offset, end.offset))).toEqual(value);
      }
    }
  });

  it('has a document for each code of the catalog', () => {
    const codes = Object.values(catalog).flatMap((texts) => Object.keys(texts));
    expect(DOCUMENTS.map(([code]) => code).toSorted()).toEqual(codes.toSorted());
    const page = readFileSync(new URL('../../../docs/access-analyzer.md', import.meta.url), 'utf8');
    expect(page).toContain(`${codes.length} of AWS's codes`);
  });

  it('has a row for each rule of a policy', () => {
    const folder = new URL('../../../src/policy/', import.meta.url);
    const sources = readdirSync(folder).map((file) => readFileSync(new URL(file, folder), 'utf8'));
    const rules = sources.flatMap((text) =>
      [...text.matchAll(/(?:error|warning|check)\(\s*'([a-z-]+)'/g)].map(([, rule = '']) => rule),
    );
    expect(rules.length).toBeGreaterThan(50);
    expect(rules.filter((rule) => !Object.hasOwn(CODES_BY_RULE, rule))).toEqual([]);
  });

  it('finds nothing in a policy that is as it should be', () => {
    const clean = policy(statement({ Sid: 'Read', Resource: 'arn:aws:s3:::ledger/*' }));
    expect(findingsIn(source(clean), 'IDENTITY_POLICY')).toEqual([]);
  });

  it('reports as AWS does in its example of a trust policy for Cognito', () => {
    const text = source(
      policy({
        Sid: '',
        Effect: 'Allow',
        Principal: { Federated: 'cognito-identity.amazonaws.com' },
        Action: ['sts:AssumeRole', 'sts:TagSession'],
        Condition: { StringEquals: { 'cognito-identity.amazonaws.com:aud': 'eu-west-1:shop' } },
      }),
    );
    const at = (value: string, ...path: readonly (string | number)[]) => {
      const offset = text.indexOf(JSON.stringify(value));
      const before = text.slice(0, offset).split('\n');
      const [line, column] = [before.length, before.at(-1)?.length ?? 0];
      const length = JSON.stringify(value).length;
      return {
        path: path.map((step) => (typeof step === 'number' ? { index: step } : { value: step })),
        span: {
          start: { line, column, offset },
          end: { line, column: column + length, offset: offset + length },
        },
      };
    };
    const link = (anchor: string): string =>
      `https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html#access-analyzer-reference-policy-checks-${anchor}`;
    expect(findingsIn(text, 'RESOURCE_POLICY')).toEqual([
      {
        findingDetails: 'Add a value to the empty string in the Sid element.',
        findingType: 'SUGGESTION',
        issueCode: 'EMPTY_SID_VALUE',
        learnMoreLink: link('suggestion-empty-sid-value'),
        locations: [at('', 'Statement', 0, 'Sid')],
      },
      {
        findingDetails:
          'The sts:AssumeRole action is invalid with the following principal(s): cognito-identity.amazonaws.com. Use a SAML provider principal with the sts:AssumeRoleWithSAML action or use an OIDC provider principal with the sts:AssumeRoleWithWebIdentity action. Ensure the provider is Federated if you use either of the two options.',
        findingType: 'ERROR',
        issueCode: 'MISMATCHED_ACTION_FOR_PRINCIPAL',
        learnMoreLink: link('error-mismatched-action-for-principal'),
        locations: [
          at('sts:AssumeRole', 'Statement', 0, 'Action', 0),
          at('cognito-identity.amazonaws.com', 'Statement', 0, 'Principal', 'Federated'),
        ],
      },
      {
        findingDetails:
          'The following actions: sts:TagSession are not supported by the condition key cognito-identity.amazonaws.com:aud. The condition will not be evaluated for these actions. We recommend that you move these actions to a different statement without this condition key.',
        findingType: 'ERROR',
        issueCode: 'UNSUPPORTED_ACTION_FOR_CONDITION_KEY',
        learnMoreLink: link('error-unsupported-action-for-condition-key'),
        locations: [
          at('sts:TagSession', 'Statement', 0, 'Action', 1),
          at(
            'eu-west-1:shop',
            'Statement',
            0,
            'Condition',
            'StringEquals',
            'cognito-identity.amazonaws.com:aud',
          ),
        ],
      },
    ]);
  });

  it('names the action that an operation is authorized by', () => {
    const [found] = findingsIn(source(policy(statement({ Action: 's3:ListBuckets' }))), 'IDENTITY_POLICY');
    expect(found?.findingDetails).toBe(
      'The action s3:ListBuckets does not exist. Did you mean s3:ListAllMyBuckets? The API called ListBuckets authorizes against the IAM action s3:ListAllMyBuckets.',
    );
  });

  it('reads lines of each kind, and what is nested too deep', () => {
    const text = source(policy(statement({ Sid: '' }))).replaceAll('\n', '\r\n');
    const [found] = findingsIn(text, 'IDENTITY_POLICY');
    expect(found?.locations[0]?.span.start).toEqual({ line: 8, column: 13, offset: text.indexOf('""') });
    const deep = findingsIn(`{"Statement": ${'['.repeat(50_000)}`, 'IDENTITY_POLICY');
    expect(deep.map(({ issueCode }) => issueCode)).toEqual(['JSON_SYNTAX_ERROR']);
  });
});
