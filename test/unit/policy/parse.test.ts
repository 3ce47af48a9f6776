import { describe, expect, it } from 'vitest';
import { fromValue } from '../../../src/lib/document.ts';
import { parsePolicy, parsePolicyDocument } from '../../../src/policy/parse.ts';
import { parseDiagnostics, parseMessages, policyOf, withElement, withStatement } from './documents.ts';

describe('parsePolicy', () => {
  it('returns every single value as a list, and every value with its position', () => {
    const policy = policyOf(withStatement('"Effect": "Deny"', '"NotAction": "s3:*"', '"Resource": ["*"]'));
    expect(policy).toMatchObject({
      version: '2012-10-17',
      statements: [
        {
          index: 0,
          effect: 'Deny',
          action: { element: 'NotAction', patterns: [{ text: 's3:*', position: { line: 6, column: 18 } }] },
          resource: { element: 'Resource', patterns: [{ text: '*', position: { line: 7, column: 18 } }] },
          conditions: [],
          position: { line: 4, column: 3 },
        },
      ],
    });
  });

  it('accepts a single statement without a list', () => {
    const text = '{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}';
    expect(policyOf(text).statements).toHaveLength(1);
  });

  it('reads a missing Version as 2008-10-17', () => {
    const text = '{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}';
    expect(policyOf(text).version).toBe('2008-10-17');
  });

  it('parses conditions into operator, set operator, IfExists, key and values as strings', () => {
    const condition = '"Condition": {"ForAnyValue:StringLikeIfExists": {"aws:TagKeys": ["a", 7, true]}}';
    expect(policyOf(withElement(condition)).statements[0]?.conditions).toEqual([
      {
        operator: 'StringLike',
        qualifier: 'ForAnyValue',
        ifExists: true,
        key: { text: 'aws:TagKeys', position: { line: 8, column: 54 } },
        values: [
          { text: 'a', position: { line: 8, column: 70 } },
          { text: '7', position: { line: 8, column: 75 } },
          { text: 'true', position: { line: 8, column: 78 } },
        ],
      },
    ]);
  });

  it('keeps the spelling of a number in a condition', () => {
    const text = withElement('"Condition": {"NumericEquals": {"a:b": 1.0}}');
    expect(policyOf(text).statements[0]?.conditions[0]?.values[0]?.text).toBe('1.0');
  });

  it('reads the principal "*" as one of type AWS', () => {
    const text = withElement('"Principal": "*"');
    expect(policyOf(text).statements[0]?.principal).toEqual({
      element: 'Principal',
      entries: [{ type: 'AWS', value: { text: '*', position: { line: 8, column: 18 } } }],
    });
  });

  it('accepts an empty Condition, and an empty block of an operator', () => {
    expect(parseDiagnostics(withElement('"Condition": {}'))).toEqual([]);
    expect(parseDiagnostics(withElement('"Condition": {"StringEquals": {}}'))).toEqual([]);
  });

  it('counts the characters of the document without white space', () => {
    expect(policyOf('{ "Statement" : {"Effect":"Allow",\n"Action":"*","Resource":"*"} }').size).toBe(60);
  });

  it('reads the same policy from YAML', () => {
    const text =
      'Version: 2012-10-17\nStatement:\n  - Effect: Allow\n    Action: s3:Get*\n    Resource: "*"\n';
    const parsed = parsePolicy(text, { format: 'yaml' });
    expect(parsed).toMatchObject({
      ok: true,
      value: {
        policy: {
          version: '2012-10-17',
          size: 91,
          statements: [{ action: { patterns: [{ text: 's3:Get*', position: { line: 4, column: 13 } }] } }],
        },
      },
    });
  });

  it('reports the file and the position of every error at once', () => {
    const text = withStatement('"Efect": "Allow"', '"Action": "s3"', '"Resource": "bucket"');
    const parsed = parsePolicy(text, { format: 'json', file: 'policies/x.json' });
    expect(
      !parsed.ok && parsed.error.map(({ file, line, column, rule }) => [file, line, column, rule]),
    ).toEqual([
      ['policies/x.json', 4, 3, 'missing-effect'],
      ['policies/x.json', 5, 5, 'unknown-element'],
      ['policies/x.json', 6, 15, 'invalid-action'],
      ['policies/x.json', 7, 17, 'invalid-resource'],
    ]);
  });

  it('reads a document inside other JSON, without positions', () => {
    const document = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }],
    };
    const parsed = parsePolicyDocument(fromValue(document));
    expect(parsed.ok && parsed.value.policy).toEqual({
      version: '2012-10-17',
      statements: [
        {
          index: 0,
          effect: 'Allow',
          action: { element: 'Action', patterns: [{ text: 's3:*' }] },
          resource: { element: 'Resource', patterns: [{ text: '*' }] },
          conditions: [],
        },
      ],
      size: JSON.stringify(document).length,
    });
  });
});

