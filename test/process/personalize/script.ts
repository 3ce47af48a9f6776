/*
 * The script that a user of Personalize writes, as data, so that each SDK runs the same: calls in their order, each
 * with what it keeps of the answer. `{name}` in a text is what was kept under that name; `{ $date }` is a time.
 */

export interface Step {
  readonly operation: string;
  readonly input: object;
  /** Members of the answer by dotted path, under a name. */
  readonly keep?: Readonly<Record<string, string>>;
  /** Asked again until the member has the value. */
  readonly until?: readonly [path: string, value: string];
  /** The code of the error that is expected. */
  readonly refused?: string;
  /** Members of the answer that are known beforehand. */
  readonly expect?: Readonly<Record<string, unknown>>;
}

const ROLE = 'arn:aws:iam::123456789012:role/service-role/PersonalizeRole';
const TAGS = [{ tagKey: 'team', tagValue: 'ml' }];
const BUCKET = 's3://personalize-shop';
const IN = { s3DataSource: { path: `${BUCKET}/batch/users.json` } };
const OUT = { s3DataDestination: { path: `${BUCKET}/out/` } };
const at = (millis: number) => ({ $date: millis });

const schemaText = (name: string, fields: Readonly<Record<string, unknown>>) =>
  JSON.stringify({
    type: 'record',
    name,
    namespace: 'com.amazonaws.personalize.schema',
    fields: Object.entries(fields).map(([field, type]) => ({
      name: field,
      type,
      ...(field === 'GENRE' && { categorical: true }),
    })),
    version: '1.0',
  });

const resourceType = (operation: string) => operation.replace(/^(?:Create|Update|Start|Stop)/, '');
const lower = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);

/** Creates, and asks until it is there: there are no waiters for Personalize, so everybody writes this loop. */
const created = (operation: string, input: object, as: string): readonly Step[] => {
  const type = lower(resourceType(operation));
  const arn = `${type}Arn`;
  return [
    { operation, input, keep: { [as]: arn } },
    {
      operation: `Describe${resourceType(operation)}`,
      input: { [arn]: `{${as}}` },
      // A data deletion job has words of its own.
      until: [`${type}.status`, type === 'dataDeletionJob' ? 'COMPLETED' : 'ACTIVE'],
      expect: { [`${type}.${arn}`]: `{${as}}` },
    },
  ];
};

const dataset = (type: string, fields: Readonly<Record<string, unknown>>): readonly Step[] => [
  {
    operation: 'CreateSchema',
    input: { name: `schema-${type}`, schema: schemaText(type.replace('_', ''), fields) },
    keep: { [`schema${type}`]: 'schemaArn' },
  },
  { operation: 'DescribeSchema', input: { schemaArn: `{schema${type}}` } },
  ...created(
    'CreateDataset',
    {
      name: `data-${type}`,
      datasetType: type,
      datasetGroupArn: '{group}',
      schemaArn: `{schema${type}}`,
      tags: TAGS,
    },
    `dataset${type}`,
  ),
];

const trained = (recipe: string, as: string): readonly Step[] => [
  ...created(
    'CreateSolution',
    { name: recipe, datasetGroupArn: '{group}', recipeArn: `arn:aws:personalize:::recipe/${recipe}` },
    `solution${as}`,
  ),
  ...created('CreateSolutionVersion', { solutionArn: `{solution${as}}`, tags: TAGS }, `version${as}`),
  { operation: 'GetSolutionMetrics', input: { solutionVersionArn: `{version${as}}` } },
];

const campaign = (recipe: string, as: string, config: object = {}): readonly Step[] => [
  ...trained(recipe, as),
  ...created(
    'CreateCampaign',
    { name: recipe, solutionVersionArn: `{version${as}}`, minProvisionedTPS: 1, campaignConfig: config },
    `campaign${as}`,
  ),
];

