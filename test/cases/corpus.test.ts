import { describe, expect, it } from 'vitest';
import { evaluateLine } from '../../src/commands/evaluate/evaluate.ts';
import { readPolicies } from '../../src/directory/policy-documents.ts';
import { parsePrincipalArn } from '../../src/directory/principal-arn.ts';
import { compile } from '../../src/engine/compile.ts';
import { decide } from '../../src/engine/decide.ts';
import type { AuthorizationRequest } from '../../src/engine/request.ts';
import { simulate } from '../../src/explanation/simulation.ts';
import { fromValue } from '../../src/lib/document.ts';
import { arnOf } from '../../src/lib/identifiers.ts';
import type { Line } from '../differential/line.ts';
import { evaluateNaively } from '../differential/naive-evaluator.ts';
import { type Case, loadCases } from './load.ts';

const CASES = loadCases();

/** The result of each evaluator; the reference evaluator does not return the determining statements. */
interface Outcome {
  readonly decision: string;
  readonly layer: string;
  readonly determining?: readonly string[];
}

describe.each(CASES)('$title', ({ line, expect: wanted }: Case) => {
  if (wanted.decision === 'refused') {
    it('rejects the policy with an error', () => {
      expect(JSON.parse(evaluateLine(JSON.stringify(line)))).toMatchObject({
        error: { code: 'MalformedPolicyDocument' },
      });
    });
    return;
  }
  it.each(Object.entries(EVALUATORS))('is decided by %s', (_, evaluate) => {
    const { decision, layer, determining } = evaluate(line);
    expect({
      decision,
      ...(wanted.layer && { layer }),
      ...(wanted.determining && { determining: determining ?? wanted.determining }),
    }).toEqual(wanted);
  });
});

describe('the corpus', () => {
  it('has at least 400 cases with unique titles', () => {
    expect(new Set(CASES.map(({ title }) => title)).size).toBe(CASES.length);
    expect(CASES.length).toBeGreaterThanOrEqual(400);
  });
});

const refs = (all: readonly { readonly policy: string; readonly statement: number }[]): readonly string[] =>
  all.map(({ policy, statement }) => `${policy}#${statement}`);

const EVALUATORS: Readonly<Record<string, (line: Line) => Outcome>> = {
  'the engine': (line) => {
    const { request, policies } = compiled(line);
    const { decision, layer, determining } = decide(request, policies);
    return { decision, layer, determining: refs(determining) };
  },
  'the reference evaluator': (line) => {
    const [decision = '', layer = ''] = evaluateNaively(line).split(' by ');
    return { decision, layer };
  },
  evaluate: (line) => {
    const { decision, layer, determining } = JSON.parse(evaluateLine(JSON.stringify(line)));
    return { decision, layer, determining: refs(determining) };
  },
  simulate: (line) => {
    const { request, policies } = compiled(line);
    const { decision, layer, determining } = simulate({ ...request, policies });
    return { decision, layer, determining: refs(determining) };
  },
};

function compiled({ principal: { arn }, action, resource, context, policies }: Line) {
  const principal = parsePrincipalArn(arn);
  const read = readPolicies(fromValue(policies), { trust: action.startsWith('sts:') });
  if (principal === undefined || !read.ok)
    throw new Error(read.ok ? `no principal: ${arn}` : read.error.join('; '));
  const keys = Object.entries(context).map(([key, value]) => [key.toLowerCase(), value] as const);
  const request: AuthorizationRequest = {
    principal,
    action,
    resource: arnOf(resource),
    context: new Map(keys),
  };
  return { request, policies: compile(read.value) };
}
