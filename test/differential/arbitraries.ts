import fc from 'fast-check';
import type { Context, Document, Line, LinePolicies, Statement } from './line.ts';

/*
 * Policies and requests drawn from the same small pools, so that they meet: a wide space of names would hardly ever
 * match and would prove nothing but the implicit deny.
 */

const A = '111111111111';
const B = '222222222222';
const USER = `arn:aws:iam::${A}:user/alice`;
const ROLE = `arn:aws:iam::${A}:role/app`;
const SESSION = `arn:aws:sts::${A}:assumed-role/app/one`;
const OTHER_SESSION = `arn:aws:sts::${A}:assumed-role/app/two`;
const FEDERATED = `arn:aws:sts::${A}:federated-user/fay`;
const ROOT = `arn:aws:iam::${A}:root`;
const STRANGER = `arn:aws:iam::${B}:user/alice`;
const SERVICE = 'personalize.amazonaws.com';
const PROVIDER = `arn:aws:iam::${A}:oidc-provider/ci.example.com`;

const PRINCIPALS = [
  ...Array<string>(6).fill(USER),
  ...Array<string>(4).fill(SESSION),
  ...[OTHER_SESSION, FEDERATED, ROOT, STRANGER, SERVICE, PROVIDER, 'anonymous'],
];
const ACTIONS = [
  'personalize:CreateCampaign',
  'Personalize:createcampaign',
  'personalize:DescribeCampaign',
  'sts:AssumeRole',
  'kms:Decrypt',
  'sts:GetCallerIdentity',
];
const ACTION_PATTERNS = [
  '*',
  '*',
  'personalize:*',
  'personalize:*Campaign',
  'PERSONALIZE:?reate*',
  'personalize:CreateCampaign',
  'personalize:Describe.ampaign',
  'personalize:${*}',
  'sts:*',
  'kms:Decrypt',
];

const campaign = (account: string, name: string) =>
  `arn:aws:personalize:us-east-1:${account}:campaign/${name}`;
const RESOURCES = [
  '*',
  campaign(A, 'alice'),
  campaign(A, 'alice'),
  campaign(A, 'alice/x:y'),
  campaign(A, 'al*ce'),
  campaign(B, 'alice'),
  'arn:aws:personalize:::recipe/aws-sims',
  ROLE,
  `arn:aws:kms:us-east-1:${A}:key/k`,
];
/** Those of session policies; elsewhere AWS completes an ARN that is not whole. */
const WHOLE_RESOURCE_PATTERNS = [
  '*',
  '*',
  campaign(A, '*'),
  campaign('*', 'alice'),
  campaign(A, '${aws:username}'),
  campaign(A, "${aws:PrincipalTag/team, 'alice'}*"),
  campaign(A, 'al${*}ce'),
  campaign(A, 'al?ce'),
  campaign(A, '${aws:TagKeys}'),
  'arn:aws:personalize:*:*:*',
  ROLE,
  'arn:*:kms:*:*:key/*',
];
const RESOURCE_PATTERNS = [
  ...WHOLE_RESOURCE_PATTERNS,
  'arn:aws:personalize',
  `arn:aws:personalize:us-*:${A}`,
];

const TEXTS = ['alice', 'Alice', 'al*ce', 'bob', '', 'true', '7'];
const TEXT_PATTERNS = [
  'alice',
  'al*',
  'AL?CE',
  '*',
  '',
  '${aws:username}',
  "${aws:PrincipalTag/team, 'alice'}",
  '${AWS:UserName}*',
  'al${*}ce',
  '${aws:TagKeys}',
  '${$}{aws:username}',
  '${missing:key}',
];
const NUMBERS = ['7', '7.0', '-1', '3600'];
const DATES = ['2026-01-01T00:00:00Z', '2026-01-01T01:00:00+01:00', '1767225600', '2026-06-30', '2027'];
const BOOLEANS = ['true', 'false', 'True'];
const ADDRESSES = ['10.0.0.1', '10.1.0.1', '203.0.113.7', '2001:db8::1'];
const RANGES = ['10.0.0.0/16', '10.0.0.1', '0.0.0.0/0', '203.0.113.0/29', '2001:db8::/32', '::/0'];
const ARNS = [ROLE, USER, campaign(A, 'alice'), campaign(A, 'alice:x')];
const ARN_PATTERNS = [
  ROLE,
  'arn:aws:iam::*:role/*',
  'arn:aws:*:*:*:*',
  'arn:aws:iam::*:*/${aws:username}',
  `arn:aws:personalize:*:${A}:campaign/*`,
  '*',
];
const BINARIES = ['QUJD', 'QUI=', ''];

