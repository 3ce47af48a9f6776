import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compile } from '../../src/engine/compile.ts';
import { decide } from '../../src/engine/decide.ts';
import { explain } from '../../src/engine/explain.ts';
import type { AuthorizationRequest } from '../../src/engine/request.ts';
import { policies, question } from '../differential/arbitraries.ts';
import { policySetOf, requestOf, withChange, withSent } from './engine-subject.ts';
import { runs } from './runs.ts';

const RUNS = { numRuns: runs(2000) };

it('traces to the same decision', () => {
  fc.assert(
    fc.property(policies, question, (given, asked) => {
      const compiled = compile(policySetOf(given));
      const request = requestOf(asked);
      expect(explain(request, compiled).decision).toEqual(decide(request, compiled));
    }),
    RUNS,
  );
});

it('has a reason for every statement that does not match, and no reason for a match', () => {
  fc.assert(
    fc.property(policies, question, (given, asked) => {
      const { layers } = explain(requestOf(asked), compile(policySetOf(given)));
      const statements = layers.flatMap((layer) => layer.statements);
      expect(statements.filter(({ matched, mismatch }) => matched === (mismatch !== undefined))).toEqual([]);
    }),
    RUNS,
  );
});

/** Without credentials these operations fail regardless of policies. */
const needsCredentials = ({ action, principal }: AuthorizationRequest): boolean =>
  /^sts:get(?:calleridentity|sessiontoken)$/i.test(action) && !('accountId' in principal);

it('suggests changes for every denial that together allow the request', () => {
  fc.assert(
    fc.property(policies, question, (given, asked) => {
      const set = policySetOf(given);
      const request = requestOf(asked);
      fc.pre(!needsCredentials(request));
      const { decision, changes } = explain(request, compile(set));
      const changed = changes.reduce((before, change) => withChange(before, change, request.resource), set);
      expect(changes.length === 0).toBe(decision.decision === 'allowed');
      if (changes.some(({ kind }) => kind === 'impossible')) return;
      expect(decide(changes.reduce(withSent, request), compile(changed)).decision).toBe('allowed');
    }),
    RUNS,
  );
});

it('suggests no unnecessary change', () => {
  fc.assert(
    fc.property(policies, question, (given, asked) => {
      const set = policySetOf(given);
      const request = requestOf(asked);
      const { changes } = explain(request, compile(set));
      for (const omitted of changes) {
        const others = changes.filter((change) => change !== omitted);
        const changed = others.reduce((before, change) => withChange(before, change, request.resource), set);
        expect(decide(request, compile(changed)).decision).not.toBe('allowed');
      }
    }),
    RUNS,
  );
});
