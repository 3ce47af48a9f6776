import { describe, expect, it } from 'vitest';
import { fromValue } from '../../../src/lib/document.ts';
import { checkFixtures } from '../../../src/services/personalize/fixtures.ts';
import { campaign, datasetGroup } from './arrangements.ts';
import { avro, interactionsSchema, OWNER, START, type StubClient, stubClient } from './stub-client.ts';

const statusOf = async ({ call }: StubClient, resourceType: string, arn: string | undefined) => {
  const member = resourceType.charAt(0).toLowerCase() + resourceType.slice(1);
  return (await call(`Describe${resourceType}`, { [`${member}Arn`]: arn }))[member].status;
};

/** Everything settled: the clock passes what each creation takes. */
async function settledCampaign(client: StubClient) {
  const { call, pass } = client;
  const { datasetGroupArn } = await call('CreateDatasetGroup', { name: 'shop' });
  pass(10);
  const recipeArn = 'arn:aws:personalize:::recipe/aws-user-personalization';
  const { solutionArn } = await call('CreateSolution', { name: 'taste', datasetGroupArn, recipeArn });
  pass(10);
  const { solutionVersionArn } = await call('CreateSolutionVersion', { solutionArn });
  pass(10);
  const { campaignArn } = await call('CreateCampaign', { name: 'home', solutionVersionArn });
  pass(10);
  return { solutionArn, solutionVersionArn, campaignArn };
}

async function settledRecommender({ call, pass }: StubClient) {
  const { datasetGroupArn } = await call('CreateDatasetGroup', { name: 'shop', domain: 'ECOMMERCE' });
  pass(10);
  const { recommenderArn } = await call('CreateRecommender', {
    name: 'for-you',
    datasetGroupArn,
    recipeArn: 'arn:aws:personalize:::recipe/aws-ecomm-recommended-for-you',
  });
  pass(10);
  return recommenderArn as string;
}

describe('a resource that takes time', () => {
  it('is pending, in progress and then active', async () => {
    const client = stubClient({ transitionSeconds: 10 });
    const { datasetGroupArn } = await client.call('CreateDatasetGroup', { name: 'shop' });

    expect(await statusOf(client, 'DatasetGroup', datasetGroupArn)).toBe('CREATE PENDING');
    client.pass(5);
    expect(await statusOf(client, 'DatasetGroup', datasetGroupArn)).toBe('CREATE IN_PROGRESS');
    client.pass(5);
    expect((await client.call('DescribeDatasetGroup', { datasetGroupArn })).datasetGroup).toMatchObject({
      status: 'ACTIVE',
      creationDateTime: new Date(START),
      lastUpdatedDateTime: new Date(START + 10_000),
    });
  });

  it('is not used before it is active', async () => {
    const { call, refusal } = stubClient({ transitionSeconds: 10 });
    const { datasetGroupArn } = await call('CreateDatasetGroup', { name: 'shop' });

    expect(await refusal('CreateEventTracker', { name: 'clicks', datasetGroupArn })).toEqual({
      code: 'ResourceInUseException',
      message: `Resource ${datasetGroupArn} is in status CREATE PENDING; it must be ACTIVE.`,
    });
  });

  it('is not deleted before it is settled, nor twice', async () => {
    const client = stubClient({ transitionSeconds: 10 });
    const { call, refusal, pass } = client;
    const { datasetGroupArn } = await call('CreateDatasetGroup', { name: 'shop' });
    expect((await refusal('DeleteDatasetGroup', { datasetGroupArn })).code).toBe('ResourceInUseException');

    pass(10);
    await call('DeleteDatasetGroup', { datasetGroupArn });
    expect(await statusOf(client, 'DatasetGroup', datasetGroupArn)).toBe('DELETE PENDING');
    pass(5);
    expect(await statusOf(client, 'DatasetGroup', datasetGroupArn)).toBe('DELETE IN_PROGRESS');
    expect((await refusal('DeleteDatasetGroup', { datasetGroupArn })).code).toBe('ResourceInUseException');
    pass(5);
    expect((await refusal('DescribeDatasetGroup', { datasetGroupArn })).code).toBe(
      'ResourceNotFoundException',
    );
    expect(client.stub.tagsOf(datasetGroupArn)).toBeUndefined();
    expect(await call('CreateDatasetGroup', { name: 'shop' })).toHaveProperty('datasetGroupArn');
  });
});