const PREPARE: readonly Step[] = [
  { operation: 'ListRecipes', input: { maxResults: 5 }, keep: { page: 'nextToken' } },
  { operation: 'ListRecipes', input: { maxResults: 5, nextToken: '{page}' } },
  {
    operation: 'DescribeRecipe',
    input: { recipeArn: 'arn:aws:personalize:::recipe/aws-personalized-ranking' },
    keep: { algorithm: 'recipe.algorithmArn', transformation: 'recipe.featureTransformationArn' },
  },
  { operation: 'DescribeAlgorithm', input: { algorithmArn: '{algorithm}' } },
  { operation: 'DescribeFeatureTransformation', input: { featureTransformationArn: '{transformation}' } },
  ...created('CreateDatasetGroup', { name: 'shop', tags: TAGS }, 'group'),
  { operation: 'CreateDatasetGroup', input: { name: 'shop' }, refused: 'ResourceAlreadyExistsException' },
  ...dataset('Interactions', {
    USER_ID: 'string',
    ITEM_ID: 'string',
    TIMESTAMP: 'long',
    EVENT_TYPE: 'string',
  }),
  ...dataset('Users', { USER_ID: 'string', AGE: 'int' }),
  ...dataset('Items', {
    ITEM_ID: 'string',
    GENRE: ['null', 'string'],
    PRICE: 'float',
  }),
  ...dataset('Actions', { ACTION_ID: 'string', VALUE: ['null', 'long'] }),
  ...dataset('Action_Interactions', {
    USER_ID: 'string',
    ACTION_ID: 'string',
    EVENT_TYPE: 'string',
    TIMESTAMP: 'long',
  }),
  ...created(
    'CreateDatasetImportJob',
    {
      jobName: 'import',
      datasetArn: '{datasetInteractions}',
      dataSource: { dataLocation: `${BUCKET}/interactions.csv` },
      roleArn: ROLE,
      tags: TAGS,
    },
    'import',
  ),
  ...created('CreateEventTracker', { name: 'clicks', datasetGroupArn: '{group}' }, 'tracker'),
  {
    operation: 'DescribeEventTracker',
    input: { eventTrackerArn: '{tracker}' },
    keep: { trackingId: 'eventTracker.trackingId' },
  },
  ...created(
    'CreateFilter',
    {
      name: 'genre',
      datasetGroupArn: '{group}',
      filterExpression: 'INCLUDE ItemID WHERE Items.GENRE IN ($GENRE)',
    },
    'filter',
  ),
];

const TRAIN: readonly Step[] = [
  ...campaign('aws-user-personalization-v2', 'User', { enableMetadataWithRecommendations: true }),
  ...campaign('aws-personalized-ranking-v2', 'Ranking'),
  ...campaign('aws-next-best-action', 'Action'),
  ...trained('aws-item-affinity', 'Segment'),
  ...created(
    'CreateBatchInferenceJob',
    {
      jobName: 'batch',
      solutionVersionArn: '{versionUser}',
      filterArn: '{filter}',
      jobInput: IN,
      jobOutput: OUT,
      roleArn: ROLE,
    },
    'batch',
  ),
  ...created(
    'CreateBatchSegmentJob',
    {
      jobName: 'segment',
      solutionVersionArn: '{versionSegment}',
      jobInput: IN,
      jobOutput: OUT,
      roleArn: ROLE,
    },
    'segment',
  ),
  ...created(
    'CreateDatasetExportJob',
    { jobName: 'export', datasetArn: '{datasetInteractions}', jobOutput: OUT, roleArn: ROLE },
    'export',
  ),
  ...created(
    'CreateDataDeletionJob',
    {
      jobName: 'forget',
      datasetGroupArn: '{group}',
      dataSource: { dataLocation: `${BUCKET}/forget/` },
      roleArn: ROLE,
    },
    'deletion',
  ),
  ...created(
    'CreateMetricAttribution',
    {
      name: 'sales',
      datasetGroupArn: '{group}',
      metrics: [{ eventType: 'buy', metricName: 'sold', expression: 'SUM(Items.PRICE)' }],
      metricsOutputConfig: { roleArn: ROLE, s3DataDestination: OUT.s3DataDestination },
    },
    'attribution',
  ),
  {
    operation: 'CreateSolutionVersion',
    input: { solutionArn: '{solutionUser}' },
    keep: { stopped: 'solutionVersionArn' },
  },
  { operation: 'StopSolutionVersionCreation', input: { solutionVersionArn: '{stopped}' } },
  {
    operation: 'DescribeSolutionVersion',
    input: { solutionVersionArn: '{stopped}' },
    until: ['solutionVersion.status', 'CREATE STOPPED'],
  },
];

const ITEMS = Array.from({ length: 10 }, (_, index) => ({
  itemId: `film ${index} ü`,
  properties: JSON.stringify({ genre: index % 2 ? 'comedy|drama' : 'drama', price: index }),
}));

