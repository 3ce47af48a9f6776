import {
  CreateCampaignCommand,
  CreateDatasetImportJobCommand,
  DescribeCampaignCommand,
  TagResourceCommand,
} from '@aws-sdk/client-personalize';
import { PutEventsCommand } from '@aws-sdk/client-personalize-events';
import { GetRecommendationsCommand } from '@aws-sdk/client-personalize-runtime';
import { expect as jestExpect } from 'expect';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { type RunningProxy, startProxy } from '../../src/index.ts';
import { matchers as jestMatchers } from '../../src/testing/jest.ts';
import { matchers, proxyFixture } from '../../src/testing/vitest.ts';
import { jsonCall, send } from './exchange.ts';

expect.extend(matchers);
jestExpect.extend(jestMatchers);

const PERSONALIZE = 'arn:aws:personalize:us-east-1:123456789012';
const campaign = new CreateCampaignCommand({
  name: 'shop',
  solutionVersionArn: `${PERSONALIZE}:solution/shop/1`,
});
const get = (name: string) =>
  new GetRecommendationsCommand({ campaignArn: `${PERSONALIZE}:campaign/${name}` });

const allow = (Action: unknown, more: object = {}) => ({
  Version: '2012-10-17',
  Statement: [{ Sid: 'It', Effect: 'Allow', Action, Resource: '*', ...more }],
});

const OPTIONS = {
  principals: {
    users: {
      alice: {
        accessKeys: [{ id: 'AKIALOCALALICE000000', secret: 'local-only-secret-of-alice' }],
        managedPolicies: ['all'],
      },
      bob: { managedPolicies: ['own-team', 'at-home'] },
    },
    roles: { shop: { trustPolicy: 'trust', managedPolicies: ['events'] } },
  },
  policies: {
    all: allow(['personalize:*']),
    events: allow('personalize:PutEvents'),
    'own-team': allow('personalize:DescribeSchema', {
      Condition: { StringEquals: { 'aws:ResourceTag/team': 'ml' } },
    }),
    'at-home': allow('personalize:DescribeCampaign', {
      Condition: { IpAddress: { 'aws:SourceIp': '127.0.0.1/32' } },
    }),
    trust: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: 'arn:aws:iam::123456789012:user/alice' },
          Action: 'sts:AssumeRole',
        },
      ],
    },
  },
};

let proxy: RunningProxy;
beforeAll(async () => {
  proxy = await startProxy(OPTIONS);
});
afterAll(() => proxy.close());

/** Both frameworks have the same matchers, and each its own way to call them. */
const FRAMEWORKS = [
  ['vitest', expect],
  ['jest', jestExpect],
] as unknown as readonly (readonly [string, typeof expect])[];