interface Family {
  readonly operators: readonly string[];
  readonly keys: readonly string[];
  readonly found: readonly string[];
  readonly wanted: readonly string[];
  /** Whether AWS has the set operators for it. */
  readonly sets: boolean;
}

const ORDER = ['Equals', 'NotEquals', 'LessThan', 'LessThanEquals', 'GreaterThan', 'GreaterThanEquals'];
const FAMILIES: readonly Family[] = [
  {
    operators: [
      'StringEquals',
      'StringNotEquals',
      'StringEqualsIgnoreCase',
      'StringNotEqualsIgnoreCase',
      'StringLike',
      'StringNotLike',
    ],
    keys: ['aws:username', 'aws:PrincipalTag/team', 'aws:TagKeys'],
    found: TEXTS,
    wanted: TEXT_PATTERNS,
    sets: true,
  },
  {
    operators: ORDER.map((name) => `Numeric${name}`),
    keys: ['aws:MultiFactorAuthAge'],
    found: NUMBERS,
    wanted: NUMBERS,
    sets: false,
  },
  {
    operators: ORDER.map((name) => `Date${name}`),
    keys: ['aws:CurrentTime'],
    found: DATES,
    wanted: DATES,
    sets: false,
  },
  {
    operators: ['Bool'],
    keys: ['aws:MultiFactorAuthPresent'],
    found: BOOLEANS,
    wanted: BOOLEANS,
    sets: true,
  },
  {
    operators: ['IpAddress', 'NotIpAddress'],
    keys: ['aws:SourceIp'],
    found: ADDRESSES,
    wanted: RANGES,
    sets: false,
  },
  {
    operators: ['ArnEquals', 'ArnLike', 'ArnNotEquals', 'ArnNotLike'],
    keys: ['aws:PrincipalArn'],
    found: ARNS,
    wanted: ARN_PATTERNS,
    sets: true,
  },
  { operators: ['BinaryEquals'], keys: ['x:bytes'], found: BINARIES, wanted: BINARIES, sets: false },
  {
    operators: ['Null'],
    keys: ['aws:username', 'aws:TagKeys', 'aws:MultiFactorAuthAge'],
    found: TEXTS,
    wanted: ['true', 'false'],
    sets: true,
  },
];
const KEYS = [...new Set(FAMILIES.flatMap(({ keys }) => keys))];
const ODD_VALUES = ['nonsense', '10.0.0.256', '2026-13-01', 'arn:aws:iam', '0x7'];

const oneOf = <T>(pool: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...pool);
const some = <T>(pool: readonly T[], maxLength = 2): fc.Arbitrary<readonly T[]> =>
  fc.array(oneOf(pool), { minLength: 1, maxLength });

type Condition = NonNullable<Statement['Condition']>;

const conditionOf = ({ operators, keys, wanted, sets }: Family): fc.Arbitrary<Condition> =>
  fc
    .tuple(
      oneOf(sets ? ['', '', '', 'ForAllValues:', 'ForAnyValue:'] : ['']),
      oneOf(operators),
      oneOf(['', '', 'IfExists']),
      // Now and then a key of another family: its values are of the wrong type.
      oneOf([...keys, ...keys, ...keys, ...KEYS]),
      fc.array(oneOf(wanted), { minLength: 0, maxLength: 3 }),
    )
    .map(([set, operator, ifExists, key, values]) => ({
      [`${set}${operator}${operator === 'Null' ? '' : ifExists}`]: {
        [key]: values.length === 1 ? (values[0] ?? '') : values,
      },
    }));

