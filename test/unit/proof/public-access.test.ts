import { describe, expect, it } from 'vitest';
import { proveNoPublicAccess } from '../../../src/commands/prove/prove-claims.ts';
import type { NamedPolicy } from '../../../src/engine/policy-set.ts';
import { fromValue } from '../../../src/lib/document.ts';
import { parsePolicyDocument } from '../../../src/policy/parse.ts';

const RANGE = '203.0.113.0/24';
const granting = (condition: object, ...more: readonly object[]): NamedPolicy => {
  const grant = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*' };
  const statements = [
    { ...grant, Condition: condition },
    ...more.map((denied) => ({ ...grant, Effect: 'Deny', Condition: denied })),
  ];
  const parsed = parsePolicyDocument(fromValue({ Version: '2012-10-17', Statement: statements }));
  if (!parsed.ok) throw new Error(parsed.error.map(({ message }) => message).join('; '));
  return { name: 'policy', policy: parsed.value.policy };
};

describe('a grant to everyone', () => {
  it.each([
    ['one endpoint', { StringEquals: { 'aws:SourceVpce': 'vpce-1' } }],
    ['a narrow range of addresses', { IpAddress: { 'aws:SourceIp': [RANGE, '10.0.0.0/8'] } }],
    ['one organization', { StringEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' } }],
    ['part of one', { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': 'o-exampleorgid/r-ab12/*' } }],
    ['services of AWS', { Bool: { 'aws:PrincipalIsAWSService': 'true' } }],
    ['one of them', { StringEquals: { 'aws:PrincipalServiceName': 'personalize.amazonaws.com' } }],
  ])('from %s is not public', (_, condition) => {
    expect(proveNoPublicAccess(granting(condition)).verdict).toBe('PASS');
  });

  it.each([
    [
      'narrow ranges that leave no address out',
      { IpAddress: { 'aws:SourceIp': Array.from({ length: 256 }, (_, index) => `${index}.0.0.0/8`) } },
    ],
    ['a wide range of addresses', { IpAddress: { 'aws:SourceIp': '0.0.0.0/1' } }],
    [
      'what is outside of a narrow range in a wide one',
      { IpAddress: { 'aws:SourceIp': [RANGE, '0.0.0.0/2'] } },
    ],
    ['one endpoint, or without an endpoint', { StringEqualsIfExists: { 'aws:SourceVpce': 'vpce-1' } }],
    ['outside of endpoints', { Null: { 'aws:SourceVpce': 'true' } }],
    ['a narrow range, or from a VPC', { IpAddressIfExists: { 'aws:SourceIp': RANGE } }],
    ['part of any', { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': 'o-*/*' } }],
    [
      'part of one, or of none',
      { 'ForAllValues:StringLike': { 'aws:PrincipalOrgPaths': 'o-exampleorgid/r-ab12/*' } },
    ],
    ['any organization', { StringLike: { 'aws:PrincipalOrgID': 'o-*' } }],
  ])('from %s is public', (_, condition) => {
    expect(proveNoPublicAccess(granting(condition)).verdict).toBe('FAIL');
  });

  it('is public where a Deny leaves a wide range, and not where it leaves a narrow one', () => {
    const outside = (range: string): NamedPolicy => granting({}, { NotIpAddress: { 'aws:SourceIp': range } });

    expect(proveNoPublicAccess(outside('128.0.0.0/2')).verdict).toBe('FAIL');
    expect(proveNoPublicAccess(outside(RANGE)).verdict).toBe('PASS');
  });

  it('is from known values of those keys, in the words of the assumptions', () => {
    const proof = proveNoPublicAccess(granting({ StringEquals: { 'aws:SourceVpce': 'vpce-1' } }));

    expect(proof.assumptions).toEqual(['aws:SourceVpce is vpce-zzzzzzzz or absent']);
  });
});
