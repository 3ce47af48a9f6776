import { describe, expect, it } from 'vitest';
import { datasetGroup } from './arrangements.ts';
import { OWNER, stubClient } from './stub-client.ts';

const namesOf = (groups: readonly { readonly name: string }[]) => groups.map(({ name }) => name);

describe('a list', () => {
  it('comes in pages, in the order of creation', async () => {
    const { call } = stubClient();
    for (const name of ['c', 'a', 'b']) await call('CreateDatasetGroup', { name });

    const first = await call('ListDatasetGroups', { maxResults: 2 });
    const second = await call('ListDatasetGroups', { maxResults: 2, nextToken: first.nextToken });
    expect(namesOf(first.datasetGroups)).toEqual(['c', 'a']);
    expect(namesOf(second.datasetGroups)).toEqual(['b']);
    expect(second).not.toHaveProperty('nextToken');
  });

  it('gives no token where nothing follows a full page', async () => {
    const { call } = stubClient();
    for (const name of ['a', 'b']) await call('CreateDatasetGroup', { name });

    expect(await call('ListDatasetGroups', { maxResults: 2 })).not.toHaveProperty('nextToken');
  });

  it('neither repeats nor skips where resources come and go between pages', async () => {
    const { call } = stubClient();
    for (const name of ['a', 'b', 'c', 'd']) await call('CreateDatasetGroup', { name });
    const { nextToken } = await call('ListDatasetGroups', { maxResults: 2 });
    await call('DeleteDatasetGroup', { datasetGroupArn: `${OWNER}:dataset-group/a` });
    await call('DeleteDatasetGroup', { datasetGroupArn: `${OWNER}:dataset-group/b` });
    await call('CreateDatasetGroup', { name: 'e' });

    expect(namesOf((await call('ListDatasetGroups', { nextToken })).datasetGroups)).toEqual(['c', 'd', 'e']);
  });

  it.each(['nonsense', Buffer.from('["Schema",1]').toString('base64url'), ''])(
    'refuses the token %j, which it did not give',
    async (nextToken) => {
      const { call, refusal } = stubClient();
      await call('CreateDatasetGroup', { name: 'a' });

      expect(await refusal('ListDatasetGroups', { nextToken })).toMatchObject({
        code: 'InvalidNextTokenException',
      });
    },
  );

  it('refuses the token of another list', async () => {
    const { call, refusal } = stubClient();
    for (const name of ['a', 'b']) await call('CreateDatasetGroup', { name });
    const { nextToken } = await call('ListDatasetGroups', { maxResults: 1 });

    expect(await refusal('ListRecipes', { nextToken })).toMatchObject({ code: 'InvalidNextTokenException' });
  });

  it('has what belongs to the parent', async () => {
    const client = stubClient();
    const one = await datasetGroup(client, 'one');
    await datasetGroup(client, 'one-more');

    expect(
      (await client.call('ListDatasets', { datasetGroupArn: one.datasetGroupArn })).datasets,
    ).toMatchObject([{ datasetArn: one.datasetArn }]);
    expect((await client.call('ListDatasets')).datasets).toHaveLength(2);
  });

  it('is empty for a parent that is not there, but for solution versions, where AWS says so', async () => {
    const { call, refusal } = stubClient();

    expect(await call('ListDatasets', { datasetGroupArn: `${OWNER}:dataset-group/no` })).toEqual({
      datasets: [],
    });
    expect(await refusal('ListSolutionVersions', { solutionArn: `${OWNER}:solution/no` })).toMatchObject({
      code: 'ResourceNotFoundException',
    });
  });
});

