import { describe, expect, it } from 'vitest';
import { createEvaluator, evaluateLine, evaluateStream } from '../../../src/commands/evaluate/evaluate.ts';

const ALLOW_ALL = {
  Version: '2012-10-17',
  Statement: [{ Sid: 'S', Effect: 'Allow', Action: 'personalize:*', Resource: '*' }],
};
const CAMPAIGN = 'arn:aws:personalize:us-east-1:123456789012:campaign/shop';
const LINE = {
  principal: { arn: 'arn:aws:iam::123456789012:user/alice' },
  action: 'personalize:CreateCampaign',
  resource: CAMPAIGN,
  context: {},
  policies: { identity: [{ name: 'p', document: ALLOW_ALL }] },
};

const evaluate = (changes: Readonly<Record<string, unknown>> = {}) =>
  JSON.parse(evaluateLine(JSON.stringify({ ...LINE, ...changes })));
const allowWhen = (Condition: unknown) => ({
  identity: [
    { name: 'p', document: { ...ALLOW_ALL, Statement: [{ ...ALLOW_ALL.Statement[0], Condition }] } },
  ],
});

describe('evaluateLine', () => {
  it('gives decision, layer and determining statements, and no message for what is allowed', () => {
    expect(evaluate()).toEqual({
      decision: 'allowed',
      layer: 'identity',
      determining: [{ policy: 'p', statement: 0, sid: 'S' }],
    });
  });

  it("gives AWS's sentence for what is denied", () => {
    expect(evaluate({ policies: {} })).toEqual({
      decision: 'implicitDeny',
      layer: 'identity',
      determining: [],
      message: `User: arn:aws:iam::123456789012:user/alice is not authorized to perform: personalize:CreateCampaign on resource: ${CAMPAIGN} because no identity-based policy allows the personalize:CreateCampaign action`,
    });
  });

  it('leaves out the Sid of a statement without one', () => {
    const document = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } };

    expect(evaluate({ policies: { identity: [{ name: 'p', document }] } }).determining).toEqual([
      { policy: 'p', statement: 0 },
    ]);
  });

  it('calls policies without a name by their place', () => {
    const deny = { Version: '2012-10-17', Statement: { Effect: 'Deny', Action: '*', Resource: '*' } };

    expect(
      evaluate({ policies: { ...LINE.policies, serviceControl: [[ALLOW_ALL], [ALLOW_ALL, deny]] } }),
    ).toMatchObject({
      decision: 'explicitDeny',
      determining: [{ policy: 'serviceControl[1][1]', statement: 0 }],
    });
  });

  it('fills nothing into the context', () => {
    const policies = allowWhen({ StringEquals: { 'aws:username': 'alice' } });

    expect(evaluate({ policies }).decision).toBe('implicitDeny');
    expect(evaluate({ policies, context: { 'aws:username': 'alice' } }).decision).toBe('allowed');
  });

  it('takes the names of context keys in any case, lists for keys of several values, scalars for their text', () => {
    const policies = allowWhen({
      'ForAllValues:StringEquals': { 'aws:TagKeys': ['team'] },
      Bool: { 'aws:SecureTransport': 'true' },
      NumericEquals: { 'aws:MultiFactorAuthAge': 7 },
    });
    const context = { 'AWS:tagkeys': ['team'], 'aws:SecureTransport': true, 'aws:MultiFactorAuthAge': 7 };

    expect(evaluate({ policies, context }).decision).toBe('allowed');
  });

  it('takes numbers of the context as the line spells them, and keys of any name', () => {
    const withContext = (context: string) =>
      evaluateLine(
        JSON.stringify({ ...LINE, policies: allowWhen({ StringEquals: {} }) })
          .replace('"StringEquals":{}', '"StringEquals":{"__proto__":12345678901234567890}')
          .replace('"context":{}', `"context":${context}`),
      );

    expect(JSON.parse(withContext('{"__proto__":12345678901234567890}')).decision).toBe('allowed');
    expect(JSON.parse(withContext('{"__proto__":12345678901234567000}')).decision).toBe('implicitDeny');
    expect(JSON.parse(withContext('{"__proto__":1e400}')).decision).toBe('implicitDeny');
  });

  it('decides patterns and values of any length', () => {
    const long = 'x'.repeat(200_000);
    const policies = allowWhen({
      StringLike: { 'a:b': `${long}*${long}` },
      ArnLike: { 'a:c': `arn:::::${long}?` },
    });
    const context = { 'a:b': `${long}-${long}`, 'a:c': `arn:::::${long}-` };

    expect(evaluate({ policies, context }).decision).toBe('allowed');
  });

  it('does without context and policies', () => {
    const { context: _, policies: __, ...bare } = LINE;

    expect(JSON.parse(evaluateLine(JSON.stringify(bare)))).toMatchObject({ decision: 'implicitDeny' });
  });

  it.each([
    ['a blank line', '', 'empty'],
    ['what is not JSON', '{"principal":', 'expected'],
    ['what is not an object', '[]', 'list'],
    ['a comment', `${JSON.stringify(LINE)} // no`, 'comments'],
    ['a key that is written twice', JSON.stringify(LINE).replace('{', '{"action":"a:B",'), 'duplicate key'],
  ])('refuses %s', (_, line, reason) => {
    const { error } = JSON.parse(evaluateLine(line));

    expect(error.code).toBe('InvalidInput');
    expect(error.message).toContain(reason);
  });

  it.each([
    ['an unknown member', { contexts: {} }, 'contexts: unknown key; did you mean "context"?'],
    ['an unknown layer', { policies: { identities: [] } }, 'policies.identities: unknown key'],
    ['a missing action', { action: undefined }, 'action: is missing'],
    ['a wildcard in the action', { action: 'personalize:*' }, 'action: must be an action'],
    ['a resource that is no ARN', { resource: 'campaign/shop' }, 'resource: must be an ARN or "*"'],
    [
      'an object in the context',
      { context: { 'aws:TagKeys': { a: 1 } } },
      'context.aws:TagKeys: must be text, or a list',
    ],
    [
      'null in the context',
      { context: { 'aws:TagKeys': null } },
      'context.aws:TagKeys: must be text, or a list',
    ],
    [
      'a context key twice in other case',
      { context: { 'a:b': '1', 'A:B': '2' } },
      'context.A:B: the key is given twice',
    ],
    [
      'a policy without its name',
      { policies: { identity: [ALLOW_ALL] } },
      'policies.identity[0].name: is missing',
    ],
    [
      'a principal that is none',
      { principal: { arn: 'arn:aws:iam::123456789012:group/g' } },
      'principal.arn',
    ],
    [
      'an account that is none',
      { policies: { resourcePolicy: { document: ALLOW_ALL, account: '1' } } },
      '12 digits',
    ],
  ])('refuses %s, by name', (_, changes, reason) => {
    const { error } = evaluate(changes);

    expect(error.code).toBe('InvalidInput');
    expect(error.message).toContain(reason);
  });

  it('refuses a policy that AWS would refuse, and says where', () => {
    const document = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resources: '*' } };

    expect(
      evaluate({ policies: { identity: [LINE.policies.identity[0], { name: 'q', document }] } }).error,
    ).toMatchObject({
      code: 'MalformedPolicyDocument',
      message: expect.stringContaining('policies.identity[1].document: '),
    });
  });

  it('refuses a key that a policy has twice', () => {
    const line = JSON.stringify(LINE).replace('"Effect":"Allow"', '"Effect":"Deny","Effect":"Allow"');

    expect(JSON.parse(evaluateLine(line)).error).toMatchObject({ code: 'MalformedPolicyDocument' });
  });

  it('takes the policy of a role for a trust policy', () => {
    const document = {
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Principal: { AWS: '123456789012' }, Action: 'sts:AssumeRole' },
    };
    const changes = { action: 'sts:AssumeRole', resource: 'arn:aws:iam::123456789012:role/app' };

    expect(
      evaluate({ ...changes, policies: { resourcePolicy: { document, account: '123456789012' } } }),
    ).toMatchObject({
      decision: 'implicitDeny',
      layer: 'identity',
    });
  });
});

