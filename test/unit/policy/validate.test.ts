import { describe, expect, it } from 'vitest';
import { INLINE_SIZE_LIMITS } from '../../../src/policy/policy-kind.ts';
import { type PolicyKind, validatePolicy } from '../../../src/policy/validate.ts';
import { brief, policyOf, withElement, withStatement } from './documents.ts';

const IDENTITY: readonly PolicyKind[] = ['managed', 'permissionsBoundary', 'inline', 'session'];
const ALL: readonly PolicyKind[] = [...IDENTITY, 'serviceControl', 'resourceControl', 'trust', 'resource'];

const diagnostics = (text: string, kind: PolicyKind): readonly string[] =>
  brief(validatePolicy(policyOf(text), kind));

const ALLOW = withElement('"Sid": "A1"');
const TRUST = withStatement(
  '"Effect": "Allow"',
  '"Principal": {"Service": "personalize.amazonaws.com"}',
  '"Action": "sts:AssumeRole"',
);
const RCP = withStatement('"Effect": "Deny"', '"Principal": "*"', '"Action": "s3:*"', '"Resource": "*"');

describe('validatePolicy', () => {
  it.each([...IDENTITY, 'serviceControl'] as const)('accepts an ordinary policy as %s', (kind) => {
    expect(diagnostics(ALLOW, kind)).toEqual([]);
  });

  it('accepts a trust policy, a resource control policy and a resource-based policy of the right kind', () => {
    expect(diagnostics(TRUST, 'trust')).toEqual([]);
    expect(diagnostics(RCP, 'resourceControl')).toEqual([]);
    expect(diagnostics(RCP.replace('"Deny"', '"Allow"'), 'resource')).toEqual([]);
  });

  it.each([...IDENTITY, 'serviceControl'] as const)('rejects a Principal in a policy of kind %s', (kind) => {
    expect(diagnostics(withElement('"Principal": "*"'), kind)).toEqual(['8:18 error principal-not-allowed']);
    expect(diagnostics(withElement('"NotPrincipal": "*"'), kind)).toEqual([
      '8:21 error principal-not-allowed',
    ]);
  });

  it.each(['resourceControl', 'trust', 'resource'] as const)(
    'requires a Principal in a policy of kind %s',
    (kind) => {
      expect(diagnostics(ALLOW, kind)).toContain('4:3 error missing-principal');
    },
  );

  it.each(ALL.filter((kind) => kind !== 'trust'))('requires a Resource in a policy of kind %s', (kind) => {
    expect(diagnostics(TRUST, kind)).toContain('4:3 error missing-resource');
  });

  it('rejects a Resource in a trust policy', () => {
    const text = TRUST.replace('"sts:AssumeRole"', '"sts:AssumeRole", "Resource": "*"');
    expect(diagnostics(text, 'trust')).toEqual(['7:45 error resource-not-allowed']);
  });

  it('rejects actions of services other than sts in a trust policy', () => {
    expect(diagnostics(TRUST.replace('sts:', 's3:'), 'trust')).toEqual(['7:15 error trust-action']);
  });

  it.each(['trust', 'resourceControl'] as const)('rejects NotPrincipal in a policy of kind %s', (kind) => {
    const text = kind === 'trust' ? TRUST : RCP;
    expect(diagnostics(text.replace('"Principal"', '"NotPrincipal"'), kind)).toEqual([
      expect.stringContaining('error not-principal'),
    ]);
  });

  it('allows NotPrincipal in a resource-based policy only with Deny', () => {
    const text = RCP.replace('"Principal"', '"NotPrincipal"');
    expect(diagnostics(text, 'resource')).toEqual([]);
    expect(diagnostics(text.replace('"Deny"', '"Allow"'), 'resource')).toEqual(['6:21 error not-principal']);
  });

  it.each(ALL.filter((kind) => kind !== 'resource'))(
    'requires letters and digits in a Sid of a policy of kind %s',
    (kind) => {
      expect(diagnostics(withElement('"Sid": "with space"'), kind)).toContain('8:12 error invalid-sid');
    },
  );

  it('does not restrict the Sid of a resource-based policy', () => {
    expect(diagnostics(withElement('"Principal": "*"', '"Sid": "with space"'), 'resource')).toEqual([]);
  });

  it.each(IDENTITY)('warns of an Id in a policy of kind %s', (kind) => {
    const text = ALLOW.replace('"Statement"', '"Id": "x", "Statement"');
    expect(diagnostics(text, kind)).toEqual(['3:7 warning id']);
  });

  it('warns of a managed policy of the old version', () => {
    expect(diagnostics(ALLOW.replace('2012', '2008'), 'managed')).toEqual(['1:1 warning old-version']);
    expect(diagnostics(ALLOW.replace('2012', '2008'), 'inline')).toEqual([]);
  });

  it('rejects an incomplete ARN in a session policy only', () => {
    const text = withStatement('"Effect": "Allow"', '"Action": "sqs:*"', '"Resource": "arn:aws:sqs"');
    expect(diagnostics(text, 'session')).toEqual(['7:17 error incomplete-arn']);
    expect(diagnostics(text, 'managed')).toEqual([]);
  });

  it('rejects Allow in a resource control policy', () => {
    expect(diagnostics(RCP.replace('"Deny"', '"Allow"'), 'resourceControl')).toEqual(['4:3 error rcp-allow']);
  });

  it('accepts RCPFullAWSAccess, which allows', () => {
    const text = RCP.replace('"Deny"', '"Allow"').replace('s3:*', '*');
    expect(diagnostics(text, 'resourceControl')).toEqual([]);
  });

  it('rejects a named principal and NotAction in a resource control policy', () => {
    const named = RCP.replace('"Principal": "*"', '"Principal": {"AWS": "123456789012"}');
    expect(diagnostics(named, 'resourceControl')).toEqual(['6:26 error rcp-principal']);
    expect(diagnostics(RCP.replace('"Action"', '"NotAction"'), 'resourceControl')).toEqual([
      '7:18 error rcp-not-action',
    ]);
  });

  it.each([
    [
      'a list of one principal',
      '"Principal": "*"',
      '"Principal": {"AWS": ["*"]}',
      '6:27 error rcp-principal',
    ],
    ['every action', '"s3:*"', '"*"', '7:15 error rcp-service'],
    ['every action in a list', '"s3:*"', '["*"]', '7:16 error rcp-service'],
    ['IAM', '"s3:*"', '["s3:*", "iam:*"]', '7:24 error rcp-service'],
    ['CloudWatch', '"s3:*"', '"cloudwatch:PutMetricData"', '7:15 error rcp-service'],
    ['an unknown service', '"s3:*"', '"juggler:Throw"', '7:15 error rcp-service'],
    ['a wildcard for a service', '"s3:*"', '"*:Get*"', '7:15 error rcp-service'],
    ['the old version', '2012', '2008', '1:1 warning old-version'],
    ['no version', '"Version": "2012-10-17",', '', '1:1 warning old-version'],
  ])('reports %s in a resource control policy', (_name, from, to, expected) => {
    expect(diagnostics(RCP.replace(from, to), 'resourceControl')).toEqual([expected]);
  });

  it.each([
    ['an unknown action of a listed service', '"s3:*"', '"s3:Juggle"'],
    ['a prefix in capitals', '"s3:*"', '["S3:*", "PERSONALIZE:*", "Sts:AssumeRole"]'],
    ['everyone as a type', '"Principal": "*"', '"Principal": {"AWS": "*"}'],
    ['NotResource', '"Resource"', '"NotResource"'],
  ])('accepts %s in a resource control policy', (_name, from, to) => {
    expect(diagnostics(RCP.replace(from, to), 'resourceControl')).toEqual([]);
  });

  it('accepts a CloudFront origin access identity as a principal in bucket policies only', () => {
    const identity = 'arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E2QWRUHAPOMQZL';
    expect(
      diagnostics(RCP.replace('"Principal": "*"', `"Principal": {"AWS": "${identity}"}`), 'resource'),
    ).toEqual([]);
    const trust = TRUST.replace(/"Principal": \{[^}]*\}/, `"Principal": {"AWS": "${identity}"}`);
    expect(diagnostics(trust, 'trust').map((diagnostic) => diagnostic.replace(/^\S+ /, ''))).toEqual([
      'error invalid-principal',
    ]);
  });

  it('reports the file', () => {
    const [diagnostic] = validatePolicy(policyOf(TRUST), 'managed', { file: 'policies/trust.json' });
    expect(diagnostic?.file).toBe('policies/trust.json');
  });

  it.each([
    ['managed', 6144],
    ['permissionsBoundary', 6144],
    ['session', 2048],
    ['serviceControl', 10_240],
    ['resourceControl', 5120],
    ['trust', 8192],
  ] as const)('accepts a policy of kind %s of %i characters, and no longer one', (kind, most) => {
    const base = policyOf(kind === 'trust' ? TRUST : kind === 'resourceControl' ? RCP : ALLOW);
    const errorsAt = (size: number) =>
      validatePolicy({ ...base, size }, kind).filter(({ severity }) => severity === 'error');
    expect(errorsAt(most)).toEqual([]);
    expect(errorsAt(most + 1)).toMatchObject([{ rule: 'policy-size', line: 1, column: 1 }]);
  });

  it('warns of a trust policy that is longer than the default quota', () => {
    expect(brief(validatePolicy({ ...policyOf(TRUST), size: 2049 }, 'trust'))).toEqual([
      '1:1 warning policy-size',
    ]);
  });

  it('does not limit the size of a single inline policy', () => {
    expect(INLINE_SIZE_LIMITS).toEqual({ user: 2048, group: 5120, role: 10_240 });
    expect(validatePolicy({ ...policyOf(ALLOW), size: 100_000 }, 'inline')).toEqual([]);
  });
});
