import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { iamActions } from '../../src/model/iam-actions.ts';
import type { Statement } from '../../src/policy/ast.ts';
import { parsePolicy } from '../../src/policy/parse.ts';
import { type ActionClass, actionClasses } from '../../src/proof/action-classes.ts';
import { Budget } from '../../src/proof/budget.ts';

const POLICIES = 250;
const SERVICES = ['personalize', 'sts', 'cloudwatch'];
const reference = iamActions();

const PATTERNS = [
  '*',
  'personalize:*',
  'personalize:Create*',
  'personalize:*Dataset*',
  'personalize:*Group',
  'PERSONALIZE:describe*',
  'personalize:Get?ersonalizedRanking',
  'personalize:CreateCampaign',
  'personalize:CreateUnheardOf',
  'sts:*',
  'sts:Assume*',
  'sts:Get*Token',
  'cloudwatch:Put*',
  'cloudwatch:*Dashboard?',
];

/** Names that the reference does not have: only those that one or two patterns single out are promised. */
const UNLISTED = ['personalize:CreateUnheardOf', 'sts:AssumeUnlisted', 'personalize:CreateUnlistedGroup'];
const ALL = [
  ...SERVICES.flatMap((service) =>
    [...(reference.actionsOf(service) ?? [])].map((name) => `${service}:${name}`),
  ),
].filter((name) => !['sts:GetCallerIdentity', 'sts:GetSessionToken'].includes(name));

const statements = fc.array(
  fc.record({
    effect: fc.constantFrom('Allow', 'Deny'),
    element: fc.constantFrom('Action', 'Action', 'NotAction'),
    patterns: fc.uniqueArray(fc.constantFrom(...PATTERNS), { minLength: 1, maxLength: 3 }),
  }),
  { minLength: 1, maxLength: 4 },
);

interface Drawn {
  readonly effect: string;
  readonly element: string;
  readonly patterns: readonly string[];
}

/** As AWS describes it: any case, `*` any letters, `?` one. */
const REGEXES = new Map(
  PATTERNS.map((text) => [text, new RegExp(`^${text.replaceAll('*', '.*').replaceAll('?', '.')}$`, 'i')]),
);
const isNamed = (patterns: readonly string[], action: string): boolean =>
  patterns.some((text) => REGEXES.get(text)?.test(action) ?? false);

const expected = ({ element, patterns }: Drawn, action: string): boolean =>
  isNamed(patterns, action) === (element === 'Action');

function parsed(drawn: readonly Drawn[]): readonly Statement[] {
  const text = JSON.stringify({
    Version: '2012-10-17',
    Statement: drawn.map(({ effect, element, patterns }) => ({
      Effect: effect,
      [element]: patterns,
      Resource: '*',
    })),
  });
  const result = parsePolicy(text, { format: 'json' });
  if (!result.ok) throw new Error(text);
  return result.value.policy.statements;
}

type Change = (made: ActionClass) => ActionClass;

/** The first action that no class represents, or a class with claims that are false for its own action. */
function firstWrong(change: Change = (made) => made): readonly [string, readonly Drawn[]] | undefined {
  for (const drawn of fc.sample(statements, { numRuns: POLICIES, seed: 11 })) {
    const all = parsed(drawn);
    const wanted = all.filter(({ effect }) => effect === 'Allow');
    const classes = [...actionClasses(all, wanted, reference, new Budget(1_000_000))].map(change);
    const row = (matches: (index: number) => boolean): string =>
      all.map((_, index) => (matches(index) ? '1' : '0')).join('');
    const rows = new Set(classes.map(({ matches }) => row((index) => matches(all[index] ?? never()))));
    for (const made of classes)
      for (const [index, statement] of all.entries())
        if (made.matches(statement) !== expected(drawn[index] ?? never(), made.action))
          return [made.action, drawn];
    for (const action of [...ALL, ...UNLISTED]) {
      const wantedBy = drawn.some((each) => each.effect === 'Allow' && expected(each, action));
      if (wantedBy && !rows.has(row((index) => expected(drawn[index] ?? never(), action))))
        return [action, drawn];
    }
  }
  return undefined;
}

function never(): never {
  throw new Error('as many statements as drawn');
}

describe('the classes of actions, against every action of three services', () => {
  it('stand for each action that an Allow takes in, and match what it matches', () => {
    expect(POLICIES * ALL.length).toBeGreaterThan(20_000);
    expect(firstWrong()).toBeUndefined();
  });

  const MUTANTS: Readonly<Record<string, Change>> = {
    'NotAction is Action': (made) => ({
      ...made,
      matches: (statement) => made.matches(statement) !== (statement.action.element === 'NotAction'),
    }),
    'case counts': (made) => ({
      ...made,
      matches: (statement) =>
        made.matches(statement) && !statement.action.patterns.some(({ text }) => text.startsWith('PERS')),
    }),
    'only the first pattern counts': (made) => ({
      ...made,
      matches: (statement) =>
        statement.action.patterns.length === 1
          ? made.matches(statement)
          : isNamed([statement.action.patterns[0]?.text ?? ''], made.action) ===
            (statement.action.element === 'Action'),
    }),
  };

  it.each(Object.entries(MUTANTS))('detect a solver with one error: %s', (_, change) => {
    expect(firstWrong(change)).toBeDefined();
  });
});
