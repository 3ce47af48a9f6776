import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type ProxyOptions, type RunningProxy, startProxy } from '../../src/index.ts';
import { CLOSED_URL } from '../free-port.ts';
import { jsonCall, send, serve, signatory } from './exchange.ts';

const CAMPAIGN = 'arn:aws:personalize:us-east-1:123456789012:campaign/shop';
const GROUP = 'arn:aws:personalize:us-east-1:123456789012:dataset-group/shop';
const OWN_TEAM = { StringEquals: { 'aws:ResourceTag/team': '${aws:PrincipalTag/team}' } };

const allow = (action: unknown, condition?: unknown) => ({
  Effect: 'Allow',
  Action: action,
  Resource: '*',
  ...(condition !== undefined && { Condition: condition }),
});

/** Who may do something with what belongs to their team, who may do everything but touch others' things, and who may do all. */
const POLICIES = {
  'own-team': { Version: '2012-10-17', Statement: [allow('personalize:Describe*', OWN_TEAM)] },
  'not-others': {
    Version: '2012-10-17',
    Statement: [
      allow('personalize:*'),
      {
        Effect: 'Deny',
        Action: 'personalize:DescribeCampaign',
        Resource: '*',
        Condition: { StringNotEquals: { 'aws:ResourceTag/team': 'ml' } },
      },
    ],
  },
  everything: { Version: '2012-10-17', Statement: [allow('*')] },
};

const TRUST = {
  Version: '2012-10-17',
  Statement: {
    Effect: 'Allow',
    Principal: { Service: 'personalize.amazonaws.com' },
    Action: 'sts:AssumeRole',
  },
};

const USERS = Object.fromEntries(
  [
    ['member', 'own-team'],
    ['careful', 'not-others'],
    ['admin', 'everything'],
  ].map(([name = '', policy = '']) => [
    name,
    {
      accessKeys: [
        { id: `AKIALOCAL${name.toUpperCase().padEnd(11, '0')}`, secret: `local-only-secret-of-${name}` },
      ],
      inlinePolicies: [policy],
      tags: { team: 'ml' },
    },
  ]),
);

const open: AsyncDisposable[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const each of open.splice(0).reverse()) await each[Symbol.asyncDispose]();
});

async function start(settings: ProxyOptions = {}): Promise<RunningProxy> {
  const proxy = await startProxy({
    principals: { users: USERS },
    policies: POLICIES,
    ...settings,
  } as ProxyOptions);
  open.push(proxy);
  return proxy;
}

/** Makes a call, and gives its record. */
async function call(proxy: RunningProxy, user: string, operation: string, input: unknown) {
  const response = await send(signatory(proxy, user), jsonCall(operation, input));
  await response.arrayBuffer();
  const record = proxy.decisions.find(({ id }) => id === response.headers.get('x-authz-decision'));
  if (record === undefined) throw new Error('the call was not recorded');
  return record;
}

const describeCampaign = (proxy: RunningProxy, user: string, campaignArn = CAMPAIGN) =>
  call(proxy, user, 'DescribeCampaign', { campaignArn });

type Answer = { readonly status: number; readonly body: unknown };

/** An upstream that knows one thing: the answer to ListTagsForResource. */
async function upstream(answer: Answer) {
  const asked: { readonly arn: string; readonly authorization: string | undefined }[] = [];
  const state: { answer: Answer; holdTagging?: () => Promise<void> } = { answer };
  const server = await serve(async (incoming, outgoing) => {
    const body = await text(incoming);
    const isQuestion = incoming.headers['x-amz-target'] === 'AmazonPersonalize.ListTagsForResource';
    if (isQuestion)
      asked.push({ arn: JSON.parse(body).resourceArn, authorization: incoming.headers.authorization });
    const { status, body: told } = isQuestion ? state.answer : { status: 200, body: {} };
    if (incoming.headers['x-amz-target'] === 'AmazonPersonalize.TagResource') await state.holdTagging?.();
    outgoing.writeHead(status).end(typeof told === 'string' ? told : JSON.stringify(told));
  });
  open.push(server);
  return { url: server.url, asked, state };
}

const tagged = (team: string): Answer => ({
  status: 200,
  body: { tags: [{ tagKey: 'team', tagValue: team }] },
});