describe('the status of', () => {
  it('a solution is ACTIVE in the second in which it is created', async () => {
    const client = stubClient({ transitionSeconds: 10 });
    const { datasetGroupArn } = await client.call('CreateDatasetGroup', { name: 'shop' });
    client.pass(10);
    const recipeArn = 'arn:aws:personalize:::recipe/aws-user-personalization';
    const solution = { name: 'taste', datasetGroupArn, recipeArn };
    const { solutionArn } = await client.call('CreateSolution', solution);

    expect(await statusOf(client, 'Solution', solutionArn)).toBe('ACTIVE');
    expect((await client.call('ListSolutions')).solutions).toMatchObject([{ status: 'ACTIVE' }]);
    const { solutionVersionArn } = await client.call('CreateSolutionVersion', { solutionArn });
    expect(await statusOf(client, 'SolutionVersion', solutionVersionArn)).toBe('CREATE PENDING');
    await client.call('UpdateSolution', { solutionArn, performAutoTraining: false });
    expect((await client.call('DescribeSolution', { solutionArn })).solution).toMatchObject({
      status: 'ACTIVE',
      latestSolutionUpdate: { status: 'CREATE PENDING' },
    });
  });

  it('a dataset shows its update, and cannot be used until the update is complete', async () => {
    const slow = stubClient({ transitionSeconds: 10 });
    const { datasetGroupArn } = await slow.call('CreateDatasetGroup', { name: 'shop' });
    slow.pass(10);
    const first = await slow.call('CreateSchema', { name: 'narrow', schema: interactionsSchema });
    const dataset = { name: 'events', datasetType: 'Interactions', datasetGroupArn };
    const { datasetArn } = await slow.call('CreateDataset', { ...dataset, schemaArn: first.schemaArn });
    slow.pass(10);
    const schema = avro('Interactions', {
      USER_ID: 'string',
      ITEM_ID: 'string',
      TIMESTAMP: 'long',
      PLACE: 'string',
    });
    const { schemaArn } = await slow.call('CreateSchema', { name: 'wider', schema });
    await slow.call('UpdateDataset', { datasetArn, schemaArn });

    expect(await statusOf(slow, 'Dataset', datasetArn)).toBe('UPDATE PENDING');
    expect((await slow.call('ListDatasets', { datasetGroupArn })).datasets).toMatchObject([
      { status: 'UPDATE PENDING' },
    ]);
    expect(await slow.refusal('DeleteDataset', { datasetArn })).toMatchObject({
      code: 'ResourceInUseException',
    });
    const job = {
      jobName: 'import',
      datasetArn,
      dataSource: { dataLocation: 's3://b/in.csv' },
      roleArn: 'arn:aws:iam::123456789012:role/r',
    };
    expect((await slow.refusal('CreateDatasetImportJob', job)).message).toBe(
      `Resource ${datasetArn} is in status UPDATE PENDING; it must be ACTIVE.`,
    );
    slow.pass(5);
    expect(await statusOf(slow, 'Dataset', datasetArn)).toBe('UPDATE IN_PROGRESS');
    slow.pass(5);
    expect(await statusOf(slow, 'Dataset', datasetArn)).toBe('ACTIVE');
    await slow.call('CreateDatasetImportJob', job);
  });

  it('a data deletion job has the words of its own that AWS documents', async () => {
    const client = stubClient({ transitionSeconds: 10 });
    const { datasetGroupArn } = await client.call('CreateDatasetGroup', { name: 'shop' });
    client.pass(10);
    const { dataDeletionJobArn } = await client.call('CreateDataDeletionJob', {
      jobName: 'forget',
      datasetGroupArn,
      dataSource: { dataLocation: 's3://b/users.csv' },
      roleArn: 'arn:aws:iam::123456789012:role/r',
    });
    const seen: string[] = [];
    for (let step = 0; step < 3; step += 1) {
      seen.push(await statusOf(client, 'DataDeletionJob', dataDeletionJobArn));
      client.pass(5);
    }
    expect(seen).toEqual(['PENDING', 'IN_PROGRESS', 'COMPLETED']);
  });
});

