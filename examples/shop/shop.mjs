// A small shop: it keeps what its visitors look at in Amazon Personalize and shows them what they may like. It knows
// nothing of the proxy: endpoint, region and credentials come from the environment, as they do on AWS.
import {
  CreateCampaignCommand,
  CreateDatasetCommand,
  CreateDatasetGroupCommand,
  CreateDatasetImportJobCommand,
  CreateEventTrackerCommand,
  CreateSchemaCommand,
  CreateSolutionCommand,
  CreateSolutionVersionCommand,
  DescribeCampaignCommand,
  DescribeDatasetGroupCommand,
  DescribeDatasetImportJobCommand,
  DescribeSolutionVersionCommand,
  PersonalizeClient,
} from '@aws-sdk/client-personalize';
import { PersonalizeEventsClient, PutEventsCommand } from '@aws-sdk/client-personalize-events';
import { GetRecommendationsCommand, PersonalizeRuntimeClient } from '@aws-sdk/client-personalize-runtime';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';

const RECIPE = 'arn:aws:personalize:::recipe/aws-user-personalization-v2';
const INTERACTIONS = {
  type: 'record',
  name: 'Interactions',
  namespace: 'com.amazonaws.personalize.schema',
  fields: [
    { name: 'USER_ID', type: 'string' },
    { name: 'ITEM_ID', type: 'string' },
    { name: 'TIMESTAMP', type: 'long' },
  ],
  version: '1.0',
};

/**
 * Builds all that the shop needs, from the dataset to the campaign, and waits until each is there.
 * @param {{ name: string, importRoleArn: string, bucket: string, interactions: string }} options `interactions`: CSV
 * @returns {Promise<{ campaignArn: string, trackingId: string }>}
 */
export async function openShop({ name, importRoleArn, bucket, interactions }) {
  const personalize = new PersonalizeClient({});
  const tags = [{ tagKey: 'application', tagValue: 'shop' }];
  const { datasetGroupArn } = await personalize.send(new CreateDatasetGroupCommand({ name, tags }));
  await settled(async () => {
    const { datasetGroup } = await personalize.send(new DescribeDatasetGroupCommand({ datasetGroupArn }));
    return datasetGroup;
  });
  const schema = JSON.stringify(INTERACTIONS);
  const { schemaArn } = await personalize.send(
    new CreateSchemaCommand({ name: `${name}-interactions`, schema }),
  );
  const { datasetArn } = await personalize.send(
    new CreateDatasetCommand({ name, schemaArn, datasetGroupArn, datasetType: 'Interactions', tags }),
  );
  const Key = 'interactions.csv';
  await new S3Client({ forcePathStyle: true }).send(
    new PutObjectCommand({ Bucket: bucket, Key, Body: interactions }),
  );
  const { datasetImportJobArn } = await personalize.send(
    new CreateDatasetImportJobCommand({
      jobName: `${name}-interactions`,
      datasetArn,
      dataSource: { dataLocation: `s3://${bucket}/${Key}` },
      roleArn: importRoleArn,
    }),
  );
  await settled(async () => {
    const { datasetImportJob } = await personalize.send(
      new DescribeDatasetImportJobCommand({ datasetImportJobArn }),
    );
    return datasetImportJob;
  });
  const { trackingId } = await personalize.send(new CreateEventTrackerCommand({ name, datasetGroupArn }));
  const { solutionArn } = await personalize.send(
    new CreateSolutionCommand({ name, datasetGroupArn, recipeArn: RECIPE }),
  );
  const { solutionVersionArn } = await personalize.send(new CreateSolutionVersionCommand({ solutionArn }));
  await settled(async () => {
    const { solutionVersion } = await personalize.send(
      new DescribeSolutionVersionCommand({ solutionVersionArn }),
    );
    return solutionVersion;
  });
  const { campaignArn } = await personalize.send(new CreateCampaignCommand({ name, solutionVersionArn }));
  await settled(async () => {
    const { campaign } = await personalize.send(new DescribeCampaignCommand({ campaignArn }));
    return campaign;
  });
  return { campaignArn, trackingId };
}

/** What a visitor may like, best first. */
export async function recommend({ campaignArn }, userId) {
  const runtime = new PersonalizeRuntimeClient({});
  const { itemList } = await runtime.send(
    new GetRecommendationsCommand({ campaignArn, userId, numResults: 5 }),
  );
  return itemList.map(({ itemId }) => itemId);
}

/** Remembers that a visitor looked at an item. */
export async function remember({ trackingId }, userId, itemId) {
  const events = new PersonalizeEventsClient({});
  await events.send(
    new PutEventsCommand({
      trackingId,
      userId,
      sessionId: `${userId}-today`,
      eventList: [{ eventType: 'view', itemId, sentAt: new Date() }],
    }),
  );
}

async function settled(describe, secondsBetween = 1) {
  for (;;) {
    const { status, failureReason } = await describe();
    if (status === 'ACTIVE') return;
    if (status === 'CREATE FAILED') throw new Error(failureReason ?? status);
    await new Promise((resolve) => setTimeout(resolve, secondsBetween * 1000));
  }
}
