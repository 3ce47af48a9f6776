import fc from 'fast-check';
import type { Context, Document, Line, LinePolicies, Statement } from './line.ts';
import {
  A,
  ACTION_PATTERNS,
  ACTIONS,
  B,
  FAMILIES,
  type Family,
  KEYS,
  NAMED_PRINCIPALS,
  ODD_VALUES,
  PRINCIPALS,
  RCP_ACTION_PATTERNS,
  RESOURCE_PATTERNS,
  RESOURCES,
  SPARED,
  TEXTS,
  WHOLE_RESOURCE_PATTERNS,
} from './pools.ts';

const oneOf = <T>(pool: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...pool);
const some = <T>(pool: readonly T[], maxLength = 2): fc.Arbitrary<readonly T[]> =>
  fc.array(oneOf(pool), { minLength: 1, maxLength });

type Condition = NonNullable<Statement['Condition']>;

const conditionOf = ({ operators, keys, wanted }: Family): fc.Arbitrary<Condition> =>
  fc
    .tuple(
      oneOf(['', '', '', 'ForAllValues:', 'ForAnyValue:']),
      oneOf(operators),
      oneOf(['', '', 'IfExists']),
      // Occasionally a key of another family, whose values have the wrong type.
      oneOf([...keys, ...keys, ...keys, ...KEYS]),
      fc.array(oneOf(wanted), { minLength: 0, maxLength: 3 }),
    )
    .map(([set, operator, ifExists, key, values]) => ({
      [`${set}${operator}${operator === 'Null' ? '' : ifExists}`]: {
        [key]: values.length === 1 ? (values[0] ?? '') : values,
      },
    }));

const condition = fc.oneof(...FAMILIES.map(conditionOf));
/** Includes values that only STS accepts. */
const sessionCondition = fc.oneof(
  ...FAMILIES.map((family) =>
    conditionOf({ ...family, wanted: [...family.wanted, ...(family.lenient ?? [])] }),
  ),
);
const noCondition = fc.constant({});
const conditionsOf = (one: fc.Arbitrary<Condition>): fc.Arbitrary<{ Condition?: Condition }> =>
  fc.oneof(
    { weight: 3, arbitrary: noCondition },
    { weight: 3, arbitrary: one.map((Condition) => ({ Condition })) },
    { weight: 1, arbitrary: fc.tuple(one, one).map(([a, b]) => ({ Condition: { ...a, ...b } })) },
  );

const actions = fc.oneof(
  { weight: 5, arbitrary: some(ACTION_PATTERNS).map((Action) => ({ Action })) },
  {
    weight: 1,
    arbitrary: some(ACTION_PATTERNS.filter((text) => text !== '*')).map((NotAction) => ({ NotAction })),
  },
);
const rcpActions = some(RCP_ACTION_PATTERNS).map((Action) => ({ Action }));
const resourcesIn = (pool: readonly string[]) =>
  fc.oneof(
    { weight: 5, arbitrary: some(pool).map((Resource) => ({ Resource })) },
    {
      weight: 1,
      arbitrary: some(pool.filter((text) => text !== '*')).map((NotResource) => ({ NotResource })),
    },
  );

/** Allows are broad, or six layers together would never allow anything; denies are narrow. */
const effect = oneOf(['Allow', 'Allow', 'Allow', 'Deny'] as const);

const statement = (resources: readonly string[], one = condition): fc.Arbitrary<Statement> =>
  fc
    .tuple(effect, actions, resourcesIn(resources), conditionsOf(one))
    .map(([Effect, action, resource, restriction]) => ({ Effect, ...action, ...resource, ...restriction }));

const resourceStatement: fc.Arbitrary<Statement> = fc
  .tuple(statement(RESOURCE_PATTERNS), oneOf(NAMED_PRINCIPALS), oneOf(SPARED), fc.boolean())
  .map(([rest, Principal, NotPrincipal, spare]) =>
    rest.Effect === 'Deny' && spare ? { ...rest, NotPrincipal } : { ...rest, Principal },
  );