const condition = fc.oneof(...FAMILIES.map(conditionOf));
const noCondition = fc.constant({});
const conditions: fc.Arbitrary<{ Condition?: Condition }> = fc.oneof(
  { weight: 3, arbitrary: noCondition },
  { weight: 3, arbitrary: condition.map((Condition) => ({ Condition })) },
  { weight: 1, arbitrary: fc.tuple(condition, condition).map(([a, b]) => ({ Condition: { ...a, ...b } })) },
);

const actions = fc.oneof(
  { weight: 5, arbitrary: some(ACTION_PATTERNS).map((Action) => ({ Action })) },
  {
    weight: 1,
    arbitrary: some(ACTION_PATTERNS.filter((text) => text !== '*')).map((NotAction) => ({ NotAction })),
  },
);
const plainActions = some(ACTION_PATTERNS).map((Action) => ({ Action }));
const resourcesIn = (pool: readonly string[]) =>
  fc.oneof(
    { weight: 5, arbitrary: some(pool).map((Resource) => ({ Resource })) },
    {
      weight: 1,
      arbitrary: some(pool.filter((text) => text !== '*')).map((NotResource) => ({ NotResource })),
    },
  );

const NAMED_PRINCIPALS = [
  '*' as const,
  { AWS: '*' },
  { AWS: USER },
  { AWS: [STRANGER, SESSION] },
  { AWS: ROLE },
  { AWS: [A] },
  { AWS: ROOT },
  { AWS: [FEDERATED, B] },
  { Service: SERVICE },
  { Federated: PROVIDER },
];
const SPARED = [
  { AWS: [A, USER] },
  { AWS: [ROOT, ROLE, SESSION] },
  { AWS: [ROOT, ROLE] },
  { AWS: USER },
  { AWS: [A, FEDERATED], Service: SERVICE },
  { AWS: [`arn:aws:iam::${B}:root`, STRANGER] },
];

/** Allows are wide, or nothing would ever be allowed by six layers at once; denies are narrow. */
const effect = oneOf(['Allow', 'Allow', 'Allow', 'Deny'] as const);

const statement = (resources: readonly string[]): fc.Arbitrary<Statement> =>
  fc
    .tuple(effect, actions, resourcesIn(resources), conditions)
    .map(([Effect, action, resource, restriction]) => ({ Effect, ...action, ...resource, ...restriction }));

const resourceStatement: fc.Arbitrary<Statement> = fc
  .tuple(statement(RESOURCE_PATTERNS), oneOf(NAMED_PRINCIPALS), oneOf(SPARED), fc.boolean())
  .map(([rest, Principal, NotPrincipal, spare]) =>
    rest.Effect === 'Deny' && spare ? { ...rest, NotPrincipal } : { ...rest, Principal },
  );

const denyAll: fc.Arbitrary<Statement> = fc
  .tuple(plainActions, resourcesIn(RESOURCE_PATTERNS), condition)
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

const documentOf = (of: fc.Arbitrary<Statement>, maxLength = 3): fc.Arbitrary<Document> =>
  fc
    .tuple(versions, fc.array(of, { minLength: 1, maxLength }))
    .map(([version, Statement]) => ({ ...version, Statement }));

const orFull = (document: fc.Arbitrary<Document>): fc.Arbitrary<Document> =>
  fc.oneof({ weight: 1, arbitrary: fc.constant(FULL_ACCESS) }, { weight: 2, arbitrary: document });

const identityDocument = documentOf(statement(RESOURCE_PATTERNS));
const guardrail = orFull(documentOf(statement(RESOURCE_PATTERNS), 2));
const levels = fc.array(fc.array(guardrail, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 2 });

/** Each layer is there every other time. */
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
      fc.array(orFull(documentOf(statement(WHOLE_RESOURCE_PATTERNS), 2)), { minLength: 1, maxLength: 2 }),
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
