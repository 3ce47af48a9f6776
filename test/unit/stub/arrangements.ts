import { avro, interactionsSchema, type StubClient } from './stub-client.ts';

/** A dataset group with a schema and an interactions dataset, and ARNs of what follows from names. */
export async function datasetGroup({ call }: StubClient, name = 'shop', domain?: string) {
  const inDomain = domain === undefined ? {} : { domain };
  const { datasetGroupArn } = await call('CreateDatasetGroup', { name, ...inDomain });
  const { schemaArn } = await call('CreateSchema', {
    name: `${name}-events`,
    schema: interactionsSchema,
    ...inDomain,
  });
  const { datasetArn } = await call('CreateDataset', {
    name: `${name}-events`,
    datasetType: 'Interactions',
    schemaArn,
    datasetGroupArn,
  });
  return { datasetGroupArn, schemaArn, datasetArn } as Record<
    'datasetGroupArn' | 'schemaArn' | 'datasetArn',
    string
  >;
}

/** A campaign on a version of a solution with that recipe. */
export async function campaign(
  client: StubClient,
  datasetGroupArn: string,
  recipe = 'aws-user-personalization',
  options: object = {},
) {
  const { call } = client;
  const { solutionArn } = await call('CreateSolution', {
    name: recipe,
    datasetGroupArn,
    recipeArn: `arn:aws:personalize:::recipe/${recipe}`,
  });
  const { solutionVersionArn } = await call('CreateSolutionVersion', { solutionArn });
  const { campaignArn } = await call('CreateCampaign', { name: recipe, solutionVersionArn, ...options });
  return { solutionArn, solutionVersionArn, campaignArn } as Record<
    'solutionArn' | 'solutionVersionArn' | 'campaignArn',
    string
  >;
}

/** An items dataset with items: id -> properties. */
export async function items(
  { call }: StubClient,
  datasetGroupArn: string,
  entries: Readonly<Record<string, object>>,
) {
  const schema = avro('Items', { ITEM_ID: 'string', GENRE: ['null', 'string'], PRICE: ['null', 'float'] });
  const { schemaArn } = await call('CreateSchema', { name: 'items', schema });
  const { datasetArn } = await call('CreateDataset', {
    name: 'items',
    datasetType: 'Items',
    schemaArn,
    datasetGroupArn,
  });
  const all = Object.entries(entries).map(([itemId, properties]) => ({
    itemId,
    properties: JSON.stringify(properties),
  }));
  for (let from = 0; from < all.length; from += 10)
    await call('PutItems', { datasetArn, items: all.slice(from, from + 10) });
  return datasetArn as string;
}
