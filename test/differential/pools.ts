/*
 * Policies and requests are drawn from the same small pools, so that they match: with many names, nearly all
 * decisions would be implicit denies.
 */

export const A = '111111111111';
export const B = '222222222222';
const USER = `arn:aws:iam::${A}:user/alice`;
const ROLE = `arn:aws:iam::${A}:role/app`;
/** The role of the sessions below may have a path, which only `aws:PrincipalArn` contains. */
const PATH_ROLE = `arn:aws:iam::${A}:role/eng/ml/app`;
const LINKED_ROLE = `arn:aws:iam::${A}:role/aws-service-role/personalize.amazonaws.com/app`;
const SESSION = `arn:aws:sts::${A}:assumed-role/app/one`;
const OTHER_SESSION = `arn:aws:sts::${A}:assumed-role/app/two`;
const FEDERATED = `arn:aws:sts::${A}:federated-user/fay`;
const ROOT = `arn:aws:iam::${A}:root`;
const STRANGER = `arn:aws:iam::${B}:user/alice`;
const SERVICE = 'personalize.amazonaws.com';
const PROVIDER = `arn:aws:iam::${A}:oidc-provider/ci.example.com`;

export const PRINCIPALS = [
  ...Array<string>(6).fill(USER),
  ...Array<string>(4).fill(SESSION),
  ...[LINKED_ROLE, OTHER_SESSION, FEDERATED, ROOT, STRANGER, SERVICE, PROVIDER, 'anonymous'],
];
export const ACTIONS = [
  'personalize:CreateCampaign',
  'Personalize:createcampaign',
  'personalize:DescribeCampaign',
  'sts:AssumeRole',
  'kms:Decrypt',
  'kms:RetireGrant',
  'iam:GetUser',
  'sts:GetCallerIdentity',
];
/** Resource control policies must name their services. */
export const RCP_ACTION_PATTERNS = [
  'personalize:*',
  'personalize:*Campaign',
  'PERSONALIZE:?reate*',
  'sts:*',
  'kms:*',
  'Kms:Decrypt',
  's3:*',
];
export const ACTION_PATTERNS = [
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
export const RESOURCES = [
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
/** For session policies; elsewhere AWS completes an incomplete ARN. */
export const WHOLE_RESOURCE_PATTERNS = [
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
export const RESOURCE_PATTERNS = [
  ...WHOLE_RESOURCE_PATTERNS,
  'arn:aws:personalize',
  `arn:aws:personalize:us-*:${A}`,
];

export const TEXTS = ['alice', 'Alice', 'al*ce', 'bob', '', 'true', '7'];
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
const NUMBERS = ['7', '7.0', '-1', '3600', '+7', '70e-1', '9007199254740992', '9007199254740993', '.5', '0'];
const DATES = [
  '2026-01-01T00:00:00Z',
  '2026-01-01T01:00:00+01:00',
  '1767225600',
  '+1767225600',
  '2026-06-30',
  '2026-06-30T00:00:00',
  '2027',
];
const BOOLEANS = ['true', 'false', 'True', 'yes', '', ' true '];
const ADDRESSES = [
  '10.0.0.1',
  '10.1.0.1',
  '010.000.0.1',
  '203.0.113.7',
  '2001:db8::1',
  '2001:db8:::1:',
  ':2001:db8::1',
  '2001::db8::1',
  '::ffff:10.0.0.1',
  '::FFFF:a00:1',
  '::10.0.0.1',
];
const RANGES = [
  '10.0.0.0/16',
  '10.0.0.9/30',
  '010.0.0.1/+32',
  '10.0.0.1',
  '0.0.0.0/0',
  '203.0.113.0/29',
  '2001:db8::/032',
  '2001:db8:::1/128',
  '::/0',
  '::ffff:a00:0/112',
];
const ARNS = [ROLE, PATH_ROLE, LINKED_ROLE, USER, campaign(A, 'alice'), campaign(A, 'alice:x')];
const ARN_PATTERNS = [
  ROLE,
  'arn:aws:iam::*:role/*',
  'arn:aws:*:*:*:*',
  'arn:aws:iam::*:*/${aws:username}',
  `arn:aws:personalize:*:${A}:campaign/*`,
  '*',
  'arn:aws:iam',
  'arn:${aws:PrincipalTag/team}',
  'arn:aws:iam::*:role/eng/*',
];
const BINARIES = ['QUJD', 'QUI=', 'QUJ=', ''];

export interface Family {
  readonly operators: readonly string[];
  readonly keys: readonly string[];
  readonly found: readonly string[];
  readonly wanted: readonly string[];
  /** Values that STS accepts in a session policy, and IAM rejects. */
  readonly lenient?: readonly string[];
}

const ORDER = ['Equals', 'NotEquals', 'LessThan', 'LessThanEquals', 'GreaterThan', 'GreaterThanEquals'];
export const FAMILIES: readonly Family[] = [
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
  },
  {
    operators: ORDER.map((name) => `Numeric${name}`),
    keys: ['aws:MultiFactorAuthAge'],
    found: NUMBERS,
    wanted: NUMBERS,
    lenient: ['NaN', 'seven', '${aws:username}'],
  },
  {
    operators: ORDER.map((name) => `Date${name}`),
    keys: ['aws:CurrentTime'],
    found: DATES,
    wanted: DATES,
    lenient: ['not-a-date', '2026-02-30'],
  },
  {
    operators: ['Bool'],
    keys: ['aws:MultiFactorAuthPresent'],
    found: BOOLEANS,
    wanted: BOOLEANS,
  },
  {
    operators: ['IpAddress', 'NotIpAddress'],
    keys: ['aws:SourceIp'],
    found: ADDRESSES,
    wanted: RANGES,
    lenient: ['10.0.0.0/33', 'office', '2001:db8::1/64', '::ffff:10.0.0.0/104', '2001:db8::/129'],
  },
  {
    operators: ['ArnEquals', 'ArnLike', 'ArnNotEquals', 'ArnNotLike'],
    keys: ['aws:PrincipalArn'],
    found: ARNS,
    wanted: ARN_PATTERNS,
    lenient: ['not-an-arn', 'a*', '${aws:PrincipalTag/team}'],
  },
  { operators: ['BinaryEquals'], keys: ['x:bytes'], found: BINARIES, wanted: BINARIES },
  {
    operators: ['Null'],
    keys: ['aws:username', 'aws:TagKeys', 'aws:MultiFactorAuthAge'],
    found: TEXTS,
    wanted: ['true', 'false', 'yes'],
  },
];
export const KEYS = [...new Set(FAMILIES.flatMap(({ keys }) => keys))];
export const ODD_VALUES = ['nonsense', '10.0.0.256', '2026-13-01', 'arn:aws:iam', '0x7', 'NaN', ''];

export const NAMED_PRINCIPALS = [
  '*' as const,
  { AWS: '*' },
  { AWS: USER },
  { AWS: [STRANGER, SESSION] },
  { AWS: ROLE },
  { AWS: PATH_ROLE },
  { AWS: 'arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E2QWRUHAPOMQZL' },
  { AWS: [A] },
  { AWS: ROOT },
  { AWS: [FEDERATED, B] },
  { Service: SERVICE },
  { Federated: PROVIDER },
];
export const SPARED = [
  { AWS: [A, USER] },
  { AWS: [ROOT, ROLE, SESSION] },
  { AWS: [ROOT, ROLE] },
  { AWS: [ROLE, SESSION] },
  { AWS: USER },
  { AWS: [A, FEDERATED], Service: SERVICE },
  { AWS: [`arn:aws:iam::${B}:root`, STRANGER] },
];
