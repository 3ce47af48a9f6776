import { describe, expect, it } from 'vitest';
import { NO_FIXTURES } from '../../../src/services/personalize/fixtures.ts';
import { campaign, datasetGroup, items } from './arrangements.ts';
import { type StubClient, stubClient } from './stub-client.ts';

interface Item {
  readonly itemId: string;
  readonly score?: number;
  readonly promotionName?: string;
}

async function shop(recipe?: string, client: StubClient = stubClient(), options?: object) {
  const group = await datasetGroup(client);
  const made = await campaign(client, group.datasetGroupArn, recipe, options);
  return { ...client, ...group, ...made };
}

const idsOf = (list: readonly Item[]) => list.map(({ itemId }) => itemId);
const catalog = (count: number) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`item-${index}`, { genre: index % 2 ? 'odd' : 'even' }]),
  );

describe('recommendations', () => {
  it('are the same for the same campaign and user, on every run', async () => {
    const lists: string[][] = [];
    for (let run = 0; run < 2; run++) {
      const { call, campaignArn } = await shop();
      for (const userId of ['ann', 'ann', 'bob'])
        lists.push(idsOf((await call('GetRecommendations', { campaignArn, userId })).itemList));
    }
    const [ann, annAgain, bob, annLater] = lists;

    expect(ann).toHaveLength(25);
    expect(annAgain).toEqual(ann);
    expect(annLater).toEqual(ann);
    expect(bob).not.toEqual(ann);
  });

  it('are of the items that were put or seen in events, where there are any', async () => {
    const client = stubClient();
    const { call, campaignArn, datasetGroupArn } = await shop(undefined, client);
    expect(idsOf((await call('GetRecommendations', { campaignArn, userId: 'ann' })).itemList)[0]).toMatch(
      /^aws-user-personalization-item-\d+$/,
    );
    await items(client, datasetGroupArn, { lamp: {}, 'chair / red': {} });
    const { trackingId } = await call('CreateEventTracker', { name: 'clicks', datasetGroupArn });
    const eventList = [{ eventType: 'view', sentAt: new Date(0), properties: '{"itemId":"desk"}' }];
    await call('PutEvents', { trackingId, sessionId: 's', eventList });

    const { itemList } = await call('GetRecommendations', { campaignArn, userId: 'ann' });
    expect(idsOf(itemList).sort()).toEqual(['chair / red', 'desk', 'lamp']);
  });

  it('have scores that fall, and sum to 1 over the whole catalog', async () => {
    const client = stubClient();
    const { call, campaignArn, datasetGroupArn } = await shop(undefined, client);
    await items(client, datasetGroupArn, catalog(20));
    const { itemList } = await call('GetRecommendations', { campaignArn, userId: 'ann', numResults: 500 });
    const scores: number[] = itemList.map(({ score }: Item) => score);

    expect(scores).toHaveLength(20);
    expect(scores).toEqual(scores.toSorted((left, right) => right - left));
    expect(scores.reduce((sum, score) => sum + score, 0)).toBeCloseTo(1, 10);
  });

  it('of related items have no scores, and not the item itself', async () => {
    const client = stubClient();
    const { call, campaignArn, datasetGroupArn } = await shop('aws-sims', client);
    await items(client, datasetGroupArn, { lamp: {}, chair: {} });

    expect((await call('GetRecommendations', { campaignArn, itemId: 'lamp' })).itemList).toEqual([
      { itemId: 'chair' },
    ]);
  });

  it.each([
    ['aws-user-personalization', {}, 'userId must be given for the recipe aws-user-personalization.'],
    ['aws-similar-items', { userId: 'a' }, 'itemId must be given for the recipe aws-similar-items.'],
    ['aws-user-personalization', { userId: 'a', numResults: 501 }, 'numResults can be at most 500.'],
    [
      'aws-user-personalization',
      { userId: 'a', metadataColumns: { ITEMS: ['GENRE'] } },
      'metadataColumns needs enableMetadataWithRecommendations, which is not true.',
    ],
    [
      'aws-personalized-ranking',
      { userId: 'a' },
      'GetRecommendations cannot be used with the recipe aws-personalized-ranking.',
    ],
    [
      'aws-next-best-action',
      { userId: 'a' },
      'GetRecommendations cannot be used with the recipe aws-next-best-action.',
    ],
  ])('of %s are refused for %j', async (recipe, input, message) => {
    const { refusal, campaignArn } = await shop(recipe);

    expect(await refusal('GetRecommendations', { campaignArn, ...input })).toEqual({
      code: 'InvalidInputException',
      message,
    });
  });

  it('need a campaign or a recommender, and one only', async () => {
    const { refusal, campaignArn } = await shop();
    const message = 'Exactly one of campaignArn and recommenderArn must be given.';

    expect(await refusal('GetRecommendations', { userId: 'a' })).toMatchObject({ message });
    expect(
      await refusal('GetRecommendations', { userId: 'a', campaignArn, recommenderArn: campaignArn }),
    ).toMatchObject({ message });
  });

  it('leave out what a filter excludes for the user', async () => {
    const client = stubClient();
    const { call, campaignArn, datasetGroupArn } = await shop(undefined, client);
    await items(client, datasetGroupArn, { lamp: {}, chair: {}, desk: {} });
    const { trackingId } = await call('CreateEventTracker', { name: 'clicks', datasetGroupArn });
    const eventList = [{ eventType: 'Buy', sentAt: new Date(0), itemId: 'lamp' }];
    await call('PutEvents', { trackingId, userId: 'ann', sessionId: 's', eventList });
    const { filterArn } = await call('CreateFilter', {
      name: 'new',
      datasetGroupArn,
      filterExpression: 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("buy")',
    });
    const listFor = async (userId: string) =>
      idsOf((await call('GetRecommendations', { campaignArn, userId, filterArn })).itemList).sort();

    expect(await listFor('ann')).toEqual(['chair', 'desk']);
    expect(await listFor('bob')).toEqual(['chair', 'desk', 'lamp']);
  });

  it('compare with the current item if the recipe has one, and are rejected otherwise', async () => {
    const client = stubClient();
    const { call, refusal, campaignArn, datasetGroupArn } = await shop('aws-sims', client);
    await items(client, datasetGroupArn, { lamp: { price: 5 }, desk: { price: 3 }, bed: { price: 9 } });
    const { filterArn } = await call('CreateFilter', {
      name: 'cheaper',
      datasetGroupArn,
      filterExpression: 'INCLUDE ItemID WHERE Items.PRICE < CurrentItem.PRICE',
    });
    const { itemList } = await call('GetRecommendations', { campaignArn, itemId: 'lamp', filterArn });
    expect(idsOf(itemList)).toEqual(['desk']);

    const other = await campaign(client, datasetGroupArn);
    const forUser = { campaignArn: other.campaignArn, userId: 'ann', filterArn };
    expect(await refusal('GetRecommendations', forUser)).toEqual({
      code: 'InvalidInputException',
      message: `The filter ${filterArn} uses CurrentItem, which the recipe aws-user-personalization does not have.`,
    });
  });

  it('refuse a filter of another dataset group', async () => {
    const client = stubClient();
    const { call, refusal, campaignArn } = await shop(undefined, client);
    const other = await datasetGroup(client, 'other');
    const { filterArn } = await call('CreateFilter', {
      name: 'new',
      datasetGroupArn: other.datasetGroupArn,
      filterExpression: 'EXCLUDE ItemID WHERE Items.GENRE IN ("a")',
    });

    expect(await refusal('GetRecommendations', { campaignArn, userId: 'a', filterArn })).toMatchObject({
      message: `The filter ${filterArn} is of another dataset group.`,
    });
  });

  it('mix in the share of items that a promotion asks for', async () => {
    const client = stubClient();
    const { call, campaignArn, datasetGroupArn } = await shop(undefined, client);
    await items(client, datasetGroupArn, catalog(40));
    const { filterArn } = await call('CreateFilter', {
      name: 'odd',
      datasetGroupArn,
      filterExpression: 'INCLUDE ItemID WHERE Items.GENRE IN ($GENRE)',
    });
    const { itemList } = await call('GetRecommendations', {
      campaignArn,
      userId: 'ann',
      numResults: 10,
      promotions: [{ name: 'sale', percentPromotedItems: 30, filterArn, filterValues: { GENRE: '"odd"' } }],
    });
    const promoted = itemList.filter(({ promotionName }: Item) => promotionName === 'sale');

    expect(new Set(idsOf(itemList)).size).toBe(10);
    expect(promoted).toHaveLength(3);
    for (const { itemId } of promoted) expect(Number(itemId.slice(5)) % 2).toBe(1);
  });

  it('are what the script says', async () => {
    const recommendations = [
      { resource: 'campaign/*', userId: 'ann', items: ['b', 'a', 'c'] },
      { resource: 'campaign/other', items: ['x'] },
    ];
    const fixtures = () => ({ ...NO_FIXTURES, recommendations });
    const { call, campaignArn } = await shop(undefined, stubClient({ fixtures }));
    const listFor = async (userId: string) =>
      idsOf((await call('GetRecommendations', { campaignArn, userId, numResults: 2 })).itemList);

    expect(await listFor('ann')).toEqual(['b', 'a']);
    expect(await listFor('bob')).not.toContain('b');
  });

  it('have an id of their own', async () => {
    const { call, campaignArn } = await shop();
    const ask = async () => (await call('GetRecommendations', { campaignArn, userId: 'a' })).recommendationId;

    expect(await ask()).toMatch(/^RID-[0-9a-f-]{36}$/);
    expect(await ask()).not.toBe(await ask());
  });
});

