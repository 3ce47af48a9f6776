import { describe, expect, it } from 'vitest';
import { evaluateLine } from '../../src/commands/evaluate/evaluate.ts';
import type { Line, Statement } from '../differential/line.ts';
import { evaluateNaively } from '../differential/naive-evaluator.ts';
import { ADDRESSES } from './captured/addresses.ts';
import type { CapturedRow, Found } from './captured/captured-row.ts';
import { RESOURCE_CONTROL, SIMULATED, STORED } from './captured/documents.ts';
import { SETS } from './captured/sets.ts';
import { STRINGS } from './captured/strings.ts';
import { VALUES } from './captured/values.ts';

/*
 * Responses of AWS in September 2026: a role session tags a user under a session policy with one condition. If only
 * one effect was captured, the result of the other effect follows from it.
 */

const ACCOUNT = '111122223333';
const ALLOW_ALL = { Effect: 'Allow', Action: '*', Resource: '*' } as const;
const LABEL = 'aws:RequestTag/label';

const document = (...Statement: readonly object[]) => ({ Version: '2012-10-17', Statement });

/** `allowed`, `denied` or the error code. */
function outcome(line: object): string {
  const { decision, error } = JSON.parse(evaluateLine(JSON.stringify(line)));
  if (error) return error.code;
  return decision === 'allowed' ? 'allowed' : 'denied';
}

function lineOf(row: CapturedRow, found: Found, Effect: 'Allow' | 'Deny') {
  const { operator, key = LABEL, wanted, pattern } = row;
  const tag = key.startsWith('aws:RequestTag/') && found !== undefined ? [key.slice(15)] : [];
  const tagKeys = pattern === undefined ? tag : [...tag, 'pattern'];
  const condition: Statement = {
    Effect,
    Action: '*',
    Resource: '*',
    Condition: { [operator]: { [key]: wanted } },
  };
  return {
    principal: { arn: `arn:aws:sts::${ACCOUNT}:assumed-role/tagger/one` },
    action: 'iam:TagUser',
    resource: `arn:aws:iam::${ACCOUNT}:user/ann`,
    context: {
      ...(tagKeys.length > 0 && { 'aws:TagKeys': tagKeys }),
      ...(pattern !== undefined && { 'aws:RequestTag/pattern': pattern }),
      ...(found !== undefined && { [key]: found }),
    },
    policies: {
      identity: [{ name: 'everything', document: document(ALLOW_ALL) }],
      session: [document(...(Effect === 'Deny' ? [ALLOW_ALL] : []), condition)],
    },
  };
}

const EXPECTED = {
  matches: ['allowed', 'denied'],
  differs: ['denied', 'allowed'],
  bites: ['denied', 'denied'],
  refused: ['MalformedPolicyDocument', 'MalformedPolicyDocument'],
} as const;

const EFFECTS = ['Allow', 'Deny'] as const;

describe.each([
  ['values', VALUES],
  ['addresses', ADDRESSES],
  ['strings', STRINGS],
  ['sets', SETS],
])('%s', (_name, rows) => {
  const cases = rows.flatMap((row) =>
    (['matches', 'differs', 'bites', 'refused'] as const).flatMap((word) =>
      (row[word] ?? []).map((found) => ({ row, word, found })),
    ),
  );

  it.each(cases)('$row.operator $row.wanted of $found: $word', ({ row, word, found }) => {
    const lines = EFFECTS.map((effect) => lineOf(row, found, effect));
    expect(lines.map(outcome)).toEqual(EXPECTED[word]);
    if (word === 'refused') return;
    const naive = lines.map((line) =>
      evaluateNaively(line as Line).startsWith('allowed') ? 'allowed' : 'denied',
    );
    expect(naive).toEqual(EXPECTED[word]);
  });
});

describe('a stored policy', () => {
  it.each(STORED)('with %s %s is accepted: %s', (operator, value, stored) => {
    const denial: Statement = { ...ALLOW_ALL, Effect: 'Deny', Condition: { [operator]: { [LABEL]: value } } };
    const line = {
      principal: { arn: `arn:aws:iam::${ACCOUNT}:user/ann` },
      action: 'iam:TagUser',
      resource: `arn:aws:iam::${ACCOUNT}:user/ann`,
      policies: { identity: [{ name: 'p', document: document(denial) }] },
    };
    expect(outcome(line) === 'MalformedPolicyDocument').toBe(!stored);
  });
});

describe('a resource control policy', () => {
  it.each(RESOURCE_CONTROL)('with $it is accepted: $accepted', ({ statement, version, accepted }) => {
    const line = {
      principal: { arn: `arn:aws:iam::${ACCOUNT}:user/ann` },
      action: 'sqs:SendMessage',
      resource: `arn:aws:sqs:us-east-1:${ACCOUNT}:shop`,
      policies: { resourceControl: [[{ ...(version && { Version: version }), Statement: statement }]] },
    };
    expect(outcome(line) === 'MalformedPolicyDocument').toBe(!accepted);
  });
});

describe('a call in the policy simulator', () => {
  it.each(SIMULATED)('$it: allowed is $allowed', ({ statements, boundary, resource, source, allowed }) => {
    const line = {
      principal: { arn: `arn:aws:iam::${ACCOUNT}:user/ann` },
      action: 's3:GetObject',
      resource,
      context: source === undefined ? {} : { 'aws:SourceArn': source },
      policies: {
        identity: [{ name: 'p', document: document(...statements) }],
        ...(boundary && { permissionsBoundary: document(boundary) }),
      },
    };
    expect(outcome(line)).toBe(allowed ? 'allowed' : 'denied');
  });
});