describe('a solution version', () => {
  it('is described with a name: its own, or the solution and the id', async () => {
    const client = stubClient();
    const { datasetGroupArn } = await datasetGroup(client);
    const { solutionArn, solutionVersionArn } = await campaign(client, datasetGroupArn);
    const nameOf = async (arn: string | undefined) =>
      (await client.call('DescribeSolutionVersion', { solutionVersionArn: arn })).solutionVersion.name;

    expect(await nameOf(solutionVersionArn)).toMatch(/^aws-user-personalization\/[0-9a-f]{8}$/);
    expect(solutionVersionArn.endsWith(await nameOf(solutionVersionArn))).toBe(true);
    const named = await client.call('CreateSolutionVersion', { solutionArn, name: 'spring' });
    expect(await nameOf(named.solutionVersionArn)).toBe('spring');
  });
});

describe('an update', () => {
  it('counts when it is over, and shows how far it is until then', async () => {
    const client = stubClient({ transitionSeconds: 10 });
    const { campaignArn } = await settledCampaign(client);
    const { call, refusal, pass } = client;

    await call('UpdateCampaign', { campaignArn, minProvisionedTPS: 5 });
    expect((await call('DescribeCampaign', { campaignArn })).campaign).toMatchObject({
      status: 'ACTIVE',
      minProvisionedTPS: 1,
      latestCampaignUpdate: { status: 'CREATE PENDING', minProvisionedTPS: 5 },
    });
    expect(await refusal('UpdateCampaign', { campaignArn, minProvisionedTPS: 6 })).toEqual({
      code: 'ResourceInUseException',
      message: `Resource ${campaignArn} is in use by an update that is not finished.`,
    });
    pass(10);
    expect((await call('DescribeCampaign', { campaignArn })).campaign).toMatchObject({
      minProvisionedTPS: 5,
      latestCampaignUpdate: { status: 'ACTIVE' },
    });
  });

  it('moves a campaign to the list of another solution', async () => {
    const client = stubClient({ transitionSeconds: 10 });
    const { solutionArn, campaignArn } = await settledCampaign(client);
    const { call, pass, refusal } = client;
    const recipeArn = 'arn:aws:personalize:::recipe/aws-sims';
    const other = await call('CreateSolution', {
      name: 'like',
      datasetGroupArn: `${OWNER}:dataset-group/shop`,
      recipeArn,
    });
    pass(10);
    const { solutionVersionArn } = await call('CreateSolutionVersion', { solutionArn: other.solutionArn });
    pass(10);
    const listed = async (arn: string) =>
      (await call('ListCampaigns', { solutionArn: arn })).campaigns.length;

    await call('UpdateCampaign', { campaignArn, solutionVersionArn });
    expect([await listed(solutionArn), await listed(other.solutionArn)]).toEqual([1, 1]);
    expect((await refusal('DeleteSolution', { solutionArn: other.solutionArn })).code).toBe(
      'ResourceInUseException',
    );
    pass(10);
    expect([await listed(solutionArn), await listed(other.solutionArn)]).toEqual([0, 1]);
  });
});

describe('a recommender', () => {
  it('is stopped and started again', async () => {
    const client = stubClient({ transitionSeconds: 10 });
    const recommenderArn = await settledRecommender(client);
    const { call, refusal, pass } = client;

    expect((await refusal('StartRecommender', { recommenderArn })).code).toBe('ResourceInUseException');
    await call('StopRecommender', { recommenderArn });
    expect(await statusOf(client, 'Recommender', recommenderArn)).toBe('STOP PENDING');
    pass(10);
    expect(await statusOf(client, 'Recommender', recommenderArn)).toBe('INACTIVE');
    expect(await refusal('GetRecommendations', { recommenderArn, userId: 'ann' })).toMatchObject({
      code: 'ResourceNotFoundException',
    });
    await call('StartRecommender', { recommenderArn });
    expect(await statusOf(client, 'Recommender', recommenderArn)).toBe('START PENDING');
    pass(10);
    expect(await statusOf(client, 'Recommender', recommenderArn)).toBe('ACTIVE');
  });

  it('has metrics once it is active', async () => {
    const client = stubClient();
    const recommenderArn = await settledRecommender(client);

    const { recommender } = await client.call('DescribeRecommender', { recommenderArn });
    expect(recommender.modelMetrics).toHaveProperty('coverage');
  });
});

