import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compile } from '../../src/engine/compile.ts';
import { decide } from '../../src/engine/decide.ts';
import { isWholeArnPattern } from '../../src/policy/condition-value.ts';
import { policies, type Question, question } from '../differential/arbitraries.ts';
import type { Document, LinePolicies, Statement } from '../differential/line.ts';
import { mapDocuments, policySetOf, requestOf } from './engine-subject.ts';
import { runs } from './runs.ts';

const RUNS = { numRuns: runs(2000) };

function verdict(given: LinePolicies, asked: Question): string {
  const { decision, layer } = decide(requestOf(asked), compile(policySetOf(given)));
  return `${decision} by ${layer}`;
}

const isAllowed = (given: LinePolicies, asked: Question): boolean =>
  verdict(given, asked).startsWith('allowed');

const statementsOf = ({ Statement = [] }: Document): readonly Statement[] =>
  Array.isArray(Statement) ? Statement : [Statement as Statement];

const reversed = <T>(values: T): T => (Array.isArray(values) ? (values.toReversed() as T) : values);

/** AWS evaluates the values of an Arn operator from left to right up to a malformed one, so their order matters. */
const hasOrder = (operator: string, values: unknown): boolean =>
  operator.includes('Arn') && ![values].flat().every((value) => isWholeArnPattern(`${value}`));

function reverseStatement(statement: Statement): Statement {
  const { Condition } = statement;
  const elements = Object.entries(statement).map(([name, value]) => [name, reversed(value)] as const);
  const conditions = Object.entries(Condition ?? {}).map(
    ([operator, block]) =>
      [
        operator,
        Object.fromEntries(
          Object.entries(block)
            .map(([key, values]) => [key, hasOrder(operator, values) ? values : reversed(values)])
            .reverse(),
        ),
      ] as const,
  );
  return {
    ...(Object.fromEntries(elements) as unknown as Statement),
    ...(Condition && { Condition: Object.fromEntries(conditions.reverse()) }),
  };
}

const reverseDocument = (document: Document): Document => ({
  ...document,
  Statement: statementsOf(document).map(reverseStatement).reverse(),
});

it('does not depend on the order of policies, statements, conditions and values', () => {
  fc.assert(
    fc.property(policies, question, (given, asked) => {
      const { identity = [], session, serviceControl, ...rest } = mapDocuments(given, reverseDocument);
      const turned = {
        ...rest,
        identity: identity.toReversed(),
        ...(session && { session: session.toReversed() }),
        ...(serviceControl && {
          serviceControl: serviceControl.map((level) => level.toReversed()).reverse(),
        }),
      };
      expect(verdict(turned, asked)).toBe(verdict(given, asked));
    }),
    RUNS,
  );
});

it('never allows more after a Deny is added to any policy', () => {
  const deny = fc.constantFrom<Statement>(
    { Effect: 'Deny', Action: 'personalize:Create*', Resource: '*' },
    { Effect: 'Deny', Action: ['personalize:Describe*', 'sts:*'], Resource: '*' },
    { Effect: 'Deny', Action: ['personalize:*', 'kms:*'], NotResource: 'arn:aws:personalize:*:*:campaign/*' },
  );
  fc.assert(
    fc.property(policies, question, deny, (given, asked, denial) => {
      const { resourcePolicy, resourceControl, ...own } = given;
      const others = {
        ...(resourcePolicy && { resourcePolicy }),
        ...(resourceControl && { resourceControl }),
      };
      const add = (statement: Statement) => (document: Document) => ({
        ...document,
        Statement: [...statementsOf(document), statement],
      });
      const stricter = {
        ...mapDocuments(own, add(denial)),
        ...mapDocuments(others, add({ ...denial, Principal: '*' })),
      };
      expect(isAllowed(stricter, asked) && !isAllowed(given, asked)).toBe(false);
    }),
    RUNS,
  );
});

/** The pattern with a trailing asterisk; completed ARNs and `*` alone cannot be broadened. */
const broader = (patterns: string | readonly string[]): readonly string[] =>
  [patterns].flat().map((pattern) => (isOpen(pattern) ? pattern : `${pattern}*`));

const isOpen = (pattern: string): boolean =>
  pattern === '*' || (pattern.startsWith('arn:') && pattern.split(':').length < 6);

it('never allows less after the patterns of an Allow are broadened', () => {
  const broaden = (document: Document): Document => ({
    ...document,
    Statement: statementsOf(document).map((statement) => ({
      ...statement,
      ...(statement.Effect === 'Allow' && statement.Action && { Action: broader(statement.Action) }),
      ...(statement.Effect === 'Allow' && statement.Resource && { Resource: broader(statement.Resource) }),
    })),
  });
  fc.assert(
    fc.property(policies, question, (given, asked) => {
      expect(isAllowed(given, asked) && !isAllowed(mapDocuments(given, broaden), asked)).toBe(false);
    }),
    RUNS,
  );
});

it('gives the same decision for the same request', () => {
  fc.assert(
    fc.property(policies, question, (given, asked) => {
      const compiled = compile(policySetOf(given));
      expect(decide(requestOf(asked), compiled)).toEqual(decide(requestOf(asked), compiled));
    }),
    RUNS,
  );
});
