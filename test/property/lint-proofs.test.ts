import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Finding } from '../../src/commands/lint/finding.ts';
import { unreachable } from '../../src/commands/lint/reach.ts';
import { redundancies } from '../../src/commands/lint/redundancy.ts';
import type { Subject } from '../../src/commands/lint/subject.ts';
import { compile } from '../../src/engine/compile.ts';
import { decide } from '../../src/engine/decide.ts';
import type { NamedPolicy, PolicySet } from '../../src/engine/policy-set.ts';
import type { Statement } from '../../src/policy/ast.ts';
import { policies, question } from '../differential/arbitraries.ts';
import { policySetOf, requestOf } from './engine-subject.ts';
import { runs, SEED_OF_COUNTS } from './runs.ts';

const SETS = runs(4_000);
/** Found in one set of fifty. */
const MORE_SETS = 3 * SETS;
/**
 * Of a policy. A few policies have up to 40 statements, for the index of the engine: proofs about these would take most of
 * the time of `npm test`. The long run has all of them.
 */
const MOST_STATEMENTS = runs(80);
const questions = fc.array(question, { minLength: 25, maxLength: 25 });

/** A single user has the whole set of policies. */
const subjectsOf = (set: PolicySet): readonly Subject[] =>
  set.identity.map(({ name, policy }) => ({
    name,
    policy,
    kinds: new Set(['inline']),
    holders: [{ kind: 'user', policies: set }],
  }));

const shortened = (set: PolicySet): PolicySet => ({
  ...set,
  identity: set.identity.map(({ policy, ...rest }) => ({
    ...rest,
    policy: { ...policy, statements: policy.statements.slice(0, MOST_STATEMENTS) },
  })),
});

/** Redundancy costs most of the time: it is not computed for the rules of `unreachable` alone. */
const findingsOf = (set: PolicySet, rules: readonly string[]): readonly Finding[] => {
  const subjects = subjectsOf(set);
  const redundant = rules.some((rule) => REDUNDANCY.has(rule)) ? redundancies(subjects) : [];
  return [...redundant, ...subjects.flatMap(unreachable)].filter(({ rule }) => rules.includes(rule));
};

const REDUNDANCY = new Set(['redundant-statement', 'redundant-pattern', 'shadowed-statement']);

/** The identity-based policies without the parts that some rules report. */
function without(set: PolicySet, findings: readonly Finding[]): PolicySet {
  const of = (policy: string, { index }: Statement) =>
    findings.filter((finding) => finding.policy === policy && finding.statement === index);
  return {
    ...set,
    identity: set.identity.map(
      ({ name, policy, ...rest }): NamedPolicy => ({
        ...rest,
        name,
        policy: {
          ...policy,
          statements: policy.statements
            .filter((statement) => of(name, statement).every(({ rule }) => rule === 'redundant-pattern'))
            .map((statement) => withoutPatterns(statement, of(name, statement))),
        },
      }),
    ),
  };
}

function withoutPatterns(statement: Statement, findings: readonly Finding[]): Statement {
  const gone = new Set(findings.map(({ remove = [] }) => remove.slice(2).join(' ')));
  const kept = <Element extends { element: string; patterns: readonly unknown[] }>(of: Element): Element => ({
    ...of,
    patterns: of.patterns.filter((_, index) => !gone.has(`${of.element} ${index}`)),
  });
  const { action, resource } = statement;
  return { ...statement, action: kept(action), ...(resource && { resource: kept(resource) }) };
}

/** Principals that the owner of the policies cannot be: a service-linked role, or the root user, which has no policies. */
const isOther = (arn: string, aboutDeny: boolean): boolean =>
  arn.includes(':role/aws-service-role/') || (aboutDeny && arn.endsWith(':root'));

const found = new Map<string, number>();

it.each([
  ['redundant-statement', 'redundant-pattern', 'shadowed-statement', 'impossible-condition'],
  ['unreachable-deny'],
])('changes no decision if reported parts are removed: %s', { timeout: 60_000 }, (...rules) => {
  fc.assert(
    fc.property(policies, questions, ({ resourcePolicy, ...own }, asked) => {
      // An unreachable Deny is reported for Personalize, which has no resource-based policies, and for identities to
      // which a policy can be attached, which excludes the root user.
      const aboutDeny = rules.includes('unreachable-deny');
      const line = aboutDeny || !resourcePolicy ? own : { ...own, resourcePolicy };
      const set = shortened(policySetOf(line));
      const findings = findingsOf(set, rules);
      if (findings.length === 0) return;
      for (const { rule } of findings) found.set(rule, (found.get(rule) ?? 0) + 1);
      const [before, after] = [compile(set), compile(without(set, findings))];
      for (const one of asked.filter(({ principal: { arn } }) => !isOther(arn, aboutDeny))) {
        const request = requestOf(one);
        const answers = [before, after].map((compiled) => decide(request, compiled));
        const [had, has] = answers.map(({ decision, layer }) =>
          // An unreachable Deny only makes a denial explicit; without it, nothing more is allowed.
          aboutDeny ? String(decision === 'allowed') : `${decision} by ${layer}`,
        );
        expect(has, JSON.stringify({ findings, line, one })).toBe(had);
      }
    }),
    { numRuns: rules.includes('unreachable-deny') ? MORE_SETS : SETS, ...SEED_OF_COUNTS },
  );
});

it('has enough findings to test the proofs', () => {
  expect(found.get('redundant-statement')).toBeGreaterThan(100);
  expect(found.get('redundant-pattern')).toBeGreaterThan(100);
  expect(found.get('shadowed-statement')).toBeGreaterThan(20);
  expect(found.get('unreachable-deny')).toBeGreaterThan(0);
});