const denyAll: fc.Arbitrary<Statement> = fc
  .tuple(rcpActions, resourcesIn(RESOURCE_PATTERNS), condition)
  .map(([action, resource, Condition]) => ({
    Effect: 'Deny',
    Principal: '*',
    ...action,
    ...resource,
    Condition,
  }));

const FULL_ACCESS: Document = {
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Action: '*', Resource: '*' },
};

const versions = oneOf([{ Version: '2012-10-17' }, { Version: '2012-10-17' }, { Version: '2012-10-17' }, {}]);

const documentOf = (of: fc.Arbitrary<Statement>, maxLength = 3, minLength = 1): fc.Arbitrary<Document> =>
  fc
    .tuple(versions, fc.array(of, { minLength, maxLength }))
    .map(([version, Statement]) => ({ ...version, Statement }));

const orFull = (document: fc.Arbitrary<Document>): fc.Arbitrary<Document> =>
  fc.oneof({ weight: 1, arbitrary: fc.constant(FULL_ACCESS) }, { weight: 2, arbitrary: document });

/** Occasionally more statements than the engine scans linearly: only then does it use its index. */
const identityDocument = fc.oneof(
  { weight: 15, arbitrary: documentOf(statement(RESOURCE_PATTERNS)) },
  { weight: 1, arbitrary: documentOf(statement(RESOURCE_PATTERNS), 40, 20) },
);
const guardrail = orFull(documentOf(statement(RESOURCE_PATTERNS), 2));
const levels = fc.array(fc.array(guardrail, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 2 });

/** Each layer is present in half of the cases. */
const maybe = <K extends string, T>(
  key: K,
  layer: fc.Arbitrary<T>,
): fc.Arbitrary<{ readonly [k in K]?: T }> =>
  fc.oneof(
    { weight: 1, arbitrary: fc.constant({}) },
    { weight: 1, arbitrary: layer.map((value) => ({ [key]: value }) as { readonly [k in K]?: T }) },
  );

export const policies: fc.Arbitrary<LinePolicies> = fc
  .tuple(
    fc
      .array(identityDocument, { maxLength: 3 })
      .map((documents) => documents.map((document, index) => ({ name: `p${index}`, document }))),
    maybe('permissionsBoundary', guardrail),
    maybe(
      'session',
      fc.array(orFull(documentOf(statement(WHOLE_RESOURCE_PATTERNS, sessionCondition), 2)), {
        minLength: 1,
        maxLength: 2,
      }),
    ),
    maybe('serviceControl', levels),
    maybe(
      'resourceControl',
      fc.array(fc.array(documentOf(denyAll, 2), { maxLength: 1 }), { minLength: 1, maxLength: 2 }),
    ),
    maybe(
      'resourcePolicy',
      fc.record({ document: documentOf(resourceStatement), account: oneOf([A, A, B]) }),
    ),
  )
  .map(([identity, ...layers]) => Object.assign({ identity }, ...layers));

const contextValue = (found: readonly string[]): fc.Arbitrary<string | readonly string[] | undefined> =>
  fc.oneof(
    { weight: 2, arbitrary: fc.constant(undefined) },
    { weight: 6, arbitrary: oneOf(found) },
    { weight: 1, arbitrary: fc.array(oneOf(found), { maxLength: 3 }) },
    { weight: 1, arbitrary: oneOf(ODD_VALUES) },
  );

const context: fc.Arbitrary<Context> = fc
  .tuple(...KEYS.map((key) => contextValue(FAMILIES.find(({ keys }) => keys.includes(key))?.found ?? TEXTS)))
  .map((values) =>
    Object.fromEntries(
      KEYS.flatMap((key, index) => (values[index] === undefined ? [] : [[key, values[index]]])),
    ),
  );

export type Question = Omit<Line, 'policies'>;

export const question: fc.Arbitrary<Question> = fc
  .tuple(oneOf(PRINCIPALS), oneOf(ACTIONS), oneOf(RESOURCES), context)
  .map(([arn, action, resource, given]) => ({ principal: { arn }, action, resource, context: given }));
