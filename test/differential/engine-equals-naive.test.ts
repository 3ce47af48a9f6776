import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readPolicies } from '../../src/directory/policy-documents.ts';
import { parsePrincipalArn } from '../../src/directory/principal-arn.ts';
import { compile } from '../../src/engine/compile.ts';
import { decide } from '../../src/engine/decide.ts';
import type { AuthorizationRequest } from '../../src/engine/request.ts';
import { fromValue } from '../../src/lib/document.ts';
import { arnOf } from '../../src/lib/identifiers.ts';
import { runs } from '../property/runs.ts';
import { policies, type Question, question } from './arbitraries.ts';
import type { LinePolicies } from './line.ts';
import { evaluateNaively, type Verdict } from './naive-evaluator.ts';

/**
 * A case is one request under one set of policies. Each generated set is used for many requests, because generating
 * sets costs more than evaluating them. `npm run test:long` runs ten times as many; `AUTHZ_FUZZ_RUNS=5000000` runs
 * millions.
 */
const CASES = Number(process.env.AUTHZ_FUZZ_RUNS ?? runs(250_000));
const REQUESTS_A_SET = 25;

const questions = fc.array(question, { minLength: REQUESTS_A_SET, maxLength: REQUESTS_A_SET });

it('decides every generated request as the reference evaluator does, by the same layer', {
  timeout: CASES * 10,
}, () => {
  const verdicts = new Map<Verdict, number>();
  let cases = 0;
  fc.assert(
    fc.property(policies, questions, (set, asked) => {
      const decideLine = engineFor(set);
      for (const one of asked) {
        const verdict = evaluateNaively({ ...one, policies: set });
        const decided = decideLine(one);
        if (decided !== verdict)
          throw new Error(
            `engine: ${decided}, reference evaluator: ${verdict}, for ${JSON.stringify({ ...one, policies: set })}`,
          );
        verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1);
        cases += 1;
      }
    }),
    { numRuns: Math.ceil(CASES / REQUESTS_A_SET) },
  );
  expect(cases).toBeGreaterThanOrEqual(CASES);
  expectEveryVerdict(verdicts, cases);
});

function engineFor(set: LinePolicies): (question: Question) => string {
  const read = readPolicies(fromValue(set), { trust: false });
  if (!read.ok) throw new Error(`the generator created an invalid policy: ${read.error.join('; ')}`);
  const compiled = compile(read.value);
  return (asked) => {
    const { decision, layer } = decide(toRequest(asked), compiled);
    return `${decision} by ${layer}`;
  };
}

function toRequest({ principal: { arn }, action, resource, context }: Question): AuthorizationRequest {
  const principal = parsePrincipalArn(arn, context['aws:PrincipalArn']);
  if (principal === undefined) throw new Error(`the generator created an invalid principal: ${arn}`);
  const keys = Object.entries(context).map(([key, value]) => [key.toLowerCase(), value] as const);
  return { principal, action, resource: arnOf(resource), context: new Map(keys) };
}

/** Every possible outcome, and its minimum share of the cases, in percent. */
const SHARES: readonly (readonly [Verdict, number])[] = [
  ['allowed by identity', 5],
  ['allowed by resourcePolicy', 0.5],
  ['explicitDeny by resourceControl', 0.5],
  ['explicitDeny by serviceControl', 0.5],
  ['explicitDeny by resourcePolicy', 0.5],
  ['explicitDeny by identity', 5],
  ['explicitDeny by permissionsBoundary', 0.5],
  ['explicitDeny by session', 0.5],
  ['implicitDeny by serviceControl', 0.5],
  ['implicitDeny by resourcePolicy', 5],
  ['implicitDeny by identity', 5],
  ['implicitDeny by permissionsBoundary', 0.5],
  ['implicitDeny by session', 0.5],
];

/** Two evaluators that agree only on denials would prove little. */
function expectEveryVerdict(verdicts: ReadonlyMap<Verdict, number>, cases: number): void {
  const shares = SHARES.map(([verdict]) => ({
    verdict,
    percent: (100 * (verdicts.get(verdict) ?? 0)) / cases,
  }));
  // A short run uses few sets: the shares of rare outcomes vary.
  const part = cases >= 250_000 ? 1 : 1 / 10;
  for (const [index, [verdict, least]] of SHARES.entries())
    expect(shares[index]?.percent, `${verdict}: ${JSON.stringify(shares)}`).toBeGreaterThanOrEqual(
      least * part,
    );
}
