import { describe, expect, it } from 'vitest';
import { renderComparison } from '../../../src/commands/generate/compare.ts';
import { generatePolicy } from '../../../src/commands/generate/generate.ts';
import type { ResourceScope } from '../../../src/commands/generate/resource-scope.ts';
import { arnOf } from '../../../src/lib/identifiers.ts';
import type { DecisionRecord } from '../../../src/records/decision-record.ts';
import { ACCOUNT, check, directoryOf, document, recordOf, SHOP } from './recorded.ts';

const arn = (resource: string): string => `arn:aws:personalize:us-east-1:${ACCOUNT}:${resource}`;

const allowed = { decision: 'allowed' } as const;

/** A call of alice that went through, made of one check on each resource. */
const call = (action: string, ...resources: readonly string[]): DecisionRecord =>
  recordOf(
    resources.map((resource) => check(`personalize:${action}`, resource, allowed)),
    { outcome: 'forwarded' },
  );

const tagged = (
  action: string,
  resource: string,
  context: Readonly<Record<string, string>>,
): DecisionRecord =>
  recordOf([check(`personalize:${action}`, resource, { ...allowed, context })], { outcome: 'forwarded' });

const EVERYTHING = { everything: document({ Effect: 'Allow', Action: '*', Resource: '*' }) };

async function generate(
  records: readonly DecisionRecord[],
  {
    resources = 'exact',
    policies = EVERYTHING,
    more = {},
  }: {
    readonly resources?: ResourceScope;
    readonly policies?: Readonly<Record<string, unknown>>;
    readonly more?: object;
  } = {},
) {
  const attached = Object.keys(policies).filter((name) => name !== 'boundary');
  const directory = await directoryOf(policies, attached, more);
  const generated = generatePolicy({ directory, as: 'alice', records, resources });
  return { directory, generated };
}

/** The statements that were generated. */
async function statementsOf(records: readonly DecisionRecord[], resources: ResourceScope = 'exact') {
  const { generated } = await generate(records, { resources });
  if (!generated.ok) throw new Error(generated.error.message);
  return JSON.parse(generated.value.text).Statement;
}

