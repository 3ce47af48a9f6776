import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromValue } from '../../src/lib/document.ts';
import {
  CONDITION_OPERATORS,
  type Condition,
  type ConditionOperator,
  type Policy,
  type PrincipalElement,
} from '../../src/policy/ast.ts';
import { formatOperator } from '../../src/policy/condition-operator.ts';
import { parsePolicy, parsePolicyDocument } from '../../src/policy/parse.ts';
import { policyDocument, printPolicy } from '../../src/policy/print.ts';
import { runs } from './runs.ts';

const located = (text: fc.Arbitrary<string>) => text.map((value) => ({ text: value }));
const name = fc.stringMatching(/^[A-Za-z0-9*?]{1,12}$/);

const action = fc.oneof(
  fc.constant('*'),
  fc.tuple(fc.constantFrom('personalize', 'S3', 'iam'), name).map((parts) => parts.join(':')),
);
const resource = fc.oneof(
  fc.constantFrom('*', 'arn:aws:sqs', 'arn:*:s3:::b/${aws:username}'),
  fc.string().map((rest) => `arn:aws:personalize:us-east-1:123456789012:campaign/${rest}`),
);

const patterns = <Name extends string>(names: readonly Name[], text: fc.Arbitrary<string>) =>
  fc.record({
    element: fc.constantFrom(...names),
    patterns: fc.array(located(text), { minLength: 1, maxLength: 4 }),
  });

const PRINCIPALS = {
  AWS: ['*', '123456789012', 'arn:aws:iam::123456789012:root', 'arn:aws:iam::123456789012:user/a/b'],
  Service: ['personalize.amazonaws.com', 's3.amazonaws.com'],
  Federated: ['accounts.google.com', 'arn:aws:iam::123456789012:oidc-provider/example.com'],
} as const;

const principal: fc.Arbitrary<PrincipalElement> = fc.record({
  element: fc.constantFrom('Principal', 'NotPrincipal'),
  entries: fc
    .uniqueArray(fc.constantFrom('AWS', 'Service', 'Federated'), { minLength: 1 })
    .chain((types) =>
      fc.tuple(
        ...types.map((type) =>
          fc
            .array(fc.constantFrom(...PRINCIPALS[type]), { minLength: 1, maxLength: 3 })
            .map((values) => values.map((text) => ({ type, value: { text } }))),
        ),
      ),
    )
    .map((groups) => groups.flat()),
});

/** Values that each family of operators accepts. */
function valueFor(operator: ConditionOperator): fc.Arbitrary<string> {
  if (operator.startsWith('Numeric')) return fc.integer().map(String);
  if (operator.startsWith('Date')) return fc.constantFrom('2026-11-24T12:00:00Z', '1764000000');
  if (operator === 'Bool' || operator === 'Null') return fc.constantFrom('true', 'false');
  if (operator === 'BinaryEquals') return fc.base64String();
  if (operator.endsWith('IpAddress')) return fc.constantFrom('10.0.0.0/8', '2001:db8::1');
  if (operator.startsWith('Arn')) return fc.string().map((text) => `arn:${text}`);
  return fc.string();
}

const operator = fc
  .record({
    operator: fc.constantFrom(...CONDITION_OPERATORS),
    qualifier: fc.constantFrom(undefined, 'ForAllValues' as const, 'ForAnyValue' as const),
    ifExists: fc.boolean(),
  })
  .map(({ qualifier, ...rest }) => ({
    ...rest,
    ifExists: rest.ifExists && rest.operator !== 'Null',
    ...(qualifier && { qualifier }),
  }));

/** A document has each operator once, and each key once under it. */
const conditions: fc.Arbitrary<readonly Condition[]> = fc
  .uniqueArray(operator, { maxLength: 3, selector: formatOperator })
  .chain((operators) =>
    fc.tuple(
      ...operators.map((of) =>
        fc
          .uniqueArray(name, { minLength: 1, maxLength: 3 })
          .chain((keys) =>
            fc.tuple(
              ...keys.map((key) =>
                fc
                  .array(located(valueFor(of.operator)), { maxLength: 3 })
                  .map((values) => ({ ...of, key: { text: `aws:${key}` }, values })),
              ),
            ),
          ),
      ),
    ),
  )
  .map((blocks) => blocks.flat());

