import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arnOf } from '../../src/lib/identifiers.ts';
import { evaluateNaively } from '../differential/naive-evaluator.ts';
import { pairs, provePair, requests, situationsOf } from './proof-subject.ts';
import { IS_LONG } from './runs.ts';

const PAIRS = IS_LONG ? 200 : 100;
/** For each PASS. */
const REQUESTS = IS_LONG ? 10_000 : 200;
const SEED = 20_261;

const drawn = fc
  .sample(pairs, { numRuns: PAIRS, seed: SEED })
  .map((pair) => ({ pair, answer: provePair(pair) }));

describe('proofs about random pairs of policies, over all operators, variables and layers', () => {
  it('reports no PASS that a request from the constants of both, or near them, refutes', {
    timeout: 460_000,
  }, () => {
    let asked = 0;
    let passed = 0;
    for (const { pair, answer } of drawn) {
      if (answer.kind !== 'pass') continue;
      passed += 1;
      for (const { zone, principal, decide } of situationsOf(pair))
        for (const request of fc.sample(requests(zone), { numRuns: REQUESTS / 2, seed: SEED + asked })) {
          asked += 1;
          const { next, existing } = decide({ principal, ...request, resource: arnOf(request.resource) });
          if (next && !existing) expect({ pair, request }).toBeUndefined();
        }
    }
    expect(passed).toBeGreaterThan(PAIRS / 2);
    expect(asked).toBe(passed * REQUESTS);
  });

  it('reports only counterexamples that the engine and the reference evaluator decide differently', () => {
    const failures = drawn.flatMap(({ pair, answer }) =>
      answer.kind === 'fail' ? [{ pair, ...answer.witness }] : [],
    );
    expect(failures.length).toBeGreaterThan(PAIRS / 20);
    for (const { pair, request, situation } of failures) {
      expect(situation.decide(request)).toEqual({ next: true, existing: false });
      const line = {
        principal: { arn: pair.principal },
        action: request.action,
        resource: request.resource,
        context: Object.fromEntries(request.context),
      };
      expect(evaluateNaively({ ...line, policies: pair.next }), JSON.stringify(line)).toMatch(/^allowed/);
      expect(evaluateNaively({ ...line, policies: pair.existing }), JSON.stringify(line)).not.toMatch(
        /^allowed/,
      );
    }
  });

  it('leaves at most 2 % undecided', () => {
    const unknown = drawn.filter(({ answer }) => answer.kind === 'unknown');
    expect(unknown.length).toBeLessThanOrEqual(PAIRS / 50);
  });
});
