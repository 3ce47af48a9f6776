import { expect as jestExpect } from 'expect';
import { describe, expect, it } from 'vitest';
import { matchers as jestMatchers } from '../../../src/testing/jest.ts';
import { matchers } from '../../../src/testing/vitest.ts';

expect.extend(matchers);
jestExpect.extend(jestMatchers);

const allow = (Action: string, more: object = {}) => ({
  Version: '2012-10-17',
  Statement: [{ Sid: 'It', Effect: 'Allow', Action, Resource: '*', ...more }],
});
const narrow = allow('personalize:Describe*');
const wide = allow('personalize:*');

describe('matchers of policies', () => {
  it('prove that a policy grants nothing beyond another, given as object or as text', () => {
    expect(narrow).toGrantNothingBeyond(wide);
    expect(JSON.stringify(wide)).not.toGrantNothingBeyond(JSON.stringify(narrow));
    jestExpect(narrow).toGrantNothingBeyond(wide);
  });

  it('fail with a counterexample', () => {
    expect(() => expect(wide).toGrantNothingBeyond(narrow)).toThrow(
      /personalize:\w+ on .*\n {2}allowed by policy, statement It/,
    );
    expect(() => jestExpect(narrow).not.toGrantNothingBeyond(wide)).toThrow(/PASS policy/);
  });

  it('prove that actions are never granted', () => {
    expect(narrow).toNeverGrant({ actions: ['personalize:Delete*', 'iam:*'] });
    expect(wide).not.toNeverGrant({ actions: ['personalize:Delete*'] });
    expect(wide).toNeverGrant({ resources: [], actions: ['s3:*'] });
    expect(() => expect(wide).toNeverGrant({ actions: ['s4:*'] })).toThrow('AWS has no action "s4:*"');
  });

  it('prove that a resource-based policy is not public', () => {
    const own = { Principal: { AWS: 'arn:aws:iam::123456789012:root' } };
    expect(allow('s3:GetObject', own)).toGrantNoPublicAccess();
    expect(allow('s3:GetObject', { Principal: '*' })).not.toGrantNoPublicAccess();
  });

  it('fail either way where nothing is proven, and for what is no policy', () => {
    const from = (source: string) =>
      allow('sns:Publish', { Condition: { ArnLike: { 'aws:SourceArn': source } } });
    const [open, any] = [from('arn:aws:sns:*:${aws:PrincipalTag/account}:*'), from('arn:aws:sns:*:*:*')];
    expect(() => expect(open).toGrantNothingBeyond(any)).toThrow('it could not be decided');
    expect(() => expect(open).not.toGrantNothingBeyond(any)).toThrow('it could not be decided');
    expect(() => expect({ Statement: 7 }).toGrantNothingBeyond(any)).toThrow('the policy is not valid');
  });
});
