/** Whether IAM accepts a value in a policy that it stores. */
export const STORED: readonly (readonly [operator: string, value: string, stored: boolean])[] = [
  ['Bool', 'TRUE', true],
  ['Bool', 'yes', true],
  ['Null', 'TRUE', true],
  ['Null', 'yes', true],
  ['ArnLike', 'no arn', false],
  ['BinaryEquals', 'no base64', false],
  ['IpAddress', 'somewhere', false],
  ['IpAddress', '192.0.2.0/24', true],
  ['IpAddress', '192.0.2.5/24', true],
  ['IpAddress', '192.0.2.0/31', true],
  ['IpAddress', '192.000.002.0/24', true],
  ['IpAddress', '192.0.2.0/+24', true],
  ['IpAddress', '192.0.2.0/33', false],
  ['IpAddress', '::/0', true],
  ['IpAddress', '2001:db8::1', true],
  ['IpAddress', '2001:db8:::1/128', true],
  ['IpAddress', '2001:DB8::/064', true],
  ['IpAddress', '2001:db8::4/127', true],
  ['IpAddress', '2001:db8::5/127', false],
  ['IpAddress', '2001:db8::5/64', false],
  ['IpAddress', '::ffff:192.0.2.1', false],
  ['IpAddress', '::ffff:192.0.2.0/24', false],
  ['IpAddress', '::192.0.2.0/120', false],
];

const STATEMENT = { Effect: 'Deny', Principal: '*', Action: 'sqs:SendMessage', Resource: '*' };
const { Action: _, ...WITHOUT_ACTION } = STATEMENT;
const { Principal: __, ...WITHOUT_PRINCIPAL } = STATEMENT;

/**
 * Whether Organizations accepts a resource control policy: the statement, and the version (absent if there is none).
 */
export const RESOURCE_CONTROL: readonly {
  readonly it: string;
  readonly statement: object;
  readonly version?: string;
  readonly accepted: boolean;
}[] = [
  { it: 'a Deny', statement: STATEMENT, version: '2012-10-17', accepted: true },
  { it: 'the old version', statement: STATEMENT, version: '2008-10-17', accepted: true },
  { it: 'no version', statement: STATEMENT, accepted: true },
  { it: 'a prefix in capitals', statement: { ...STATEMENT, Action: 'SQS:SendMessage' }, accepted: true },
  { it: 'an action that no service has', statement: { ...STATEMENT, Action: 'sqs:Juggle' }, accepted: true },
  { it: 'everyone as a type', statement: { ...STATEMENT, Principal: { AWS: '*' } }, accepted: true },
  {
    it: 'a NotResource',
    statement: { Effect: 'Deny', Principal: '*', Action: 'sqs:*', NotResource: 'arn:aws:sqs:*:*:shop' },
    accepted: true,
  },
  { it: 'an Allow', statement: { ...STATEMENT, Effect: 'Allow' }, accepted: false },
  {
    it: 'a service that does not exist',
    statement: { ...STATEMENT, Action: 'juggler:Throw' },
    accepted: false,
  },
  { it: 'a service off the list', statement: { ...STATEMENT, Action: 'iam:CreateUser' }, accepted: false },
  { it: 'every action', statement: { ...STATEMENT, Action: '*' }, accepted: false },
  { it: 'every action in a list', statement: { ...STATEMENT, Action: ['*'] }, accepted: false },
  { it: 'NotAction', statement: { ...WITHOUT_ACTION, NotAction: 'sqs:SendMessage' }, accepted: false },
  { it: 'NotPrincipal', statement: { ...WITHOUT_PRINCIPAL, NotPrincipal: '*' }, accepted: false },
  {
    it: 'a list of principals',
    statement: { ...STATEMENT, Principal: { AWS: ['*'] } },
    accepted: false,
  },
  {
    it: 'one account',
    statement: { ...STATEMENT, Principal: { AWS: '111122223333' } },
    accepted: false,
  },
];

const SHOP = 'arn:aws:s3:::shop';
const allow = (rest: object = { Resource: '*' }) => ({ Effect: 'Allow', Action: 's3:GetObject', ...rest });
const deny = (rest: object = { Resource: '*' }) => ({ ...allow(rest), Effect: 'Deny' });

/** Results of the policy simulator for reading an object; the ARN of `source` is `aws:SourceArn`. */
export const SIMULATED: readonly {
  readonly it: string;
  readonly statements: readonly object[];
  readonly boundary?: object;
  readonly resource: string;
  readonly source?: string;
  readonly allowed: boolean;
}[] = [
  { it: 'a Deny beside an Allow', statements: [allow(), deny()], resource: `${SHOP}/a`, allowed: false },
  {
    it: 'a negated operator with IfExists on an absent key, in a Deny',
    statements: [
      allow(),
      deny({ Resource: '*', Condition: { StringNotEqualsIfExists: { 'aws:PrincipalTag/team': 'ml' } } }),
    ],
    resource: `${SHOP}/a`,
    allowed: false,
  },
  {
    it: 'a star across a colon',
    statements: [allow({ Resource: `${SHOP}/box/*/a` })],
    resource: `${SHOP}/box/x:y/a`,
    allowed: true,
  },
  {
    it: 'a star at the end, and a slash',
    statements: [allow({ Resource: `${SHOP}*` })],
    resource: `${SHOP}/a`,
    allowed: true,
  },
  {
    it: 'a star at the end, and a longer name',
    statements: [allow({ Resource: `${SHOP}*` })],
    resource: `${SHOP}-two/a`,
    allowed: true,
  },
  {
    it: 'a star at the end, and another name',
    statements: [allow({ Resource: `${SHOP}*` })],
    resource: 'arn:aws:s3:::other/a',
    allowed: false,
  },
  {
    it: 'an object that neither statement names',
    statements: [allow({ Resource: `${SHOP}/a` }), deny({ Resource: `${SHOP}/b` })],
    resource: `${SHOP}/c`,
    allowed: false,
  },
  {
    it: 'a boundary that allows something else',
    statements: [allow()],
    boundary: allow({ Action: 's3:PutObject', Resource: '*' }),
    resource: `${SHOP}/a`,
    allowed: false,
  },
  ...(['Resource', 'NotResource', 'ArnLike', 'ArnNotLike'] as const).flatMap((element) =>
    [
      { pattern: `${SHOP}/\u{10400}?`, object: `${SHOP}/\u{10400}\u{10428}`, matches: false },
      { pattern: `${SHOP}/*?`, object: `${SHOP}/\u{10400}`, matches: true },
    ].map(({ pattern, object, matches }) => ({
      it: `${element} ${pattern} of ${object}`,
      statements: [
        element.startsWith('Arn')
          ? allow({ Resource: '*', Condition: { [element]: { 'aws:SourceArn': pattern } } })
          : allow({ [element]: pattern }),
      ],
      resource: object,
      source: object,
      allowed: matches !== element.includes('Not'),
    })),
  ),
];