describe('createEvaluator', () => {
  it('does not confuse policies that differ only in how a number is spelled', () => {
    const evaluateNext = createEvaluator();
    const line = (wanted: string) =>
      JSON.stringify({
        ...LINE,
        context: { 'x:n': '1.0' },
        policies: allowWhen({ StringEquals: { 'x:n': '@' } }),
      }).replace('"@"', wanted);

    expect(JSON.parse(evaluateNext(line('1'))).decision).toBe('implicitDeny');
    expect(JSON.parse(evaluateNext(line('1.0'))).decision).toBe('allowed');
  });

  it('answers a line that comes again as it did before', () => {
    const evaluateNext = createEvaluator();
    const line = JSON.stringify(LINE);

    expect(evaluateNext(line)).toBe(evaluateNext(line));
  });
});

describe('evaluateStream', () => {
  it('answers line by line in the same order, and goes on after a line that is not valid', async () => {
    const lines = [JSON.stringify(LINE), 'no', '', JSON.stringify({ ...LINE, policies: {} })];

    const answers: string[] = [];
    for await (const answer of evaluateStream(lines)) {
      const { decision, error } = JSON.parse(answer);
      answers.push(decision ?? error.code);
    }

    expect(answers).toEqual(['allowed', 'InvalidInput', 'InvalidInput', 'implicitDeny']);
  });
});
