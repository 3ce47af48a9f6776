import { expect, it } from 'vitest';
import { avro, interactionsSchema, OWNER, ROLE, type StubClient, stubClient } from './stub-client.ts';

const S3_IN = { s3DataSource: { path: 's3://bucket/in.json' } };
const S3_OUT = { s3DataDestination: { path: 's3://bucket/out/' } };
const TAGS = [{ tagKey: 'team', tagValue: 'ml' }];
const recipe = (name: string) => `arn:aws:personalize:::recipe/${name}`;

const DATASETS: Readonly<Record<string, string>> = {
  Interactions: interactionsSchema,
  Users: avro('Users', { USER_ID: 'string', AGE: 'int' }),
  Items: avro('Items', { ITEM_ID: 'string', GENRE: ['null', 'string'], CREATION_TIMESTAMP: 'long' }),
  Actions: avro('Actions', { ACTION_ID: 'string', VALUE: ['null', 'long'] }),
  Action_Interactions: avro('ActionInteractions', {
    USER_ID: 'string',
    ACTION_ID: 'string',
    EVENT_TYPE: 'string',
    TIMESTAMP: 'long',
  }),
};

it('walks the script of a Personalize user, with every output in its shape', async () => {
  const client = stubClient();
  const group = await client.call('CreateDatasetGroup', { name: 'shop', tags: TAGS });
  const datasets = await createDatasets(client, group.datasetGroupArn);
  await importAndExport(client, group.datasetGroupArn, datasets);
  const tracker = await client.call('CreateEventTracker', {
    name: 'clicks',
    datasetGroupArn: group.datasetGroupArn,
  });
  const { filterArn } = await client.call('CreateFilter', {
    name: 'drama',
    datasetGroupArn: group.datasetGroupArn,
    filterExpression: 'INCLUDE ItemID WHERE Items.GENRE IN ($GENRE)',
    tags: TAGS,
  });
  const campaigns = await train(client, group.datasetGroupArn, filterArn);
  await put(client, tracker.trackingId, datasets);
  await recommend(client, campaigns, filterArn);
  await update(client, campaigns, datasets);
  await tagAndUntag(client, group.datasetGroupArn);
  await everythingIsListed(client, group.datasetGroupArn);
  await takeDown(client, group.datasetGroupArn);
});

type Arns = Readonly<Record<string, string>>;

async function createDatasets({ call }: StubClient, datasetGroupArn: string): Promise<Arns> {
  const arns: Record<string, string> = {};
  for (const [datasetType, schema] of Object.entries(DATASETS)) {
    const { schemaArn } = await call('CreateSchema', { name: `schema-${datasetType}`, schema });
    const { datasetArn } = await call('CreateDataset', {
      name: `data-${datasetType}`,
      datasetType,
      schemaArn,
      datasetGroupArn,
    });
    expect(datasetArn).toBe(`${OWNER}:dataset/shop/${datasetType.toUpperCase()}`);
    expect((await call('DescribeDataset', { datasetArn })).dataset.status).toBe('ACTIVE');
    arns[datasetType] = datasetArn;
  }
  return arns;
}

async function importAndExport({ call }: StubClient, datasetGroupArn: string, datasets: Arns) {
  const dataSource = { dataLocation: 's3://bucket/data.csv' };
  const datasetArn = datasets.Interactions;
  const { datasetImportJobArn } = await call('CreateDatasetImportJob', {
    jobName: 'import',
    datasetArn,
    dataSource,
    roleArn: ROLE,
  });
  expect((await call('DescribeDatasetImportJob', { datasetImportJobArn })).datasetImportJob).toMatchObject({
    jobName: 'import',
    importMode: 'FULL',
    status: 'ACTIVE',
  });
  const { datasetExportJobArn } = await call('CreateDatasetExportJob', {
    jobName: 'export',
    datasetArn,
    roleArn: ROLE,
    jobOutput: S3_OUT,
  });
  await call('DescribeDatasetExportJob', { datasetExportJobArn });
  const { dataDeletionJobArn } = await call('CreateDataDeletionJob', {
    jobName: 'forget',
    datasetGroupArn,
    dataSource,
    roleArn: ROLE,
  });
  expect((await call('DescribeDataDeletionJob', { dataDeletionJobArn })).dataDeletionJob.numDeleted).toBe(0);
}