const USE: readonly Step[] = [
  { operation: 'PutItems', input: { datasetArn: '{datasetItems}', items: ITEMS } },
  {
    operation: 'PutUsers',
    input: { datasetArn: '{datasetUsers}', users: [{ userId: 'ann', properties: '{"age": 30}' }] },
  },
  {
    operation: 'PutActions',
    input: { datasetArn: '{datasetActions}', actions: [{ actionId: 'subscribe' }] },
  },
  {
    operation: 'PutEvents',
    input: {
      trackingId: '{trackingId}',
      userId: 'ann',
      sessionId: 's1',
      eventList: [{ eventType: 'watch', itemId: 'film 1 ü', sentAt: at(1_700_000_000_123), eventValue: 1.5 }],
    },
  },
  {
    operation: 'DescribeDataset',
    input: { datasetArn: '{datasetAction_Interactions}' },
    keep: { actionTracking: 'dataset.trackingId' },
  },
  {
    operation: 'PutActionInteractions',
    input: {
      trackingId: '{actionTracking}',
      actionInteractions: [
        {
          actionId: 'subscribe',
          userId: 'ann',
          sessionId: 's1',
          eventType: 'taken',
          timestamp: at(1_700_000_000_000),
        },
      ],
    },
  },
  {
    operation: 'GetRecommendations',
    input: {
      campaignArn: '{campaignUser}',
      userId: 'ann',
      numResults: 3,
      filterArn: '{filter}',
      filterValues: { GENRE: '"comedy"' },
      metadataColumns: { ITEMS: ['GENRE'] },
    },
    expect: { 'itemList.length': 3, 'itemList.0.metadata.GENRE': 'comedy|drama' },
  },
  {
    operation: 'GetPersonalizedRanking',
    input: {
      campaignArn: '{campaignRanking}',
      userId: 'ann',
      inputList: ['film 3 ü', 'unknown', 'film 1 ü'],
    },
    expect: { 'personalizedRanking.length': 3 },
  },
  {
    operation: 'GetActionRecommendations',
    input: { campaignArn: '{campaignAction}', userId: 'ann' },
    expect: { 'actionList.0.actionId': 'subscribe' },
  },
];

const CHANGE: readonly Step[] = [
  { operation: 'UpdateCampaign', input: { campaignArn: '{campaignUser}', minProvisionedTPS: 2 } },
  {
    operation: 'DescribeCampaign',
    input: { campaignArn: '{campaignUser}' },
    until: ['campaign.latestCampaignUpdate.status', 'ACTIVE'],
    expect: { 'campaign.minProvisionedTPS': 2 },
  },
  { operation: 'UpdateSolution', input: { solutionArn: '{solutionUser}', performAutoTraining: false } },
  {
    operation: 'DescribeSolution',
    input: { solutionArn: '{solutionUser}' },
    until: ['solution.latestSolutionUpdate.status', 'ACTIVE'],
    expect: { 'solution.performAutoTraining': false },
  },
  {
    operation: 'CreateSchema',
    input: {
      name: 'users-2',
      schema: schemaText('Users', { USER_ID: 'string', AGE: 'int', CITY: ['null', 'string'] }),
    },
    keep: { users2: 'schemaArn' },
  },
  { operation: 'UpdateDataset', input: { datasetArn: '{datasetUsers}', schemaArn: '{users2}' } },
  {
    operation: 'DescribeDataset',
    input: { datasetArn: '{datasetUsers}' },
    until: ['dataset.latestDatasetUpdate.status', 'ACTIVE'],
    expect: { 'dataset.schemaArn': '{users2}' },
  },
  {
    operation: 'UpdateMetricAttribution',
    input: {
      metricAttributionArn: '{attribution}',
      addMetrics: [{ eventType: 'view', metricName: 'seen', expression: 'SAMPLECOUNT()' }],
    },
  },
  {
    operation: 'DescribeMetricAttribution',
    input: { metricAttributionArn: '{attribution}' },
    until: ['metricAttribution.status', 'ACTIVE'],
  },
  { operation: 'ListMetricAttributionMetrics', input: { metricAttributionArn: '{attribution}' } },
  {
    operation: 'TagResource',
    input: { resourceArn: '{group}', tags: [{ tagKey: 'stage', tagValue: 'tést' }] },
  },
  { operation: 'UntagResource', input: { resourceArn: '{group}', tagKeys: ['team'] } },
  {
    operation: 'ListTagsForResource',
    input: { resourceArn: '{group}' },
    expect: { 'tags.length': 1, 'tags.0.tagValue': 'tést' },
  },
];