describe('the tags of a resource', () => {
  it('of the embedded stub count from the moment that they change', async () => {
    const proxy = await start();
    await call(proxy, 'admin', 'CreateDatasetGroup', {
      name: 'shop',
      tags: [{ tagKey: 'team', tagValue: 'finance' }],
    });
    const describeGroup = () => call(proxy, 'member', 'DescribeDatasetGroup', { datasetGroupArn: GROUP });
    expect((await describeGroup()).outcome).toBe('denied');
    const tags = [{ tagKey: 'team', tagValue: 'ml' }];
    await call(proxy, 'admin', 'TagResource', { resourceArn: GROUP, tags });
    const { outcome, checks } = await describeGroup();
    expect(outcome).toBe('forwarded');
    expect(checks[0]?.context).toMatchObject({ 'aws:ResourceTag/team': 'ml' });
    await call(proxy, 'admin', 'UntagResource', { resourceArn: GROUP, tagKeys: ['team'] });
    expect((await describeGroup()).outcome).toBe('denied');
  });

  it('of what is created are those that it is created with', async () => {
    const proxy = await startProxy({
      principals: { users: { creator: { ...USERS.member, inlinePolicies: ['create'] } } },
      policies: { create: { Version: '2012-10-17', Statement: [allow('personalize:*', OWN_TEAM)] } },
    });
    open.push(proxy);
    const create = (team: string) =>
      call(proxy, 'creator', 'CreateDatasetGroup', {
        name: team,
        tags: [{ tagKey: 'team', tagValue: team }],
      });
    expect((await create('ml')).outcome).toBe('forwarded');
    expect((await create('finance')).outcome).toBe('denied');
  });

  it('of a role that is passed are those of the folder, under the key of IAM too', async () => {
    const passing = (stage: string) => ({
      Version: '2012-10-17',
      Statement: [
        allow('personalize:*'),
        allow('iam:PassRole', {
          StringEquals: { 'iam:ResourceTag/stage': stage, 'aws:ResourceTag/stage': stage },
        }),
      ],
    });
    const key = (id: string) => [{ id: `AKIALOCAL${id}`, secret: `local-only-secret-of-${id}` }];
    const proxy = await startProxy({
      principals: {
        users: {
          tester: { accessKeys: key('TESTER00000'), inlinePolicies: ['test'] },
          operator: { accessKeys: key('OPERATOR000'), inlinePolicies: ['live'] },
        },
        roles: { importer: { trustPolicy: 'trust', tags: { stage: 'test' } } },
      },
      policies: { test: passing('test'), live: passing('live'), trust: TRUST },
    });
    open.push(proxy);
    const pass = (user: string) =>
      call(proxy, user, 'CreateDatasetGroup', {
        name: user,
        roleArn: 'arn:aws:iam::123456789012:role/importer',
      });
    expect((await pass('tester')).outcome).toBe('forwarded');
    expect((await pass('operator')).error?.message).toContain('iam:PassRole');
  });

  it('of an upstream elsewhere are asked for, and count in the decision and its record', async () => {
    const { url, asked } = await upstream(tagged('ml'));
    const proxy = await start({ upstream: url });
    const { outcome, checks } = await describeCampaign(proxy, 'member');
    expect(outcome).toBe('forwarded');
    expect(checks[0]?.context).toMatchObject({ 'aws:ResourceTag/team': 'ml' });
    expect(asked).toEqual([{ arn: CAMPAIGN, authorization: undefined }]);
  });

  it('are not asked for where no policy hinges on them', async () => {
    const { url, asked } = await upstream(tagged('ml'));
    const proxy = await start({ upstream: url });
    expect((await describeCampaign(proxy, 'admin')).outcome).toBe('forwarded');
    expect((await call(proxy, 'careful', 'DescribeFilter', { filterArn: `${CAMPAIGN}` })).outcome).toBe(
      'forwarded',
    );
    expect(asked).toEqual([]);
  });

  it('are not asked for of what has no tags, and of what is in another account', async () => {
    const { url, asked } = await upstream(tagged('ml'));
    const proxy = await start({ upstream: url });
    const foreign = 'arn:aws:personalize:us-east-1:999999999999:campaign/shop';
    expect((await describeCampaign(proxy, 'member', foreign)).outcome).toBe('denied');
    const schemaArn = 'arn:aws:personalize:us-east-1:123456789012:schema/shop';
    expect((await call(proxy, 'member', 'DescribeSchema', { schemaArn })).outcome).toBe('denied');
    expect(asked).toEqual([]);
  });

  it('are remembered as long as is configured', async () => {
    const { url, asked, state } = await upstream(tagged('ml'));
    let ahead = 0;
    const proxy = await start({ upstream: url, resourceTagSeconds: 20, clock: () => Date.now() + ahead });
    await describeCampaign(proxy, 'member');
    state.answer = tagged('finance');
    expect((await describeCampaign(proxy, 'member')).outcome).toBe('forwarded');
    expect(asked).toHaveLength(1);
    ahead = 21_000;
    expect((await describeCampaign(proxy, 'member')).outcome).toBe('denied');
    expect(asked).toHaveLength(2);
  });

  it('are asked for every time where nothing is to be remembered', async () => {
    const { url, asked } = await upstream(tagged('ml'));
    const proxy = await start({ upstream: url, resourceTagSeconds: 0 });
    await describeCampaign(proxy, 'member');
    await describeCampaign(proxy, 'member');
    expect(asked).toHaveLength(2);
  });

  it.each([
    ['TagResource', { resourceArn: CAMPAIGN, tags: [{ tagKey: 'team', tagValue: 'finance' }] }],
    ['UntagResource', { resourceArn: CAMPAIGN, tagKeys: ['team'] }],
    ['DeleteCampaign', { campaignArn: CAMPAIGN }],
    ['CreateCampaign', { name: 'shop', solutionVersionArn: CAMPAIGN.replace('campaign', 'solution') }],
  ])('are asked for again once a %s has passed', async (operation, input) => {
    const { url, asked, state } = await upstream(tagged('ml'));
    const proxy = await start({ upstream: url });
    await describeCampaign(proxy, 'member');
    state.answer = tagged('finance');
    await call(proxy, 'admin', operation, input);
    expect((await describeCampaign(proxy, 'member')).outcome).toBe('denied');
    expect(asked).toHaveLength(2);
  });

  it('are asked for again while a TagResource is under way: it may have taken effect', async () => {
    const { url, asked, state } = await upstream(tagged('ml'));
    const proxy = await start({ upstream: url });
    await describeCampaign(proxy, 'member');
    const [arrived, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    state.holdTagging = () => {
      arrived.resolve();
      return released.promise;
    };
    const input = { resourceArn: CAMPAIGN, tags: [{ tagKey: 'team', tagValue: 'finance' }] };

    const tagging = call(proxy, 'admin', 'TagResource', input);
    await arrived.promise;
    state.answer = tagged('finance');

    expect((await describeCampaign(proxy, 'member')).outcome).toBe('denied');
    expect(asked).toHaveLength(2);
    released.resolve();
    await tagging;
  });

  it('of a resource that does not exist are absent', async () => {
    const body = { __type: 'com.amazonaws.personalize#ResourceNotFoundException', message: 'not there' };
    const { url } = await upstream({ status: 400, body });
    const proxy = await start({ upstream: url });
    const member = await describeCampaign(proxy, 'member');
    expect(member.outcome).toBe('denied');
    expect(member.checks[0]?.cause).toBeUndefined();
    // A key that is absent matches a negated operator.
    expect((await describeCampaign(proxy, 'careful')).checks[0]?.decision).toBe('explicitDeny');
  });

  it.each<[string, Answer, RegExp]>([
    [
      'refuses',
      { status: 400, body: { __type: 'AccessDeniedException', Message: 'not yours' } },
      /does not tell the tags of arn:.*:campaign\/shop: 400 AccessDeniedException not yours/,
    ],
    ['fails', { status: 500, body: 'oops' }, /: 500/],
    ['answers what is no JSON', { status: 200, body: 'oops' }, /its answer is none that AWS would give/],
    [
      'answers what are no tags',
      { status: 200, body: { tags: 'all' } },
      /its answer is none that AWS would give/,
    ],
  ])('deny with the reason whatever hinges on them where the upstream %s', async (_, answer, cause) => {
    const { url, state, asked } = await upstream(answer);
    const proxy = await start({ upstream: url });
    for (const user of ['member', 'careful']) {
      const { outcome, checks, error } = await describeCampaign(proxy, user);
      expect(outcome).toBe('denied');
      expect(error?.code).toBe('AccessDeniedException');
      expect(checks[0]).toMatchObject({ decision: 'implicitDeny', cause: expect.stringMatching(cause) });
    }
    // A failure is not remembered.
    state.answer = tagged('ml');
    expect((await describeCampaign(proxy, 'member')).outcome).toBe('forwarded');
    expect(asked).toHaveLength(3);
  });

  it('deny with the reason where the upstream is not there', async () => {
    const proxy = await start({ upstream: CLOSED_URL });
    expect((await describeCampaign(proxy, 'member')).checks[0]?.cause).toContain('ECONNREFUSED');
  });

  it('are asked for with the credentials of this machine where that is configured', async () => {
    const second = await start();
    await call(second, 'admin', 'CreateDatasetGroup', {
      name: 'shop',
      tags: [{ tagKey: 'team', tagValue: 'ml' }],
    });
    const { credentials } = signatory(second, 'admin');
    vi.stubEnv('AWS_ACCESS_KEY_ID', credentials.accessKeyId);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', credentials.secretAccessKey);
    const first = await start({ upstream: second.url, upstreamCredentials: 'ambient' });
    const { outcome } = await call(first, 'member', 'DescribeDatasetGroup', { datasetGroupArn: GROUP });
    expect(outcome).toBe('forwarded');
    const question = second.decisions.find(({ request }) => request.operation === 'ListTagsForResource');
    expect(question).toMatchObject({ outcome: 'forwarded', principal: { userName: 'admin' } });
  });

  it('whose keys differ in case only are not chosen from', async () => {
    const tags = [
      { tagKey: 'team', tagValue: 'ml' },
      { tagKey: 'Team', tagValue: 'finance' },
    ];
    const { url } = await upstream({ status: 200, body: { tags } });
    const proxy = await start({ upstream: url });
    const { outcome, checks } = await describeCampaign(proxy, 'member');
    expect(outcome).toBe('denied');
    expect(checks[0]?.cause).toBe('the tag keys team and Team differ in case only');
  });
});