async function train({ call }: StubClient, datasetGroupArn: string, filterArn: string): Promise<Arns> {
  const campaigns: Record<string, string> = {};
  for (const name of [
    'aws-user-personalization-v2',
    'aws-personalized-ranking-v2',
    'aws-similar-items',
    'aws-next-best-action',
    'aws-item-affinity',
  ]) {
    const { solutionArn } = await call('CreateSolution', { name, datasetGroupArn, recipeArn: recipe(name) });
    const { solutionVersionArn } = await call('CreateSolutionVersion', { solutionArn, tags: TAGS });
    expect(solutionVersionArn).toMatch(new RegExp(`^${OWNER}:solution/${name}/[0-9a-f]{8}$`));
    const { solution } = await call('DescribeSolution', { solutionArn });
    expect(solution.latestSolutionVersion.solutionVersionArn).toBe(solutionVersionArn);
    expect((await call('GetSolutionMetrics', { solutionVersionArn })).metrics).not.toEqual({});
    const job = { jobName: name, solutionVersionArn, jobInput: S3_IN, jobOutput: S3_OUT, roleArn: ROLE };
    if (name === 'aws-item-affinity') {
      const { batchSegmentJobArn } = await call('CreateBatchSegmentJob', job);
      await call('DescribeBatchSegmentJob', { batchSegmentJobArn });
      continue;
    }
    const { batchInferenceJobArn } = await call('CreateBatchInferenceJob', { ...job, filterArn });
    await call('DescribeBatchInferenceJob', { batchInferenceJobArn });
    const { campaignArn } = await call('CreateCampaign', {
      name,
      solutionVersionArn: `${solutionArn}/$LATEST`,
      campaignConfig: { enableMetadataWithRecommendations: true },
    });
    expect((await call('DescribeCampaign', { campaignArn })).campaign).toMatchObject({
      solutionVersionArn,
      minProvisionedTPS: 1,
      status: 'ACTIVE',
    });
    campaigns[name] = campaignArn;
  }
  const { metricAttributionArn } = await call('CreateMetricAttribution', {
    name: 'sales',
    datasetGroupArn,
    metrics: [{ eventType: 'buy', metricName: 'sold', expression: 'SUM(Items.PRICE)' }],
    metricsOutputConfig: { roleArn: ROLE },
  });
  await call('UpdateMetricAttribution', {
    metricAttributionArn,
    addMetrics: [{ eventType: 'view', metricName: 'seen', expression: 'SAMPLECOUNT()' }],
    removeMetrics: ['sold'],
  });
  expect(
    (await call('ListMetricAttributionMetrics', { metricAttributionArn })).metrics.map(
      ({ metricName }: { metricName: string }) => metricName,
    ),
  ).toEqual(['seen']);
  await call('DescribeMetricAttribution', { metricAttributionArn });
  return campaigns;
}

async function put({ call, stub }: StubClient, trackingId: string, datasets: Arns) {
  const items = Array.from({ length: 10 }, (_, index) => ({
    itemId: `film-${index}`,
    properties: JSON.stringify({ genre: index % 2 === 0 ? 'drama' : 'comedy|drama', price: index }),
  }));
  await call('PutItems', { datasetArn: datasets.Items, items });
  await call('PutUsers', {
    datasetArn: datasets.Users,
    users: [{ userId: 'ann', properties: '{"age": 30}' }],
  });
  await call('PutActions', { datasetArn: datasets.Actions, actions: [{ actionId: 'subscribe' }] });
  await call('PutEvents', {
    trackingId,
    userId: 'ann',
    sessionId: 's1',
    eventList: [{ eventType: 'watch', itemId: 'film-1', sentAt: new Date(0) }],
  });
  const { dataset } = await call('DescribeDataset', { datasetArn: datasets.Action_Interactions });
  await call('PutActionInteractions', {
    trackingId: dataset.trackingId,
    actionInteractions: [
      { actionId: 'subscribe', userId: 'ann', sessionId: 's1', eventType: 'taken', timestamp: new Date(0) },
    ],
  });
  expect(stub.recorded('items')).toHaveLength(10);
  expect(stub.recorded('events')).toEqual([
    {
      receivedAt: '2026-11-24T00:00:00.000Z',
      resourceArn: expect.stringMatching(new RegExp(`^${OWNER}:event-tracker/[0-9a-f]{8}$`)),
      request: { trackingId, userId: 'ann', sessionId: 's1' },
      entry: { eventType: 'watch', itemId: 'film-1', sentAt: '1970-01-01T00:00:00.000Z' },
    },
  ]);
  expect(stub.recorded('action-interactions')).toHaveLength(1);
}

async function recommend({ call }: StubClient, campaigns: Arns, filterArn: string) {
  const recommended = await call('GetRecommendations', {
    campaignArn: campaigns['aws-user-personalization-v2'],
    userId: 'ann',
    numResults: 4,
    filterArn,
    filterValues: { GENRE: '"comedy"' },
    metadataColumns: { ITEMS: ['GENRE'] },
  });
  expect(recommended.itemList).toHaveLength(4);
  for (const { itemId, metadata } of recommended.itemList) {
    expect(itemId).toMatch(/^film-[13579]$/);
    expect(metadata).toEqual({ GENRE: 'comedy|drama' });
  }
  const inputList = ['film-3', 'unknown', 'film-1'];
  const { personalizedRanking } = await call('GetPersonalizedRanking', {
    campaignArn: campaigns['aws-personalized-ranking-v2'],
    userId: 'ann',
    inputList,
  });
  expect(personalizedRanking.map(({ itemId }: { itemId: string }) => itemId).sort()).toEqual(
    inputList.sort(),
  );
  const similar = await call('GetRecommendations', {
    campaignArn: campaigns['aws-similar-items'],
    itemId: 'film-1',
  });
  expect(similar.itemList).toHaveLength(9);
  const { actionList } = await call('GetActionRecommendations', {
    campaignArn: campaigns['aws-next-best-action'],
    userId: 'ann',
  });
  expect(actionList).toMatchObject([{ actionId: 'subscribe' }]);
}