const statement = fc
  .record(
    {
      effect: fc.constantFrom('Allow' as const, 'Deny' as const),
      principal,
      action: patterns(['Action', 'NotAction'], action),
      resource: patterns(['Resource', 'NotResource'], resource),
      conditions,
    },
    { requiredKeys: ['effect', 'action', 'resource', 'conditions'] },
  )
  .map(({ principal: whom, ...rest }) => ({ ...rest, ...(whom && { principal: whom }) }));

const policy: fc.Arbitrary<Policy> = fc
  .record({
    version: fc.constantFrom('2012-10-17' as const, '2008-10-17' as const),
    id: fc.option(fc.string(), { nil: undefined }),
    sids: fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 4, maxLength: 4 }),
    statements: fc.array(statement, { minLength: 1, maxLength: 4 }),
  })
  .map(({ version, id, sids, statements }) => ({
    version,
    ...(id !== undefined && { id: { text: id } }),
    statements: statements.map((each, index) => ({ ...each, index, sid: { text: sids[index] ?? '' } })),
    size: 0,
  }));

/** A policy without what printing does not preserve: positions and size. */
function bare(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, child: unknown) =>
      key === 'position' || key === 'size' ? undefined : child,
    ),
  );
}

describe('a policy', () => {
  it('is the same after printing and parsing, except for positions and size', () => {
    fc.assert(
      fc.property(policy, (original) => {
        const parsed = parsePolicy(printPolicy(original), { format: 'json' });
        expect(parsed.ok ? bare(parsed.value.policy) : parsed.error).toEqual(bare(original));
      }),
      { numRuns: runs(500) },
    );
  });

  it('prints the same string again after parsing it', () => {
    fc.assert(
      fc.property(policy, (original) => {
        const text = printPolicy(original);
        const parsed = parsePolicy(text, { format: 'json' });
        expect(parsed.ok && printPolicy(parsed.value.policy)).toBe(text);
      }),
      { numRuns: runs(200) },
    );
  });

  it('is the same whether it is read as JSON, as YAML or as a value', () => {
    fc.assert(
      fc.property(policy, (original) => {
        const text = printPolicy(original);
        const json = parsePolicy(text, { format: 'json' });
        const yaml = parsePolicy(text, { format: 'yaml' });
        const value = parsePolicyDocument(fromValue(policyDocument(original)));
        expect(yaml.ok ? yaml.value.policy : yaml.error).toEqual(json.ok && json.value.policy);
        expect(value.ok && bare(value.value.policy)).toEqual(json.ok && bare(json.value.policy));
      }),
      { numRuns: runs(200) },
    );
  });

  it('with any part replaced is accepted or rejected, with a position for every error', () => {
    fc.assert(
      fc.property(
        policy,
        fc.nat(),
        fc.jsonValue(),
        fc.constantFrom('json', 'yaml'),
        (original, at, value, format) => {
          const text = JSON.stringify(replaceOne(policyDocument(original), at, value));
          const parsed = parsePolicy(text, { format });
          for (const diagnostic of parsed.ok ? parsed.value.warnings : parsed.error) {
            expect(diagnostic.line).toBe(1);
            expect(diagnostic.column).toBeGreaterThan(0);
            expect(diagnostic.column).toBeLessThanOrEqual(text.length);
          }
        },
      ),
      { numRuns: runs(500) },
    );
  });
});

/** The value with its `at`-th part replaced by another. */
function replaceOne(whole: unknown, at: number, part: unknown): unknown {
  let count = 0;
  JSON.stringify(whole, (_key, child: unknown) => {
    count += 1;
    return child;
  });
  let left = at % count;
  return JSON.parse(
    JSON.stringify(whole, (_key, child: unknown) => {
      left -= 1;
      return left === -1 ? part : child;
    }),
  );
}