describe('the policy as a whole', () => {
  it.each([
    ['a syntax error', '{"Version": "2012-10-17",}', ['1:26 error syntax']],
    ['a document that is not an object', '[]', ['1:1 error element-type']],
    ['no Statement', '{"Version": "2012-10-17"}', ['1:1 error missing-statement']],
    ['an empty Statement', '{"Statement": []}', ['1:15 error empty-list']],
    ['a statement that is not an object', '{"Statement": ["x"]}', ['1:16 error element-type']],
    [
      'an unknown Version',
      '{"Version": "2024-01-01", "Statement": []}',
      ['1:13 error invalid-version', '1:40 error empty-list'],
    ],
    ['an unknown element', withElement().replace('"Version"', '"version"'), ['2:1 error unknown-element']],
    [
      'an Id that is not a string',
      withElement().replace('"Statement"', '"Id": 7, "Statement"'),
      ['3:7 error element-type'],
    ],
  ])('rejects %s', (_name, text, wanted) => {
    expect(parseDiagnostics(text)).toEqual(wanted);
  });

  it('rejects two statements with the same Sid, but not two empty ones', () => {
    const statement = (sid: string) => `{"Sid": "${sid}", "Effect": "Allow", "Action": "*", "Resource": "*"}`;
    expect(parseDiagnostics(`{"Statement": [${statement('A')},\n${statement('A')}]}`)).toEqual([
      '2:9 error duplicate-sid',
    ]);
    expect(parseDiagnostics(`{"Statement": [${statement('')},\n${statement('')}]}`)).toEqual([]);
  });

  it('rejects a duplicate key, at any depth', () => {
    expect(parseDiagnostics(withElement('"Effect": "Deny"'))).toEqual(['8:5 error duplicate-key']);
    const condition = '"Condition": {"StringEquals": {"a:b": "1", "a:b": "2"}}';
    expect(parseDiagnostics(withElement(condition))).toEqual(['8:48 error duplicate-key']);
  });
});

describe('the elements of a statement', () => {
  it.each([
    ['no Effect', withStatement('"Action": "*"', '"Resource": "*"'), ['4:3 error missing-effect']],
    [
      'an Effect in another case',
      withStatement('"Effect": "allow"', '"Action": "*"', '"Resource": "*"'),
      ['5:15 error invalid-effect'],
    ],
    ['no Action', withStatement('"Effect": "Allow"', '"Resource": "*"'), ['4:3 error missing-action']],
    [
      'neither Resource nor Principal',
      withStatement('"Effect": "Allow"', '"Action": "*"'),
      ['4:3 error missing-resource'],
    ],
    ['Action and NotAction', withElement('"NotAction": "s3:*"'), ['8:5 error exclusive-elements']],
    ['Resource and NotResource', withElement('"NotResource": "*"'), ['8:5 error exclusive-elements']],
    [
      'Principal and NotPrincipal',
      withElement('"Principal": "*"', '"NotPrincipal": "*"'),
      ['9:5 error exclusive-elements'],
    ],
    ['an unknown element', withElement('"Conditions": {}'), ['8:5 error unknown-element']],
    ['an element in another case', withElement('"sid": "A"'), ['8:5 error unknown-element']],
    ['a Sid that is not a string', withElement('"Sid": 7'), ['8:12 error element-type']],
    [
      'an empty list of actions',
      withStatement('"Effect": "Allow"', '"Action": []', '"Resource": "*"'),
      ['6:15 error empty-list'],
    ],
    [
      'an empty list of resources',
      withStatement('"Effect": "Allow"', '"Action": "*"', '"Resource": []'),
      ['7:17 error empty-list'],
    ],
    [
      'an action that is not a string',
      withStatement('"Effect": "Allow"', '"Action": ["*", 7]', '"Resource": "*"'),
      ['6:21 error element-type'],
    ],
    ['a Condition that is not an object', withElement('"Condition": []'), ['8:18 error element-type']],
  ])('rejects %s', (_name, text, wanted) => {
    expect(parseDiagnostics(text)).toEqual(wanted);
  });

  it('suggests the nearest element for an unknown one', () => {
    expect(parseMessages(withElement('"Conditions": {}'))).toEqual([
      '"Conditions" is not a valid element here; did you mean "Condition"?',
    ]);
  });

  it('allows a trust policy to omit Resource', () => {
    const text = withStatement(
      '"Effect": "Allow"',
      '"Principal": {"Service": "personalize.amazonaws.com"}',
      '"Action": "sts:AssumeRole"',
    );
    expect(parseDiagnostics(text)).toEqual([]);
  });
});