describe('training', () => {
  it.each([
    ['at once while it is pending', 0, 'CREATE STOPPED'],
    ['step by step while it is in progress', 5, 'CREATE STOPPING'],
  ])('is stopped %s', async (_, seconds, status) => {
    const client = stubClient({ transitionSeconds: 10 });
    const { solutionArn } = await settledCampaign(client);
    const { call, pass, refusal } = client;
    const { solutionVersionArn } = await call('CreateSolutionVersion', { solutionArn });
    pass(seconds);

    expect(await call('StopSolutionVersionCreation', { solutionVersionArn })).toEqual({});
    expect(await statusOf(client, 'SolutionVersion', solutionVersionArn)).toBe(status);
    pass(10);
    expect(await statusOf(client, 'SolutionVersion', solutionVersionArn)).toBe('CREATE STOPPED');
    expect((await refusal('CreateCampaign', { name: 'next', solutionVersionArn })).message).toBe(
      `Resource ${solutionVersionArn} is in status CREATE STOPPED; it must be ACTIVE.`,
    );
  });

  it('keeps the datasets and the solution from being deleted', async () => {
    const client = stubClient({ transitionSeconds: 10 });
    const { solutionArn, campaignArn } = await settledCampaign(client);
    const { call, pass, refusal } = client;
    await call('DeleteCampaign', { campaignArn });
    pass(10);
    await call('CreateSolutionVersion', { solutionArn });

    expect((await refusal('DeleteSolution', { solutionArn })).code).toBe('ResourceInUseException');
    pass(10);
    await call('DeleteSolution', { solutionArn });
  });
});

describe('a script', () => {
  const fixtures = (value: object) => {
    const checked = checkFixtures(fromValue(value));
    if (!checked.ok) throw new Error(JSON.stringify(checked.error));
    return () => checked.value;
  };

  it('lets a named resource fail with a reason', async () => {
    const failures = [{ resource: 'campaign/aws-*', reason: 'Not enough interactions.' }];
    const client = stubClient({ fixtures: fixtures({ failures }) });
    const { datasetGroupArn } = await datasetGroup(client);
    const { campaignArn } = await campaign(client, datasetGroupArn);

    expect((await client.call('DescribeCampaign', { campaignArn })).campaign).toMatchObject({
      status: 'CREATE FAILED',
      failureReason: 'Not enough interactions.',
    });
    expect((await client.call('ListCampaigns')).campaigns).toMatchObject([
      { failureReason: 'Not enough interactions.' },
    ]);
    await client.call('DeleteCampaign', { campaignArn });
  });

  it('lets an update fail, which then changes nothing', async () => {
    const failures = [{ resource: 'campaign/*', reason: 'No capacity.', on: 'update' }];
    const client = stubClient({ fixtures: fixtures({ failures }) });
    const { datasetGroupArn } = await datasetGroup(client);
    const { campaignArn } = await campaign(client, datasetGroupArn);
    await client.call('UpdateCampaign', { campaignArn, minProvisionedTPS: 9 });

    expect((await client.call('DescribeCampaign', { campaignArn })).campaign).toMatchObject({
      status: 'ACTIVE',
      minProvisionedTPS: 1,
      latestCampaignUpdate: { status: 'CREATE FAILED', failureReason: 'No capacity.' },
    });
  });

  it('throttles the first calls of an operation, or every so many', async () => {
    const throttling = [
      { operation: 'ListSchemas', times: 2 },
      { operation: 'ListRecipes', every: 2 },
    ];
    const { call, refusal, stub } = stubClient({ fixtures: fixtures({ throttling }) });

    expect(await refusal('ListSchemas')).toEqual({ code: 'ThrottlingException', message: 'Rate exceeded' });
    await refusal('ListSchemas');
    await call('ListSchemas');
    await call('ListRecipes');
    await refusal('ListRecipes');
    await call('ListRecipes');
    await stub.reset();
    await refusal('ListSchemas');
  });

  it('delays an operation', async () => {
    const waited: number[] = [];
    const wait = async (milliseconds: number) => void waited.push(milliseconds);
    const delays = [{ operation: 'ListSchemas', milliseconds: 250 }];
    const { call } = stubClient({ wait, fixtures: fixtures({ delays }) });
    await call('ListSchemas');
    await call('ListRecipes');

    expect(waited).toEqual([250]);
  });
});
