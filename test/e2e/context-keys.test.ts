import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningProxy, startProxy } from '../../src/index.ts';
import { personalizeOperation } from '../fixtures/personalize/operations.ts';
import { callOf, send, signatory } from './exchange.ts';

const OWN = 'arn:aws:personalize:us-east-1:123456789012';
const ORGANIZATION = { id: 'o-exampleorgid', path: 'o-exampleorgid/r-ab12/ou-ab12-11111111/' };
const USERS = {
  internet: {},
  endpoint: { vpcEndpoint: { id: 'vpce-0a1b2c3d', vpc: 'vpc-0a1b2c3d' } },
  'foreign-endpoint': {
    vpcEndpoint: { id: 'vpce-0a1b2c3e', vpc: 'vpc-0a1b2c3e', account: '999999999999' },
  },
};

interface Call {
  readonly operation: string;
  readonly input?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const list: Call = { operation: 'ListSchemas' };
/** A schema takes no tags: what the model does not know is not there. */
const createSchema = (tags: Readonly<Record<string, string>>): Call => ({
  operation: 'CreateSchema',
  input: { name: 'shop', schema: '{}', ...tagged(tags) },
});
const createGroup = (tags: Readonly<Record<string, string>>): Call => ({
  operation: 'CreateDatasetGroup',
  input: { name: 'shop', ...tagged(tags) },
});
const tagged = (tags: Readonly<Record<string, string>>) => ({
  tags: Object.entries(tags).map(([tagKey, tagValue]) => ({ tagKey, tagValue })),
});
const describeRecipe: Call = {
  operation: 'DescribeRecipe',
  input: { recipeArn: 'arn:aws:personalize:::recipe/aws-sims' },
};
const describeCampaign: Call = {
  operation: 'DescribeCampaign',
  input: { campaignArn: `${OWN}:campaign/shop` },
};
const untag: Call = {
  operation: 'UntagResource',
  input: { resourceArn: `${OWN}:campaign/shop`, tagKeys: ['team', 'stage'] },
};

type User = keyof typeof USERS;

/** Who calls what, the key that the call has, and its value; `undefined` where it has not that key. */
const CASES: readonly (readonly [
  user: User,
  call: Call,
  key: string,
  value: string | readonly string[] | undefined,
])[] = [
  ['internet', list, 'aws:SourceIp', '127.0.0.1'],
  ['internet', list, 'aws:VpcSourceIp', undefined],
  ['internet', list, 'aws:SourceVpce', undefined],
  ['internet', list, 'aws:SourceVpc', undefined],
  ['endpoint', list, 'aws:SourceIp', undefined],
  ['endpoint', list, 'aws:VpcSourceIp', '127.0.0.1'],
  ['endpoint', list, 'aws:SourceVpce', 'vpce-0a1b2c3d'],
  ['endpoint', list, 'aws:SourceVpc', 'vpc-0a1b2c3d'],
  ['endpoint', list, 'aws:SourceVpcArn', 'arn:aws:ec2:us-east-1:123456789012:vpc/vpc-0a1b2c3d'],
  ['endpoint', list, 'aws:VpceAccount', '123456789012'],
  ['endpoint', list, 'aws:VpceOrgID', ORGANIZATION.id],
  ['endpoint', list, 'aws:VpceOrgPaths', [ORGANIZATION.path]],
  ['foreign-endpoint', list, 'aws:VpceAccount', '999999999999'],
  ['foreign-endpoint', list, 'aws:VpceOrgID', undefined],
  ['internet', list, 'aws:PrincipalOrgID', ORGANIZATION.id],
  ['internet', list, 'aws:PrincipalOrgPaths', [ORGANIZATION.path]],
  ['internet', list, 'aws:ResourceAccount', '123456789012'],
  ['internet', describeCampaign, 'aws:ResourceAccount', '123456789012'],
  ['internet', describeCampaign, 'aws:ResourceOrgID', ORGANIZATION.id],
  ['internet', describeCampaign, 'aws:ResourceOrgPaths', [ORGANIZATION.path]],
  ['internet', describeRecipe, 'aws:ResourceAccount', undefined],
  ['internet', describeRecipe, 'aws:ResourceOrgID', undefined],
  ['internet', createGroup({ team: 'ml', stage: 'test' }), 'aws:RequestTag/team', 'ml'],
  ['internet', createGroup({ Team: 'ml' }), 'aws:RequestTag/TEAM', 'ml'],
  ['internet', createGroup({ team: 'ml', stage: 'test' }), 'aws:TagKeys', ['team', 'stage']],
  ['internet', createGroup({}), 'aws:TagKeys', undefined],
  ['internet', createSchema({ team: 'ml' }), 'aws:RequestTag/team', undefined],
  ['internet', untag, 'aws:TagKeys', ['team', 'stage']],
  ['internet', untag, 'aws:RequestTag/team', undefined],
  ['internet', list, 'aws:SecureTransport', 'false'],
  ['internet', { ...list, headers: { 'user-agent': 'shop/1.0' } }, 'aws:UserAgent', 'shop/1.0'],
  [
    'internet',
    { ...list, headers: { referer: 'https://example.com/' } },
    'aws:Referer',
    'https://example.com/',
  ],
  ['internet', list, 'aws:Referer', undefined],
  ['internet', list, 'aws:RequestedRegion', 'us-east-1'],
  ['internet', list, 'aws:ViaAWSService', 'false'],
  ['internet', list, 'aws:SourceArn', undefined],
  ['internet', list, 'aws:SourceAccount', undefined],
  ['internet', list, 'aws:MultiFactorAuthPresent', undefined],
  ['internet', list, 'aws:TokenIssueTime', undefined],
];

/** A condition that holds where a key has a value, and only there. */
function conditionOn(key: string, value: (typeof CASES)[number][3]): unknown {
  if (value === undefined) return { Null: { [key]: 'true' } };
  if (typeof value === 'string') return { StringEquals: { [key]: value } };
  return { 'ForAllValues:StringEquals': { [key]: value }, Null: { [key]: 'false' } };
}

const nameOf = (index: number): string => `case-${index}`;

let proxy: RunningProxy;
beforeAll(async () => {
  const users = CASES.map(([user], index) => [
    nameOf(index),
    {
      ...USERS[user],
      accessKeys: [
        { id: `AKIALOCALKEYS${String(index).padStart(7, '0')}`, secret: `local-only-secret-of-${index}` },
      ],
      inlinePolicies: [nameOf(index)],
    },
  ]);
  const policies = CASES.map(([, , key, value], index) => {
    const Condition = conditionOn(key, value);
    return [
      nameOf(index),
      {
        Version: '2012-10-17',
        Statement: { Effect: 'Allow', Action: 'personalize:*', Resource: '*', Condition },
      },
    ];
  });
  proxy = await startProxy({
    principals: { users: Object.fromEntries(users), organization: ORGANIZATION },
    policies: Object.fromEntries(policies),
  });
});
afterAll(() => proxy.close());

describe('a condition', () => {
  it.each(
    CASES.map(([user, call, key, value], index) => [key, user, call.operation, value, call, index] as const),
  )('sees that %s of a call from %s (%s) is %o', async (_, __, operation, ___, call, index) => {
    const sent = callOf(personalizeOperation(operation), call.input ?? {});
    const headers = { ...sent.headers, ...call.headers };
    const response = await send(signatory(proxy, nameOf(index)), { ...sent, headers });
    await response.arrayBuffer();
    const record = proxy.decisions.find(({ id }) => id === response.headers.get('x-authz-decision'));
    expect(record?.checks[0]).toMatchObject({ decision: 'allowed' });
  });
});