describe('tags', () => {
  const tags = (count: number, from = 0) =>
    Array.from({ length: count }, (_, index) => ({ tagKey: `key-${from + index}`, tagValue: '' }));

  it('are put, replaced and taken away', async () => {
    const { call, stub } = stubClient();
    const resourceArn = `${OWNER}:dataset-group/shop`;
    await call('CreateDatasetGroup', { name: 'shop', tags: [{ tagKey: 'team', tagValue: 'ml' }] });
    await call('TagResource', {
      resourceArn,
      tags: [
        { tagKey: 'team', tagValue: 'data' },
        { tagKey: '__proto__', tagValue: 'x' },
      ],
    });

    expect((await call('ListTagsForResource', { resourceArn })).tags).toEqual([
      { tagKey: 'team', tagValue: 'data' },
      { tagKey: '__proto__', tagValue: 'x' },
    ]);
    await call('UntagResource', { resourceArn, tagKeys: ['__proto__', 'never-there'] });
    expect(stub.tagsOf(resourceArn)).toEqual({ team: 'data' });
  });

  it('are at most 50', async () => {
    const { call, refusal } = stubClient();
    await call('CreateDatasetGroup', { name: 'full', tags: tags(50) });
    const resourceArn = `${OWNER}:dataset-group/full`;

    expect(await refusal('CreateDatasetGroup', { name: 'more', tags: tags(51) })).toMatchObject({
      code: 'TooManyTagsException',
    });
    expect(await refusal('TagResource', { resourceArn, tags: tags(1, 50) })).toMatchObject({
      code: 'TooManyTagsException',
    });
    await call('TagResource', { resourceArn, tags: tags(1) });
    const tagKeys = tags(51).map(({ tagKey }) => tagKey);
    expect(await refusal('UntagResource', { resourceArn, tagKeys })).toMatchObject({
      code: 'TooManyTagKeysException',
    });
  });

  it.each([
    [
      'repeated',
      [
        { tagKey: 'a', tagValue: '1' },
        { tagKey: 'a', tagValue: '2' },
      ],
      'The tag key a is given more than once.',
    ],
    [
      'reserved',
      [{ tagKey: 'AWS:a', tagValue: '1' }],
      'The tag key AWS:a begins with aws:, which is reserved for AWS.',
    ],
  ])('are refused where a key is %s', async (_, given, message) => {
    const { refusal } = stubClient();

    expect(await refusal('CreateDatasetGroup', { name: 'a', tags: given })).toMatchObject({ message });
  });

  it('are not for schemas', async () => {
    const client = stubClient();
    const { schemaArn } = await datasetGroup(client);

    expect(await client.refusal('ListTagsForResource', { resourceArn: schemaArn })).toMatchObject({
      message: 'A schema cannot be tagged.',
    });
  });
});

describe("AWS's own", () => {
  it('recipes are listed by name, twelve to a page that gives no number, the legacy ones left out', async () => {
    const { call } = stubClient();
    const first = await call('ListRecipes');
    const second = await call('ListRecipes', { nextToken: first.nextToken });
    const names = namesOf([...first.recipes, ...second.recipes]);

    expect(first.recipes).toHaveLength(12);
    expect(second).not.toHaveProperty('nextToken');
    expect(names).toHaveLength(22);
    expect(names).toEqual([...names].sort());
    expect(names.filter((name) => name.includes('hrnn'))).toEqual([]);
    expect(first.recipes[0]).toMatchObject({ domain: 'ECOMMERCE', status: 'ACTIVE' });
    const recipeArn = 'arn:aws:personalize:::recipe/aws-hrnn';
    expect((await call('DescribeRecipe', { recipeArn })).recipe).toMatchObject({ name: 'aws-hrnn' });
  });

  it('recipes of a domain are looked for in each page, after it is cut', async () => {
    const { call } = stubClient();
    const first = await call('ListRecipes', { domain: 'VIDEO_ON_DEMAND' });
    expect(first).toEqual({ recipes: [], nextToken: expect.any(String) });
    const second = await call('ListRecipes', { domain: 'VIDEO_ON_DEMAND', nextToken: first.nextToken });
    expect(second.recipes).toHaveLength(5);
    expect(second).not.toHaveProperty('nextToken');
    expect((await call('ListRecipes', { domain: 'ECOMMERCE', maxResults: 4 })).recipes).toHaveLength(4);
    expect((await call('ListRecipes', { maxResults: 100 })).recipes).toHaveLength(22);
  });

  it('recipes name their algorithm and feature transformation, which are described', async () => {
    const { call } = stubClient();
    const recipeArn = 'arn:aws:personalize:::recipe/aws-trending-now';
    const { recipe } = await call('DescribeRecipe', { recipeArn });
    expect(recipe).toMatchObject({
      recipeType: 'POPULAR_ITEMS',
      algorithmArn: 'arn:aws:personalize:::algorithm/aws-trending-now-custom',
    });
    expect((await call('DescribeAlgorithm', { algorithmArn: recipe.algorithmArn })).algorithm).toMatchObject({
      name: 'aws-trending-now-custom',
    });

    const featureTransformationArn = 'arn:aws:personalize:::feature-transformation/sims';
    expect(
      (await call('DescribeFeatureTransformation', { featureTransformationArn })).featureTransformation,
    ).toMatchObject({ name: 'sims', featureTransformationArn, status: 'ACTIVE' });
  });

  it.each([
    ['DescribeRecipe', 'recipeArn', 'arn:aws:personalize:::recipe/none'],
    ['DescribeRecipe', 'recipeArn', 'arn:aws-cn:personalize:::recipe/aws-sims'],
    ['DescribeAlgorithm', 'algorithmArn', 'arn:aws:personalize:::algorithm/none'],
    ['DescribeAlgorithm', 'algorithmArn', 'arn:aws:personalize:::recipe/aws-sims'],
  ])('%s does not find %s %s', async (operation, member, arn) => {
    const { refusal } = stubClient();

    expect(await refusal(operation, { [member]: arn })).toEqual({
      code: 'ResourceNotFoundException',
      message: `Resource ${arn} does not exist.`,
    });
  });
});
