import { describe, expect, it } from 'vitest';
import { CONDITION_OPERATORS } from '../../../src/policy/ast.ts';
import { formatOperator, parseOperator } from '../../../src/policy/condition-operator.ts';
import { parsePolicy } from '../../../src/policy/parse.ts';
import { parseDiagnostics, parseMessages, withElement } from './documents.ts';

const condition = (operator: string, value: string): string =>
  withElement(`"Condition": {"${operator}": {"a:b": ${value}}}`);

describe('parseOperator', () => {
  it('reads every operator with every set operator and IfExists, and prints it again', () => {
    for (const operator of CONDITION_OPERATORS)
      for (const prefix of ['', 'ForAllValues:', 'ForAnyValue:'])
        for (const suffix of operator === 'Null' ? [''] : ['', 'IfExists']) {
          const parsed = parseOperator(prefix + operator + suffix);
          expect(parsed.ok && formatOperator(parsed.value)).toBe(prefix + operator + suffix);
        }
  });

  it.each([
    ['StringEqual', '"StringEqual" is not a condition operator; did you mean "StringEquals"?'],
    ['stringequals', '"stringequals" is not a condition operator; did you mean "StringEquals"?'],
    [
      'StringLikeIfExist',
      '"StringLikeIfExist" is not a condition operator; did you mean "StringLikeIfExists"?',
    ],
    [
      'ForAnyValues:StringLike',
      '"ForAnyValues" is not a set operator (ForAllValues, ForAnyValue); did you mean "ForAnyValue"?',
    ],
    ['ForAnyValue::StringLike', '":StringLike" is not a condition operator; did you mean "StringLike"?'],
    ['NullIfExists', 'Null does not support IfExists: it already tests whether the key exists'],
    ['constructor', '"constructor" is not a condition operator'],
  ])('rejects %s', (written, message) => {
    expect(parseOperator(written)).toEqual({ ok: false, error: message });
  });
});

describe('a condition', () => {
  it('is rejected at its operator, even if the operator has no keys', () => {
    expect(parseDiagnostics(condition('StringEqual', '"x"'))).toEqual(['8:19 error unknown-operator']);
    expect(parseDiagnostics(withElement('"Condition": {"StringEqual": {}}'))).toEqual([
      '8:19 error unknown-operator',
    ]);
  });

  it.each([
    ['NumericEquals', '"seven"'],
    ['NumericLessThan', '"${aws:EpochTime}"'],
    ['DateLessThan', '"tomorrow"'],
    ['DateEquals', '"2026-02-30"'],
    ['IpAddress', '"10.0.0.0/33"'],
    ['NotIpAddress', '"localhost"'],
    ['IpAddress', '"2001:db8::5/64"'],
    ['IpAddress', '"::ffff:192.0.2.1"'],
    ['BinaryEquals', '"not base64"'],
    ['ArnLike', '"not-an-arn"'],
  ])('%s rejects the value %s at its position', (operator, value) => {
    const column = `    "Condition": {"${operator}": {"a:b": `.length + 1;
    expect(parseDiagnostics(condition(operator, value))).toEqual([
      `8:${column} error invalid-condition-value`,
    ]);
  });

  it.each([
    ['NumericEquals', '["-1.5", 7]'],
    ['DateLessThan', '["2026-11-24T12:00:00Z", "2026-11-24", 1764000000]'],
    ['Bool', '["true", "False", true]'],
    ['Bool', '"${aws:PrincipalTag/mfa}"'],
    ['Null', 'false'],
    ['IpAddress', '["0.0.0.0/0", "203.0.113.7", "2001:db8::/32"]'],
    ['BinaryEquals', '"QmluYXJ5VmFsdWVJbkJhc2U2NA=="'],
    ['StringEquals', '["", "anything"]'],
    ['ArnLike', '"arn:aws:iam::*:role/*"'],
  ])('%s accepts the value %s', (operator, value) => {
    expect(parseDiagnostics(condition(operator, value))).toEqual([]);
  });

  it('does not support variables for Bool in a policy without Version', () => {
    const text = condition('Bool', '"${aws:PrincipalTag/mfa}"').replace('"2012-10-17"', '"2008-10-17"');
    expect(parseDiagnostics(text)).toEqual(['8:35 warning boolean-value']);
  });

  it('rejects a value that is not a string, number or boolean', () => {
    expect(parseDiagnostics(condition('StringEquals', '[null, {}]'))).toEqual([
      '8:44 error element-type',
      '8:50 error element-type',
    ]);
  });

  it('must be an object of keys', () => {
    expect(parseDiagnostics(withElement('"Condition": {"StringEquals": "x"}'))).toEqual([
      '8:35 error element-type',
    ]);
  });

  it.each([
    ['an empty list of values', '{"StringEquals": {"a:b": []}}', '8:43 warning empty-condition'],
    [
      'a set operator that AWS does not document',
      '{"ForAnyValue:NumericEquals": {"a:b": "1"}}',
      '8:19 warning set-operator',
    ],
    ['a set operator on Null', '{"ForAllValues:Null": {"a:b": "true"}}', '8:19 warning set-operator'],
    [
      'a key in two spellings',
      '{"StringLike": {"aws:TagKeys": "1", "aws:tagkeys": "2"}}',
      '8:54 warning same-condition-key',
    ],
    ['an ARN without its six parts', '{"ArnLike": {"aws:PrincipalArn": "arn:*"}}', '8:51 warning arn-value'],
    ['a word that Bool reads as false', '{"Bool": {"a:b": "yes"}}', '8:35 warning boolean-value'],
    ['a word that Null reads as false', '{"Null": {"a:b": "absent"}}', '8:35 warning boolean-value'],
    [
      'an IPv6 range of IPv4-mapped addresses',
      '{"IpAddress": {"a:b": "::ffff:c000:200/120"}}',
      '8:40 warning unmatched-value',
    ],
    [
      'base64 with extra bits after the last byte',
      '{"BinaryEquals": {"a:b": "YR=="}}',
      '8:43 warning unmatched-value',
    ],
  ])('warns of %s', (_name, element, wanted) => {
    expect(parseDiagnostics(withElement(`"Condition": ${element}`))).toEqual([wanted]);
  });

  it('reports the expected value', () => {
    expect(parseMessages(condition('IpAddress', '"localhost"'))).toEqual([
      '"localhost" is not a valid value for IpAddress; expected an IP address or a CIDR range like 203.0.113.0/24 (for IPv6 without bits after the prefix length and without a dotted part)',
    ]);
    expect(parseMessages(condition('NumericEquals', '"${aws:EpochTime}"'))).toEqual([
      '"${aws:EpochTime}" is not a valid value for NumericEquals; expected a number (only String, Arn and Bool operators support policy variables)',
    ]);
  });
});