describe('a generated policy', () => {
  it('puts together the actions of one resource, and the resources of the same actions, sorted', async () => {
    const statements = await statementsOf([
      call('DescribeCampaign', arn('campaign/b')),
      call('GetRecommendations', arn('campaign/b')),
      call('DescribeCampaign', arn('campaign/a')),
      call('GetRecommendations', arn('campaign/a')),
      call('DescribeSchema', arn('schema/s')),
    ]);
    expect(statements).toEqual([
      {
        Effect: 'Allow',
        Action: ['personalize:DescribeCampaign', 'personalize:GetRecommendations'],
        Resource: [arn('campaign/a'), arn('campaign/b')],
      },
      { Effect: 'Allow', Action: 'personalize:DescribeSchema', Resource: arn('schema/s') },
    ]);
  });

  it('has List, whatever it was checked on, and what has no resource on *', async () => {
    const calls = [
      call('ListSchemas', '*'),
      call('PutEvents', '*'),
      call('ListSolutions', arn('dataset-group/a')),
    ];
    expect(await statementsOf(calls)).toEqual([
      {
        Sid: 'AnyResource',
        Effect: 'Allow',
        Action: ['personalize:ListSchemas', 'personalize:ListSolutions', 'personalize:PutEvents'],
        Resource: '*',
      },
    ]);
  });

  it.each(['exact', 'prefix', 'any'] as const)(
    'passes one role to one service, however far it reaches otherwise (%s)',
    async (resources) => {
      const pass = check('iam:PassRole', 'arn:aws:iam::123456789012:role/import', {
        ...allowed,
        context: { 'iam:PassedToService': 'personalize.amazonaws.com' },
      });
      const statements = await statementsOf([recordOf([pass], { outcome: 'forwarded' })], resources);
      expect(statements).toEqual([
        {
          Sid: 'PassRole',
          Effect: 'Allow',
          Action: 'iam:PassRole',
          Resource: 'arn:aws:iam::123456789012:role/import',
          Condition: { StringEquals: { 'iam:PassedToService': 'personalize.amazonaws.com' } },
        },
      ]);
    },
  );

  it('leaves open the ids that AWS makes up', async () => {
    const statements = await statementsOf([
      call('DescribeSolutionVersion', arn('solution/shop/3f2a1b')),
      call('DescribeSolutionVersion', arn('solution/shop/77c0de')),
      call('DescribeEventTracker', arn('event-tracker/1a2b3c4d')),
      call('CreateEventTracker', arn('event-tracker/web')),
    ]);
    expect(statements.map(({ Resource }: { readonly Resource: string }) => Resource)).toEqual([
      arn('event-tracker/*'),
      arn('event-tracker/web'),
      arn('solution/shop/*'),
    ]);
  });

  it('with prefix takes what names have in common, up to the end of a word', async () => {
    const statements = await statementsOf(
      ['shop-a', 'shop-b', 'other', 'store', 'store-two'].map((name) =>
        call('DescribeCampaign', arn(`campaign/${name}`)),
      ),
      'prefix',
    );
    expect(statements).toMatchObject([
      { Resource: [arn('campaign/other'), arn('campaign/shop-*'), arn('campaign/store*')] },
    ]);
  });

  it('with any names no resource', async () => {
    expect(await statementsOf([call('DescribeCampaign', arn('campaign/a'))], 'any')).toMatchObject([
      { Action: 'personalize:DescribeCampaign', Resource: '*' },
    ]);
  });

  it('has the tags that all calls of an action carried, and no others', async () => {
    const shop = { 'aws:RequestTag/app': 'shop', 'aws:RequestTag/stage': 'dev' };
    const [statement] = await statementsOf([
      tagged('CreateDatasetGroup', SHOP, shop),
      tagged('CreateDatasetGroup', SHOP, { 'aws:RequestTag/app': 'store' }),
    ]);
    expect(statement.Condition).toEqual({ StringEquals: { 'aws:RequestTag/app': ['shop', 'store'] } });
    const untagged = await statementsOf([
      tagged('CreateDatasetGroup', SHOP, shop),
      call('CreateDatasetGroup', SHOP),
    ]);
    expect(untagged[0]).not.toHaveProperty('Condition');
  });

  it('has the tags of the resource where it does not name it', async () => {
    const record = tagged('DescribeDatasetGroup', SHOP, { 'aws:ResourceTag/app': 'shop' });
    expect((await statementsOf([record]))[0]).not.toHaveProperty('Condition');
    expect((await statementsOf([record], 'any'))[0]).toMatchObject({
      Resource: '*',
      Condition: { StringEquals: { 'aws:ResourceTag/app': 'shop' } },
    });
  });

  it('keeps undocumented checks apart, and leaves out those that pass anyway', async () => {
    const recipe = 'arn:aws:personalize:::recipe/aws-sims';
    const record = recordOf([check('personalize:CreateSolution', arn('solution/s'), allowed)], {
      outcome: 'forwarded',
      undocumented: [
        check('personalize:CreateSolution', recipe, { decision: 'implicitDeny' }),
        check('personalize:CreateSolution', arn('solution/s')),
      ],
    });
    expect(await statementsOf([record])).toEqual([
      { Effect: 'Allow', Action: 'personalize:CreateSolution', Resource: arn('solution/s') },
      { Sid: 'Undocumented', Effect: 'Allow', Action: 'personalize:CreateSolution', Resource: recipe },
    ]);
  });

  it('allows what passed, and neither what was denied nor what another did', async () => {
    const statements = await statementsOf([
      call('ListSchemas', '*'),
      { ...call('DeleteSchema', arn('schema/s')), outcome: 'denied' },
      {
        ...call('ListCampaigns', '*'),
        principal: {
          type: 'User',
          arn: arnOf('arn:aws:iam::123456789012:user/bob'),
          accountId: ACCOUNT,
          userName: 'bob',
        },
      },
    ]);
    expect(statements).toMatchObject([{ Action: 'personalize:ListSchemas' }]);
  });

  it('allows what audit mode let through, but for what no policy of the principal can allow', async () => {
    const policies = {
      ...EVERYTHING,
      boundary: document({ Effect: 'Allow', Action: 'personalize:List*', Resource: '*' }),
    };
    const { generated, directory } = await generate(
      [
        { ...call('ListSchemas', '*'), outcome: 'audited' },
        { ...call('DeleteSchema', arn('schema/s')), outcome: 'audited' },
      ],
      { policies, more: { permissionsBoundary: 'boundary' } },
    );
    if (!generated.ok) throw new Error(generated.error.message);
    expect(JSON.parse(generated.value.text).Statement).toMatchObject([{ Action: 'personalize:ListSchemas' }]);
    const text = renderComparison(directory, generated.value);
    expect(text).toContain(`Left out: personalize:DeleteSchema on ${arn('schema/s')}`);
  });

  it('is not printed where the proof fails: a boundary that came later denies what passed', async () => {
    const policies = {
      ...EVERYTHING,
      boundary: document({ Effect: 'Allow', Action: 'personalize:List*', Resource: '*' }),
    };
    const { generated } = await generate([call('DeleteSchema', arn('schema/s'))], {
      policies,
      more: { permissionsBoundary: 'boundary' },
    });
    expect(generated).toMatchObject({
      ok: false,
      error: {
        reason: 'proof',
        message: expect.stringMatching(/^the proof failed: personalize:DeleteSchema on .* was allowed/),
      },
    });
  });

  it('cannot be made of nothing', async () => {
    expect((await generate([])).generated).toEqual({
      ok: false,
      error: {
        reason: 'nothing',
        message: 'no recorded call of alice has passed: there is nothing to allow',
      },
    });
  });

  it('takes a resource by its letters, also where they look like a policy variable', async () => {
    const odd = arn('campaign/${aws:username}');
    expect(await statementsOf([call('DescribeCampaign', odd)])).toMatchObject([
      { Resource: arn('campaign/${$}{aws:username}') },
    ]);
  });

  it('takes a key of S3 by its letters, also where they look like wildcards, and all below a prefix as that', async () => {
    const objects = ['arn:aws:s3:::shop/a*b?.csv', 'arn:aws:s3:::shop/*'];
    const of = (resource: string | undefined) =>
      statementsOf([recordOf([check('s3:GetObject', resource, allowed)], { outcome: 'forwarded' })]);
    expect(await of(objects[0])).toMatchObject([{ Resource: 'arn:aws:s3:::shop/a${*}b${?}.csv' }]);
    expect(await of(objects[1])).toMatchObject([{ Resource: 'arn:aws:s3:::shop/*' }]);
  });
});

