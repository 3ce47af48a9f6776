import { describe, expect, it } from 'vitest';
import { campaign, datasetGroup } from './arrangements.ts';
import { avro, OWNER, ROLE, stubClient } from './stub-client.ts';

describe('a resource', () => {
  it('needs the resources that it names', async () => {
    const { refusal } = stubClient();
    const datasetGroupArn = `${OWNER}:dataset-group/none`;

    expect(await refusal('CreateEventTracker', { name: 'clicks', datasetGroupArn })).toEqual({
      code: 'ResourceNotFoundException',
      message: `Resource ${datasetGroupArn} does not exist.`,
    });
  });

  it('needs them of the right type', async () => {
    const client = stubClient();
    const { schemaArn } = await datasetGroup(client);

    expect(
      await client.refusal('CreateEventTracker', { name: 'clicks', datasetGroupArn: schemaArn }),
    ).toMatchObject({ code: 'ResourceNotFoundException' });
  });

  it.each([
    ['DeleteSchema', 'schemaArn', 'dataset/shop/INTERACTIONS'],
    ['DeleteDatasetGroup', 'datasetGroupArn', 'dataset/shop/INTERACTIONS'],
    ['DeleteSolution', 'solutionArn', 'campaign/aws-user-personalization'],
  ])('is not deleted while others use it: %s', async (operation, member, user) => {
    const client = stubClient();
    const group = await datasetGroup(client);
    const arns: Readonly<Record<string, string>> = {
      ...group,
      ...(await campaign(client, group.datasetGroupArn)),
    };

    expect(await client.refusal(operation, { [member]: arns[member] })).toEqual({
      code: 'ResourceInUseException',
      message: `Resource ${arns[member]} is in use by ${OWNER}:${user}.`,
    });
  });
});

describe('a dataset', () => {
  it('is the only one of its type in its group', async () => {
    const client = stubClient();
    const { datasetGroupArn, schemaArn, datasetArn } = await datasetGroup(client);
    const again = { name: 'more', datasetType: 'INTERACTIONS', schemaArn, datasetGroupArn };

    expect(await client.refusal('CreateDataset', again)).toEqual({
      code: 'ResourceAlreadyExistsException',
      message: `Another resource with Arn ${datasetArn} already exists.`,
    });
  });

  it.each([
    ['of no known type', 'Films', 'Films is not a dataset type.'],
    [
      'whose schema lacks its fields',
      'Users',
      'The schema of a dataset of type USERS must have at least one metadata field.',
    ],
  ])('is refused %s', async (_, datasetType, message) => {
    const client = stubClient();
    const { datasetGroupArn } = await datasetGroup(client);
    const { schemaArn } = await client.call('CreateSchema', {
      name: 'users',
      schema: avro('Anything', { USER_ID: 'string' }),
    });

    expect(
      await client.refusal('CreateDataset', { name: 'x', datasetType, schemaArn, datasetGroupArn }),
    ).toEqual({ code: 'InvalidInputException', message });
  });

  it('has a schema of the domain of its group', async () => {
    const client = stubClient();
    const { schemaArn } = await datasetGroup(client, 'custom');
    const { datasetGroupArn } = await client.call('CreateDatasetGroup', {
      name: 'films',
      domain: 'VIDEO_ON_DEMAND',
    });

    expect(
      await client.refusal('CreateDataset', {
        name: 'x',
        datasetType: 'Interactions',
        schemaArn,
        datasetGroupArn,
      }),
    ).toMatchObject({ message: 'The domain of the schema must be the domain of the dataset group.' });
  });
});

describe('an event tracker', () => {
  it('is the only one of its group', async () => {
    const client = stubClient();
    const { datasetGroupArn } = await datasetGroup(client);
    const { trackingId } = await client.call('CreateEventTracker', { name: 'one', datasetGroupArn });

    expect(trackingId).toMatch(/^[0-9a-f-]{36}$/);
    expect(await client.refusal('CreateEventTracker', { name: 'two', datasetGroupArn })).toMatchObject({
      code: 'ResourceInUseException',
    });
  });
});

describe('a solution', () => {
  it.each([
    ['no recipe', {}, 'recipeArn must be given where performAutoML is not true.'],
    [
      'the recipe of a domain',
      { recipeArn: 'arn:aws:personalize:::recipe/aws-vod-top-picks' },
      'The recipe aws-vod-top-picks is for recommenders of the domain VIDEO_ON_DEMAND.',
    ],
    [
      'a recipe that is not there',
      { recipeArn: 'arn:aws:personalize:::recipe/aws-magic' },
      'Resource arn:aws:personalize:::recipe/aws-magic does not exist.',
    ],
  ])('is refused with %s', async (_, input, message) => {
    const client = stubClient();
    const { datasetGroupArn } = await datasetGroup(client);

    expect(await client.refusal('CreateSolution', { name: 's', datasetGroupArn, ...input })).toMatchObject({
      message,
    });
  });

  it('goes with its versions and their jobs', async () => {
    const client = stubClient();
    const { datasetGroupArn } = await datasetGroup(client);
    const { solutionArn, solutionVersionArn, campaignArn } = await campaign(client, datasetGroupArn);
    const { batchInferenceJobArn } = await client.call('CreateBatchInferenceJob', {
      jobName: 'job',
      solutionVersionArn,
      roleArn: ROLE,
      jobInput: { s3DataSource: { path: 's3://b/in' } },
      jobOutput: { s3DataDestination: { path: 's3://b/out' } },
    });
    await client.call('DeleteCampaign', { campaignArn });
    await client.call('DeleteSolution', { solutionArn });

    for (const [operation, input] of [
      ['DescribeSolution', { solutionArn }],
      ['DescribeSolutionVersion', { solutionVersionArn }],
      ['DescribeBatchInferenceJob', { batchInferenceJobArn }],
    ] as const)
      expect(await client.refusal(operation, input)).toMatchObject({ code: 'ResourceNotFoundException' });
  });
});

