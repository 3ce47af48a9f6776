import { describe, expect, it } from 'vitest';
import { holds } from './ask.ts';

/** [operator, wanted, found, holds] */
type Row = readonly [string, string | readonly string[], string, boolean];

const FORMS: readonly Row[] = [
  ['StringEquals', 'alice', 'alice', true],
  ['StringEquals', 'alice', 'Alice', false],
  ['StringEquals', 'a*', 'alice', false],
  ['StringEqualsIgnoreCase', 'ALICE', 'alice', true],
  ['StringNotEqualsIgnoreCase', 'ALICE', 'alice', false],
  ['StringLike', 'a*e', 'alice', true],
  ['StringLike', 'A*', 'alice', false],
  ['StringLike', 'al?ce', 'alice', true],
  ['StringLike', 'al?ce', 'alce', false],
  ['StringLike', 'a.ice', 'alice', false],
  ['StringNotLike', 'a*', 'alice', false],

  ['NumericEquals', '7', '7.0', true],
  ['NumericNotEquals', '7', '8', true],
  ['NumericLessThan', '7', '6.99', true],
  ['NumericLessThanEquals', '7', '7', true],
  ['NumericGreaterThan', '7', '7', false],
  ['NumericGreaterThanEquals', '-1', '-1', true],
  ['NumericEquals', '7', 'seven', false],
  ['NumericNotEquals', '7', 'seven', true],
  ['NumericGreaterThan', '7', 'seven', false],
  ['NumericLessThan', '9007199254740993', '9007199254740992', true],
  ['NumericEquals', '7', '70e-1', true],
  ['NumericGreaterThan', '-7', '-7.01', false],
  ['NumericEquals', '0', '-0.00', true],
  ['NumericEquals', '7', '0x7', false],

  ['DateEquals', '2026-01-01T00:00:00Z', '2026-01-01T01:00:00+01:00', true],
  ['DateEquals', '1767225600', '2026-01-01T00:00:00Z', true],
  ['DateNotEquals', '2026-01-01', '2026-01-02T00:00:00Z', true],
  ['DateLessThan', '2026-06-30', '2026-06-29T23:59:59.999Z', true],
  ['DateLessThanEquals', '2026', '2026-01-01T00:00Z', true],
  ['DateGreaterThan', '2026-01', '2025-12-31T23:59:59Z', false],
  ['DateGreaterThanEquals', '2026-01-01T00:00:00Z', '1767225600', true],
  ['DateLessThan', '2026-06-30', 'yesterday', false],
  ['DateNotEquals', '2026-06-30', 'yesterday', true],

  ['Bool', 'true', 'true', true],
  ['Bool', 'True', 'tRUE', true],
  ['Bool', 'false', 'true', false],
  ['Bool', 'true', 'yes', false],
  ['Bool', 'false', 'yes', true],
  ['Bool', 'false', ' true ', true],

  ['BinaryEquals', 'QUJD', 'QUJD', true],
  ['BinaryEquals', 'QUJD', 'QUJE', false],
  ['BinaryEquals', 'QUI=', 'QUJ=', false],
  ['BinaryEquals', 'QUJ=', 'QUJ=', false],
  ['BinaryEquals', 'QUJD', 'not base64', false],

  ['IpAddress', '203.0.113.0/24', '203.0.113.9', true],
  ['IpAddress', '203.0.113.9', '203.0.113.9', true],
  ['IpAddress', '203.0.113.9', '203.0.113.10', false],
  ['IpAddress', '0.0.0.0/0', '198.51.100.7', true],
  ['IpAddress', '0.0.0.0/0', '2001:db8::1', false],
  ['IpAddress', '0.0.0.0/0', '::ffff:198.51.100.7', true],
  ['IpAddress', '2001:db8::/32', '2001:DB8:0:0::1', true],
  ['IpAddress', '::/0', '10.0.0.1', false],
  ['NotIpAddress', '10.0.0.0/8', '11.0.0.1', true],
  ['NotIpAddress', '10.0.0.0/8', '10.255.255.255', false],
  ['NotIpAddress', '10.0.0.0/8', 'AWS Internal', false],
  ['IpAddress', '0.0.0.0/0', 'AWS Internal', false],

  ['ArnEquals', 'arn:aws:iam::*:role/app', 'arn:aws:iam::123456789012:role/app', true],
  ['ArnLike', 'arn:aws:iam::123456789012:*', 'arn:aws:iam::123456789012:role/a/b', true],
  ['ArnLike', 'arn:aws:sqs:*:queue', 'arn:aws:sqs:us-east-1:123456789012:queue', false],
  ['ArnLike', 'arn:aws:*:*:*:*', 'arn:aws:sqs:us-east-1:123456789012:a:b', true],
  ['ArnLike', 'arn:aws:iam::123456789012:ROLE/app', 'arn:aws:iam::123456789012:role/app', false],
  ['ArnLike', 'arn:aws:iam::1*2:role/app', 'arn:aws:iam::123:4:2:role/app', false],
  ['ArnNotLike', 'arn:aws:iam::*:role/app', 'arn:aws:iam::123456789012:role/app', false],
  ['ArnNotEquals', 'arn:aws:iam::*:role/app', 'arn:aws:iam::123456789012:role/other', true],
  ['ArnLike', 'arn:aws:iam::*:role/app', 'not an arn', false],
];

