/** What IAM makes of a value in a policy that it is to store. */
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

/** What Organizations makes of a resource control policy: the statement, the version (absent where there is none). */
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
  { it: 'an action that nobody has', statement: { ...STATEMENT, Action: 'sqs:Juggle' }, accepted: true },
  { it: 'everyone as a type', statement: { ...STATEMENT, Principal: { AWS: '*' } }, accepted: true },
  {
    it: 'a NotResource',
    statement: { Effect: 'Deny', Principal: '*', Action: 'sqs:*', NotResource: 'arn:aws:sqs:*:*:shop' },
    accepted: true,
  },
  { it: 'an Allow', statement: { ...STATEMENT, Effect: 'Allow' }, accepted: false },
  { it: 'a service that nobody has', statement: { ...STATEMENT, Action: 'juggler:Throw' }, accepted: false },
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