describe('a ranking', () => {
  it('is a permutation of its input, its scores sum to 1', async () => {
    const { call, campaignArn } = await shop('aws-personalized-ranking');
    const inputList = Array.from({ length: 30 }, (_, index) => `item-${index}`);
    const { personalizedRanking } = await call('GetPersonalizedRanking', {
      campaignArn,
      userId: 'ann',
      inputList,
    });

    expect(idsOf(personalizedRanking)).not.toEqual(inputList);
    expect(idsOf(personalizedRanking).sort()).toEqual(inputList.toSorted());
    expect(personalizedRanking.reduce((sum: number, { score }: Item) => sum + (score ?? 0), 0)).toBeCloseTo(
      1,
    );
  });
});

describe('recommended actions', () => {
  it('are given by a campaign for the next best action only', async () => {
    const { call, campaignArn } = await shop('aws-next-best-action');
    const { actionList } = await call('GetActionRecommendations', { campaignArn, userId: 'ann' });
    expect(actionList).toHaveLength(5);

    const other = await shop('aws-user-personalization');
    expect(
      await other.refusal('GetActionRecommendations', { campaignArn: other.campaignArn, userId: 'ann' }),
    ).toMatchObject({
      message: 'GetActionRecommendations cannot be used with the recipe aws-user-personalization.',
    });
  });
});