describe('the comparison', () => {
  it('names a request that the current policies do not allow, where a condition is not carried over', async () => {
    const policies = {
      wide: document({
        Effect: 'Allow',
        Action: 'personalize:List*',
        Resource: '*',
        Condition: { StringEquals: { 'aws:RequestedRegion': 'us-east-1' } },
      }),
    };
    const { generated, directory } = await generate([call('ListSchemas', '*')], { policies });
    if (!generated.ok) throw new Error(generated.error.message);
    expect(renderComparison(directory, generated.value)).toMatch(
      /It allows more than the current policies: personalize:ListSchemas on \* with aws:RequestedRegion = (?!us-east-1)/,
    );
  });

  it('reports what was proved, what is not copied, and the difference', async () => {
    const policies = {
      wide: document(
        { Effect: 'Allow', Action: 'personalize:*', Resource: '*' },
        {
          Effect: 'Deny',
          Action: 'personalize:Delete*',
          Resource: '*',
          Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'false' } },
        },
      ),
    };
    const { generated, directory } = await generate([call('ListSchemas', '*')], { policies });
    if (!generated.ok) throw new Error(generated.error.message);
    const text = renderComparison(directory, generated.value);
    expect(text).toContain('Proven: all 1 recorded check pass under it, and without any of its 1 element');
    expect(text).toContain('Proven: it allows no request that the current policies do not allow.');
    expect(text).toContain('The 1 Deny statement of the present policies is not in it');
    expect(text).toContain('not carried over: aws:MultiFactorAuthPresent');
    expect(text).toContain('-      "Action": "personalize:*",\n+      "Action": "personalize:ListSchemas",');
  });
});
