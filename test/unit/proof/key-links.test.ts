import { describe, expect, it } from 'vitest';
import type { ProofResult } from '../../../src/commands/prove/proof-result.ts';
import { proveDocuments, proveNoPublicAccess } from '../../../src/commands/prove/prove-claims.ts';
import type { NamedPolicy } from '../../../src/engine/policy-set.ts';
import { fromValue } from '../../../src/lib/document.ts';
import { parsePolicyDocument } from '../../../src/policy/parse.ts';

/* Keys that AWS documents together: no request has one without the other, so none is a counterexample. */

function policy(Condition: object, more: object = {}): NamedPolicy {
  const statement = { Effect: 'Allow', Action: 'personalize:TagResource', Resource: '*', Condition, ...more };
  const parsed = parsePolicyDocument(fromValue({ Version: '2012-10-17', Statement: [statement] }));
  if (!parsed.ok) throw new Error(parsed.error.map(({ message }) => message).join('; '));
  return { name: 'policy', policy: parsed.value.policy };
}

const prove = (next: object, existing: object): ProofResult =>
  proveDocuments('no-new-access', policy(next), policy(existing));

const TEAM = { Null: { 'aws:RequestTag/team': 'false' } };
const LISTED = { 'ForAnyValue:StringEqualsIgnoreCase': { 'aws:TagKeys': 'team' } };
const ALICE = { StringEquals: { 'aws:username': 'alice' } };
const VPCE = { Null: { 'aws:SourceVpce': 'false' } };

describe('a request', () => {
  it.each([
    ['with a tag lists its key', TEAM, LISTED],
    ['that lists a key has the tag', LISTED, TEAM],
    [
      'that lists no other key has no other tag',
      { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['team'] }, Null: { 'aws:RequestTag/cost': 'false' } },
      { Null: { 'aws:RequestTag/team': 'true', 'aws:RequestTag/cost': 'true' } },
    ],
    ['of a user has an ARN with the name', ALICE, { StringLike: { 'aws:PrincipalArn': '*:user/*alice' } }],
    [
      'with the ARN of a user has a name',
      { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:user/alice' } },
      { Null: { 'aws:username': 'false' } },
    ],
    ['of a user is of that type', ALICE, { StringEquals: { 'aws:PrincipalType': 'User' } }],
    [
      'has an ARN of its account',
      { StringEquals: { 'aws:PrincipalAccount': '111122223333' } },
      { ArnLike: { 'aws:PrincipalArn': 'arn:*:*::111122223333:*' } },
    ],
    [
      'with an ARN has an account',
      { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/a' } },
      { Null: { 'aws:PrincipalAccount': 'false' } },
    ],
    [
      'with the age of a second factor has one',
      { NumericLessThan: { 'aws:MultiFactorAuthAge': '3600' } },
      { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
    ],
    ['from an endpoint is from a VPC', VPCE, { Null: { 'aws:SourceVpc': 'false' } }],
    ['from a VPC is from an endpoint', { StringEquals: { 'aws:SourceVpc': 'vpc-1' } }, VPCE],
    ['from an endpoint has an address there', VPCE, { Null: { 'aws:VpcSourceIp': 'false' } }],
    ['from an endpoint has no public address', VPCE, { Null: { 'aws:SourceIp': 'true' } }],
  ])('%s', (_, next, existing) => {
    expect(prove(next, existing)).toMatchObject({ verdict: 'PASS' });
  });

  it.each([
    ['may list more keys than it must', LISTED, { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['team'] } }],
    ['may list a key in another case', TEAM, { 'ForAnyValue:StringEquals': { 'aws:TagKeys': 'team' } }],
    ['may come from elsewhere than an endpoint', {}, VPCE],
  ])('%s: the counterexample keeps the links', (_, next, existing) => {
    const { verdict, counterexample } = prove(next, existing);
    expect(verdict).toBe('FAIL');
    const { context = {} } = counterexample ?? {};
    const tagged = context['aws:RequestTag/team'] !== undefined;
    const listed = [context['aws:TagKeys'] ?? []].flat().some((key) => key.toLowerCase() === 'team');
    if ('aws:TagKeys' in context && 'aws:RequestTag/team' in context) expect(tagged).toBe(listed);
  });

  it('is assumed to keep them, in words', () => {
    expect(prove(TEAM, LISTED).assumptions).toContain(
      'aws:RequestTag/team is in a request exactly if aws:TagKeys has team',
    );
    expect(prove(TEAM, TEAM).assumptions.join()).not.toContain('aws:TagKeys');
  });

  it('of a stranger may come from any address and any endpoint', () => {
    const open = policy(
      { StringNotEquals: { 'aws:SourceVpce': 'vpce-1' }, NotIpAddress: { 'aws:SourceIp': '203.0.113.0/24' } },
      { Principal: '*' },
    );
    expect(proveNoPublicAccess(open).verdict).toBe('FAIL');
  });
});