async function update({ call }: StubClient, campaigns: Arns, datasets: Arns) {
  const campaignArn = campaigns['aws-user-personalization-v2'];
  await call('UpdateCampaign', { campaignArn, minProvisionedTPS: 7 });
  const { campaign } = await call('DescribeCampaign', { campaignArn });
  expect(campaign).toMatchObject({ minProvisionedTPS: 7, latestCampaignUpdate: { status: 'ACTIVE' } });

  const solutionArn = `${OWNER}:solution/aws-user-personalization-v2`;
  const solutionUpdateConfig = { autoTrainingConfig: { schedulingExpression: 'rate(3 days)' } };
  await call('UpdateSolution', { solutionArn, performAutoTraining: false, solutionUpdateConfig });
  expect((await call('DescribeSolution', { solutionArn })).solution).toMatchObject({
    performAutoTraining: false,
    solutionConfig: solutionUpdateConfig,
    latestSolutionUpdate: { solutionUpdateConfig, status: 'ACTIVE' },
  });

  const schema = avro('Items', { ITEM_ID: 'string', GENRE: 'string', MOOD: 'string' });
  const { schemaArn } = await call('CreateSchema', { name: 'items-2', schema });
  await call('UpdateDataset', { datasetArn: datasets.Items, schemaArn });
  expect((await call('DescribeDataset', { datasetArn: datasets.Items })).dataset).toMatchObject({
    schemaArn,
    latestDatasetUpdate: { schemaArn, status: 'ACTIVE' },
  });
}

async function tagAndUntag({ call, stub }: StubClient, resourceArn: string) {
  await call('TagResource', { resourceArn, tags: [{ tagKey: 'stage', tagValue: 'test' }] });
  await call('UntagResource', { resourceArn, tagKeys: ['team'] });
  expect(await call('ListTagsForResource', { resourceArn })).toEqual({
    tags: [{ tagKey: 'stage', tagValue: 'test' }],
  });
  expect(stub.tagsOf(resourceArn)).toEqual({ stage: 'test' });
}

async function everythingIsListed({ call }: StubClient, datasetGroupArn: string) {
  const counts: Readonly<Record<string, [input: object, list: string, count: number]>> = {
    ListSchemas: [{}, 'schemas', 6],
    ListDatasets: [{ datasetGroupArn }, 'datasets', 5],
    ListDatasetImportJobs: [{}, 'datasetImportJobs', 1],
    ListDatasetExportJobs: [{}, 'datasetExportJobs', 1],
    ListDataDeletionJobs: [{ datasetGroupArn }, 'dataDeletionJobs', 1],
    ListEventTrackers: [{ datasetGroupArn }, 'eventTrackers', 1],
    ListFilters: [{ datasetGroupArn }, 'Filters', 1],
    ListSolutions: [{ datasetGroupArn }, 'solutions', 5],
    ListSolutionVersions: [{}, 'solutionVersions', 5],
    ListCampaigns: [{}, 'campaigns', 4],
    ListBatchInferenceJobs: [{}, 'batchInferenceJobs', 4],
    ListBatchSegmentJobs: [{}, 'batchSegmentJobs', 1],
    ListMetricAttributions: [{ datasetGroupArn }, 'metricAttributions', 1],
    ListRecommenders: [{ datasetGroupArn }, 'recommenders', 0],
  };
  for (const [operation, [input, list, count]] of Object.entries(counts)) {
    expect((await call(operation, input))[list], operation).toHaveLength(count);
  }
}

async function takeDown({ call, refusal }: StubClient, datasetGroupArn: string) {
  expect(await refusal('DeleteDatasetGroup', { datasetGroupArn })).toMatchObject({
    code: 'ResourceInUseException',
  });
  for (const { campaignArn } of (await call('ListCampaigns')).campaigns)
    await call('DeleteCampaign', { campaignArn });
  for (const { solutionArn } of (await call('ListSolutions')).solutions)
    await call('DeleteSolution', { solutionArn });
  for (const { eventTrackerArn } of (await call('ListEventTrackers')).eventTrackers)
    await call('DeleteEventTracker', { eventTrackerArn });
  for (const { filterArn } of (await call('ListFilters')).Filters) await call('DeleteFilter', { filterArn });
  for (const { metricAttributionArn } of (await call('ListMetricAttributions')).metricAttributions)
    await call('DeleteMetricAttribution', { metricAttributionArn });
  for (const { datasetArn } of (await call('ListDatasets')).datasets)
    await call('DeleteDataset', { datasetArn });
  for (const { schemaArn } of (await call('ListSchemas')).schemas) await call('DeleteSchema', { schemaArn });
  await call('DeleteDatasetGroup', { datasetGroupArn });
  for (const list of [
    'ListDatasetGroups',
    'ListSolutionVersions',
    'ListDataDeletionJobs',
    'ListDatasetImportJobs',
  ])
    expect(Object.values(await call(list)), list).toEqual([[]]);
}