const RECOMMENDER: readonly Step[] = [
  ...created('CreateDatasetGroup', { name: 'films', domain: 'VIDEO_ON_DEMAND' }, 'films'),
  ...created(
    'CreateRecommender',
    { name: 'top', datasetGroupArn: '{films}', recipeArn: 'arn:aws:personalize:::recipe/aws-vod-top-picks' },
    'top',
  ),
  { operation: 'GetRecommendations', input: { recommenderArn: '{top}', userId: 'ann' } },
  {
    operation: 'UpdateRecommender',
    input: { recommenderArn: '{top}', recommenderConfig: { minRecommendationRequestsPerSecond: 2 } },
  },
  {
    operation: 'DescribeRecommender',
    input: { recommenderArn: '{top}' },
    until: ['recommender.latestRecommenderUpdate.status', 'ACTIVE'],
  },
  { operation: 'StopRecommender', input: { recommenderArn: '{top}' } },
  {
    operation: 'DescribeRecommender',
    input: { recommenderArn: '{top}' },
    until: ['recommender.status', 'INACTIVE'],
  },
  { operation: 'StartRecommender', input: { recommenderArn: '{top}' } },
  {
    operation: 'DescribeRecommender',
    input: { recommenderArn: '{top}' },
    until: ['recommender.status', 'ACTIVE'],
  },
];

const list = (type: string, member: string, count: number, input: object = {}): Step => ({
  operation: `List${type}s`,
  input,
  expect: { [`${member}.length`]: count },
});

const LISTS: readonly Step[] = [
  list('Schema', 'schemas', 6),
  list('DatasetGroup', 'datasetGroups', 2),
  list('Dataset', 'datasets', 5, { datasetGroupArn: '{group}' }),
  list('DatasetImportJob', 'datasetImportJobs', 1, { datasetArn: '{datasetInteractions}' }),
  list('DatasetExportJob', 'datasetExportJobs', 1),
  list('DataDeletionJob', 'dataDeletionJobs', 1, { datasetGroupArn: '{group}' }),
  list('EventTracker', 'eventTrackers', 1, { datasetGroupArn: '{group}' }),
  list('Filter', 'Filters', 1, { datasetGroupArn: '{group}' }),
  list('Solution', 'solutions', 4, { datasetGroupArn: '{group}' }),
  list('SolutionVersion', 'solutionVersions', 2, { solutionArn: '{solutionUser}' }),
  list('Campaign', 'campaigns', 1, { solutionArn: '{solutionUser}' }),
  list('BatchInferenceJob', 'batchInferenceJobs', 1, { solutionVersionArn: '{versionUser}' }),
  list('BatchSegmentJob', 'batchSegmentJobs', 1),
  list('MetricAttribution', 'metricAttributions', 1, { datasetGroupArn: '{group}' }),
  list('Recommender', 'recommenders', 1, { datasetGroupArn: '{films}' }),
];

/** Deletes, and asks until it is gone. */
const deleted = (type: string, as: string): readonly Step[] => [
  { operation: `Delete${type}`, input: { [`${lower(type)}Arn`]: `{${as}}` } },
  {
    operation: `Describe${type}`,
    input: { [`${lower(type)}Arn`]: `{${as}}` },
    until: ['error', 'ResourceNotFoundException'],
  },
];

const DATASETS = ['Interactions', 'Users', 'Items', 'Actions', 'Action_Interactions'];

const TAKE_DOWN: readonly Step[] = [
  {
    operation: 'DeleteDatasetGroup',
    input: { datasetGroupArn: '{group}' },
    refused: 'ResourceInUseException',
  },
  ...deleted('Recommender', 'top'),
  ...['User', 'Ranking', 'Action'].flatMap((as) => deleted('Campaign', `campaign${as}`)),
  ...['User', 'Ranking', 'Action', 'Segment'].flatMap((as) => deleted('Solution', `solution${as}`)),
  ...deleted('EventTracker', 'tracker'),
  ...deleted('Filter', 'filter'),
  ...deleted('MetricAttribution', 'attribution'),
  ...DATASETS.flatMap((type) => deleted('Dataset', `dataset${type}`)),
  ...[...DATASETS.map((type) => `schema${type}`), 'users2'].map(
    (as): Step => ({ operation: 'DeleteSchema', input: { schemaArn: `{${as}}` } }),
  ),
  ...deleted('DatasetGroup', 'group'),
  ...deleted('DatasetGroup', 'films'),
  list('DatasetGroup', 'datasetGroups', 0),
  list('Schema', 'schemas', 0),
];

export const SCRIPT: readonly Step[] = [
  ...PREPARE,
  ...TRAIN,
  ...USE,
  ...CHANGE,
  ...RECOMMENDER,
  ...LISTS,
  ...TAKE_DOWN,
];