describe('a recommender', () => {
  it.each([
    [undefined, 'aws-ecomm-recommended-for-you', 'A recommender needs a Domain dataset group.'],
    ['ECOMMERCE', 'aws-vod-top-picks', 'The recipe aws-vod-top-picks is not one of the domain ECOMMERCE.'],
    ['ECOMMERCE', 'aws-sims', 'The recipe aws-sims is not one of the domain ECOMMERCE.'],
  ])('in a group of domain %s is refused with the recipe %s', async (domain, recipe, message) => {
    const client = stubClient();
    const { datasetGroupArn } = await datasetGroup(client, 'shop', domain);
    const recipeArn = `arn:aws:personalize:::recipe/${recipe}`;

    expect(await client.refusal('CreateRecommender', { name: 'r', datasetGroupArn, recipeArn })).toEqual({
      code: 'InvalidInputException',
      message,
    });
  });
});

describe('a job', () => {
  it('is of the kind that its recipe makes', async () => {
    const client = stubClient();
    const { datasetGroupArn } = await datasetGroup(client);
    const { solutionVersionArn } = await campaign(client, datasetGroupArn);
    const job = {
      jobName: 'job',
      solutionVersionArn,
      roleArn: ROLE,
      jobInput: { s3DataSource: { path: 's3://b/in' } },
      jobOutput: { s3DataDestination: { path: 's3://b/out' } },
    };

    expect(await client.refusal('CreateBatchSegmentJob', job)).toMatchObject({
      message: 'A batch segment job cannot be created with the recipe aws-user-personalization.',
    });
  });
});

describe('a filter', () => {
  it('is refused where its expression does not parse', async () => {
    const client = stubClient();
    const { datasetGroupArn } = await datasetGroup(client);

    expect(
      await client.refusal('CreateFilter', { name: 'f', datasetGroupArn, filterExpression: 'INCLUDE all' }),
    ).toEqual({
      code: 'InvalidInputException',
      message: 'The filter expression is not valid: expected ItemID or UserID or ActionID, found all.',
    });
  });

  it.each([
    ['Items.DESCRIPTION IN ("a")', 'ITEMS.DESCRIPTION is a textual field, which filters cannot use'],
    [
      'Items.sold = 1',
      'ITEMS.SOLD is a boolean field, which filters cannot use; make it a string or a number',
    ],
    [
      'Items.PRICE < CurrentItem.SOLD',
      'ITEMS.SOLD is a boolean field, which filters cannot use; make it a string or a number',
    ],
  ])('on %s is refused by the schema of its dataset', async (condition, reason) => {
    const client = stubClient();
    const { datasetGroupArn } = await datasetGroup(client);
    const schema = JSON.parse(
      avro('Items', { ITEM_ID: 'string', PRICE: 'float', SOLD: ['null', 'boolean'] }),
    );
    schema.fields.push({ name: 'DESCRIPTION', type: ['null', 'string'], textual: true });
    const { schemaArn } = await client.call('CreateSchema', {
      name: 'items',
      schema: JSON.stringify(schema),
    });
    await client.call('CreateDataset', { name: 'items', datasetType: 'Items', schemaArn, datasetGroupArn });
    const filter = { name: 'f', datasetGroupArn, filterExpression: `INCLUDE ItemID WHERE ${condition}` };

    expect(await client.refusal('CreateFilter', filter)).toEqual({
      code: 'InvalidInputException',
      message: `The filter expression is not valid: ${reason}.`,
    });
  });

  it('is refused where the filters of its group would use more than 20 fields together', async () => {
    const client = stubClient();
    const { datasetGroupArn } = await datasetGroup(client);
    const create = (name: string, from: number, count: number) => {
      const fields = Array.from({ length: count }, (_, index) => `Items.F${from + index} > 1`);
      return { name, datasetGroupArn, filterExpression: `INCLUDE ItemID WHERE ${fields.join(' OR ')}` };
    };
    await client.call('CreateFilter', create('a', 0, 10));
    await client.call('CreateFilter', create('b', 5, 10));
    await client.call('CreateFilter', create('c', 15, 5));

    expect(await client.refusal('CreateFilter', create('d', 19, 2))).toEqual({
      code: 'LimitExceededException',
      message: `The filters of ${datasetGroupArn} would use 21 distinct fields; 20 are possible.`,
    });
    const { filters } = { filters: (await client.call('ListFilters', { datasetGroupArn })).Filters };
    await client.call('DeleteFilter', { filterArn: filters[0].filterArn });
    await client.call('CreateFilter', create('d', 19, 2));
  });
});