describe('a condition of a session policy', () => {
  const parse = (operator: string, value: string) =>
    parsePolicy(condition(operator, value), { format: 'json', reader: 'session' });

  it.each([
    ['NumericEquals', '"NaN"', 'unmatched-value'],
    ['NumericEquals', '"${aws:EpochTime}"', 'unmatched-value'],
    ['DateEquals', '"not-a-date"', 'unmatched-value'],
    ['IpAddress', '"192.0.2.0/33"', 'unmatched-value'],
    ['IpAddress', '"2001:db8::/129"', 'unmatched-value'],
    ['NotIpAddress', '"2001:db8::5/64"', 'unmatched-value'],
    ['IpAddress', '"::ffff:192.0.2.0/24"', 'unmatched-value'],
    ['ArnLike', '"not-an-arn"', 'arn-value'],
  ])('%s accepts the value %s, with a warning', (operator, value, rule) => {
    const parsed = parse(operator, value);
    expect(parsed.ok && parsed.value.warnings.map((warning) => warning.rule)).toEqual([rule]);
  });

  it('rejects invalid base64 in BinaryEquals', () => {
    expect(parse('BinaryEquals', '"no-binary"').ok).toBe(false);
  });
});

describe('a Principal element', () => {
  it.each([
    ['a string other than "*"', '"Principal": "alice"', '8:18 error invalid-principal'],
    ['an unknown type', '"Principal": {"Aws": "*"}', '8:19 error unknown-principal-type'],
    ['nobody', '"Principal": {}', '8:18 error empty-list'],
    ['an empty list', '"Principal": {"AWS": []}', '8:26 error empty-list'],
    [
      'a partial wildcard',
      '"Principal": {"AWS": ["*", "arn:aws:iam::123456789012:role/*"]}',
      '8:32 error invalid-principal',
    ],
    ['a number', '"Principal": {"AWS": 123456789012}', '8:26 error element-type'],
  ])('rejects %s', (_name, element, wanted) => {
    expect(parseDiagnostics(withElement(element))).toEqual([wanted]);
  });
});