it.each(FORMS)('%s %s of %s is %s', (operator, wanted, found, expected) => {
  expect(holds({ [operator]: { k: wanted } }, { k: found })).toBe(expected);
});

describe('policy variables in values', () => {
  const alice = { 'aws:username': 'alice', k: 'alice' };

  it.each(['StringEquals', 'StringLike', 'StringEqualsIgnoreCase'])('are replaced under %s', (operator) => {
    expect(holds({ [operator]: { k: '${aws:username}' } }, alice)).toBe(true);
    expect(holds({ [operator]: { k: '${AWS:USERNAME}' } }, { ...alice, k: 'bob' })).toBe(false);
  });

  it('are replaced under Arn operators and Bool', () => {
    const arn = { 'aws:username': 'alice', k: 'arn:aws:iam::123456789012:user/alice' };
    expect(holds({ ArnLike: { k: 'arn:aws:iam::*:user/${aws:username}' } }, arn)).toBe(true);
    expect(holds({ Bool: { k: '${x:flag}' } }, { k: 'true', 'x:flag': 'TRUE' })).toBe(true);
  });

  it('are literal text in a policy of the version without variables', () => {
    const condition = { StringEquals: { k: '${aws:username}' } };
    expect(holds(condition, alice, '2008-10-17')).toBe(false);
    expect(holds(condition, { ...alice, k: '${aws:username}' }, '2008-10-17')).toBe(true);
  });

  it('match nothing without a value: positive operators are false, negated ones true', () => {
    expect(holds({ StringEquals: { k: '${aws:username}' } }, { k: 'alice' })).toBe(false);
    expect(holds({ StringLike: { k: '${aws:username}*' } }, { k: '' })).toBe(false);
    expect(holds({ StringNotEquals: { k: '${aws:username}' } }, { k: 'alice' })).toBe(true);
  });

  it('use their default', () => {
    const condition = { StringEquals: { k: "${aws:PrincipalTag/team, 'company-wide'}" } };
    expect(holds(condition, { k: 'company-wide' })).toBe(true);
    expect(holds(condition, { k: 'red', 'aws:PrincipalTag/team': 'red' })).toBe(true);
    expect(holds(condition, { k: 'company-wide', 'aws:PrincipalTag/team': 'red' })).toBe(false);
  });

  it('do not support a multi-valued key', () => {
    expect(holds({ StringEquals: { k: '${aws:TagKeys}' } }, { k: 'a', 'aws:TagKeys': ['a'] })).toBe(false);
  });

  it('add no wildcards to a pattern', () => {
    expect(holds({ StringLike: { k: '${aws:username}' } }, { k: 'alice', 'aws:username': '*' })).toBe(false);
    expect(holds({ StringLike: { k: '${aws:username}' } }, { k: '*', 'aws:username': '*' })).toBe(true);
  });

  it('escape a star, a question mark and a dollar', () => {
    expect(holds({ StringLike: { k: 'a${*}' } }, { k: 'a*' })).toBe(true);
    expect(holds({ StringLike: { k: 'a${*}' } }, { k: 'ab' })).toBe(false);
    expect(holds({ StringLike: { k: 'a${?}*' } }, { k: 'a?bc' })).toBe(true);
    expect(holds({ StringEquals: { k: '${$}{aws:username}' } }, { ...alice, k: '${aws:username}' })).toBe(
      true,
    );
  });
});
