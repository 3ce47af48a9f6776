import {
  CreateCampaignCommand,
  CreateDatasetCommand,
  CreateDatasetGroupCommand,
  CreateDatasetImportJobCommand,
  CreateSchemaCommand,
  CreateSolutionCommand,
  CreateSolutionVersionCommand,
  DescribeDatasetImportJobCommand,
  PersonalizeClient,
} from '@aws-sdk/client-personalize';
import { GetRecommendationsCommand, PersonalizeRuntimeClient } from '@aws-sdk/client-personalize-runtime';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningProxy, startProxy } from '../../src/index.ts';

const ROLE = 'arn:aws:iam::123456789012:role/service-role/PersonalizeRole';
const BUCKET = 'shop-personalize';

let proxy: RunningProxy;
let personalize: PersonalizeClient;
let datasetArn: string;
let campaignArn: string;

beforeAll(async () => {
  proxy = await startProxy({ config: 'config/proxy.yaml' });
  personalize = new PersonalizeClient(proxy.clientConfig('alice'));
  const s3 = new S3Client({ ...proxy.clientConfig('alice'), forcePathStyle: true });
  const files = {
    'items/1.csv': 'ITEM_ID,GENRE\nfilm-1,drama\nfilm-2,comedy\n',
    'items/2.csv': 'ITEM_ID,GENRE\nfilm-3,drama\n',
    'only.csv': 'ITEM_ID,GENRE\nonly,drama\n',
  };
  for (const [Key, Body] of Object.entries(files))
    await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body }));
  const schema = JSON.stringify({
    type: 'record',
    name: 'Items',
    namespace: 'com.amazonaws.personalize.schema',
    fields: ['ITEM_ID', 'GENRE'].map((name) => ({ name, type: 'string' })),
    version: '1.0',
  });
  const { schemaArn } = await personalize.send(new CreateSchemaCommand({ name: 'items', schema }));
  const { datasetGroupArn } = await personalize.send(new CreateDatasetGroupCommand({ name: 'shop' }));
  const dataset = { name: 'items', datasetType: 'Items', schemaArn, datasetGroupArn };
  datasetArn = String((await personalize.send(new CreateDatasetCommand(dataset))).datasetArn);
  const recipeArn = 'arn:aws:personalize:::recipe/aws-user-personalization';
  const { solutionArn } = await personalize.send(
    new CreateSolutionCommand({ name: 'home', datasetGroupArn, recipeArn }),
  );
  const { solutionVersionArn } = await personalize.send(new CreateSolutionVersionCommand({ solutionArn }));
  const campaign = await personalize.send(new CreateCampaignCommand({ name: 'home', solutionVersionArn }));
  campaignArn = String(campaign.campaignArn);
});
afterAll(() => proxy.close());

async function importFrom(dataLocation: string, jobName: string) {
  const { datasetImportJobArn } = await personalize.send(
    new CreateDatasetImportJobCommand({ jobName, datasetArn, dataSource: { dataLocation }, roleArn: ROLE }),
  );
  const described = await personalize.send(new DescribeDatasetImportJobCommand({ datasetImportJobArn }));
  return described.datasetImportJob;
}

async function recommended() {
  const runtime = new PersonalizeRuntimeClient(proxy.clientConfig('alice'));
  const { itemList } = await runtime.send(new GetRecommendationsCommand({ campaignArn, userId: 'ann' }));
  return itemList?.map(({ itemId }) => itemId).sort();
}

describe('what was uploaded to S3', () => {
  it('is imported and then recommended: one object, or all below a folder', async () => {
    expect(await importFrom(`s3://${BUCKET}/only.csv`, 'only')).toMatchObject({ status: 'ACTIVE' });
    expect(await recommended()).toEqual(['only']);
    expect(await importFrom(`s3://${BUCKET}/items/`, 'folder')).toMatchObject({ status: 'ACTIVE' });
    expect(await recommended()).toEqual(['film-1', 'film-2', 'film-3']);
  });

  it.each([
    [`s3://${BUCKET}/missing.csv`, 'CREATE FAILED', `There is no object at s3://${BUCKET}/missing.csv.`],
    ['s3://personalize-elsewhere/items.csv', 'ACTIVE', undefined],
    [
      's3://private/items.csv',
      'CREATE FAILED',
      'Failed to create a data import job for ITEMS dataset. Insufficient privileges for accessing data in Amazon S3.',
    ],
  ])('is not what lies at %s: %s', async (location, status, failureReason) => {
    const job = await importFrom(location, location.replaceAll(/\W+/g, '-'));
    expect([job?.status, job?.failureReason]).toEqual([status, failureReason]);
  });
});