/** The failure's message, without colours. */
const failureOf = (assertion: Promise<unknown>): Promise<string> =>
  assertion.then(
    () => 'it passed',
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the colours of a terminal
    ({ message }: Error) => message.replace(/\u001b\[\d+m/g, ''),
  );

describe.each(FRAMEWORKS)('the matchers in %s', (_, expectIn) => {
  it('pass for what the policies say', async () => {
    await expectIn(proxy).toAllow('alice', campaign);
    await expectIn(proxy).toDeny('bob', campaign);
    await expectIn(proxy).not.toAllow('bob', campaign);
    await expectIn(proxy).not.toDeny('alice', campaign);
  });

  it('take commands of every client, and an operation by its name', async () => {
    await expectIn(proxy).toAllow(
      'role/shop',
      new PutEventsCommand({
        trackingId: 'x',
        sessionId: '1',
        eventList: [{ eventType: 'click', sentAt: new Date() }],
      }),
    );
    await expectIn(proxy).toDeny('role/shop', get('shop'));
    await expectIn(proxy).toAllow('alice', { operation: 'ListCampaigns' });
  });

  it('say what was wanted, what AWS would answer, and which statements were near', async () => {
    const message = await failureOf(
      expectIn(proxy).toAllow(
        'bob',
        new DescribeCampaignCommand({ campaignArn: `${PERSONALIZE}:campaign/x` }),
        { context: { 'aws:SourceIp': '192.0.2.1' } },
      ),
    );
    expect(message).toContain(
      'expected DescribeCampaign of arn:aws:iam::123456789012:user/bob to be allowed',
    );
    expect(message).toContain(
      'because no identity-based policy allows the personalize:DescribeCampaign action',
    );
    expect(message).toContain('IpAddress aws:SourceIp 127.0.0.1/32, but aws:SourceIp is 192.0.2.1');
    expect(await failureOf(expectIn(proxy).toDeny('alice', campaign))).toMatch(
      /expected CreateCampaign of \S+ to be denied\n.*ALLOWED by the identity-based policies/s,
    );
  });

  it('hold the reason of a denial, chained or as an option', async () => {
    await expectIn(proxy).toDeny('bob', campaign).because('no identity-based policy');
    await expectIn(proxy)
      .toDeny('bob', campaign)
      .because(/allows the personalize:CreateCampaign action$/);
    await expectIn(proxy).toDeny('bob', campaign, { because: 'no identity-based policy' });
    await expectIn(proxy).not.toDeny('bob', campaign).because('explicit deny');
    const wrong = [
      expectIn(proxy).toDeny('bob', campaign).because('explicit deny'),
      expectIn(proxy).toDeny('bob', campaign, { because: 'explicit deny' }),
    ];
    for (const assertion of wrong)
      expect(await failureOf(assertion)).toContain('to be denied because explicit deny');
    expect(
      await failureOf(expectIn(proxy).toDeny('alice', campaign).because('no identity-based policy')),
    ).toContain('ALLOWED');
  });

  it('fail for a question that cannot be asked', async () => {
    expect(await failureOf(expectIn(proxy).toAllow('alcie', campaign))).toContain(
      'there is no principal alcie; did you mean "alice"?',
    );
    expect(await failureOf(expectIn(proxy).toDeny('bob', { operation: 'CreateCampain' }))).toContain(
      'did you mean "CreateCampaign"?',
    );
    expect(
      await failureOf(expectIn(proxy).toDeny('bob', { operation: 'CreateCampaign', input: { nam: 'x' } })),
    ).toContain('CreateCampaign has no member nam; did you mean "name"?');
    expect(
      await failureOf(expectIn(proxy).toDeny('bob', new DescribeCampaignCommand({} as never))),
    ).toContain('campaignArn');
    expect(await failureOf(expectIn({}).toDeny('bob', campaign))).toContain(
      'pass the proxy that startProxy returned',
    );
  });

  it('ask for every check of the call', async () => {
    const input = {
      jobName: 'daily',
      datasetArn: `${PERSONALIZE}:dataset/shop/ITEMS`,
      dataSource: { dataLocation: 's3://x' },
      roleArn: 'arn:aws:iam::123456789012:role/import',
    };
    await expectIn(proxy).toDeny('alice', new CreateDatasetImportJobCommand(input)).because('iam:PassRole');
  });
});

describe.each(FRAMEWORKS)('coverage in %s', (_, expectIn) => {
  it('is held by the calls that were made, of all principals or of some', async () => {
    await using own = await startProxy(OPTIONS);
    expectIn(own).not.toHaveCoverage(1);
    expectIn(own).toHaveCoverage(0);
    await send(own.clientConfig('alice'), jsonCall('ListCampaigns'));
    expectIn(own).toHaveCoverage(100, { as: 'alice' });
    expectIn(own).not.toHaveCoverage(1, { as: ['role/shop', 'bob'] });
    const failing = async () => expectIn(own).toHaveCoverage(100);
    const message = await failureOf(failing());
    expect(message).toContain('expected at least 100% to be covered');
    expect(message).toContain('Never used:');
    expect(await failureOf((async () => expectIn(own).toHaveCoverage(1, { as: 'alcie' }))())).toContain(
      'alcie',
    );
  });
});

describe('a question to a running proxy', () => {
  it('sees the tags that a resource has now, makes no call and leaves no record', async () => {
    const group = `${PERSONALIZE}:dataset-group/shop`;
    const describe = { operation: 'DescribeDatasetGroup', input: { datasetGroupArn: group } };
    await using tagged = await startProxyWithTagPolicy();
    await expect(tagged).toDeny('bob', describe);
    const tag = new TagResourceCommand({ resourceArn: group, tags: [{ tagKey: 'team', tagValue: 'ml' }] });
    expect(
      (await send(tagged.clientConfig('alice'), jsonCall('CreateDatasetGroup', { name: 'shop' }))).status,
    ).toBe(200);
    expect((await send(tagged.clientConfig('alice'), jsonCall('TagResource', tag.input))).status).toBe(200);
    const before = tagged.decisions.length;
    await expect(tagged).toAllow('bob', describe);
    await expect(tagged).toAllow('alice', {
      operation: 'DeleteDatasetGroup',
      input: { datasetGroupArn: group },
    });
    await expect(tagged).toAllow('bob', describe);
    expect(tagged.decisions).toHaveLength(before);
  });
});

function startProxyWithTagPolicy(): Promise<RunningProxy> {
  const policies = {
    ...OPTIONS.policies,
    'own-team': allow('personalize:DescribeDatasetGroup', {
      Condition: { StringEquals: { 'aws:ResourceTag/team': 'ml' } },
    }),
  };
  return startProxy({ ...OPTIONS, policies });
}

const withProxy = test.extend({ proxy: proxyFixture(OPTIONS) });

describe('the fixture', () => {
  const urls: string[] = [];

  withProxy('gives a test a proxy of its own', async ({ proxy: own }) => {
    urls.push(own.url);
    await expect(own).toAllow('alice', campaign);
  });

  withProxy('which no other test has, and closes it after', async ({ proxy: own }) => {
    expect(urls).toHaveLength(1);
    expect(urls).not.toContain(own.url);
    await expect(fetch(`${urls[0]}/_authz/health`)).rejects.toThrow();
  });
});
