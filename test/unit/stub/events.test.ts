import { describe, expect, it } from 'vitest';
import { datasetGroup, items } from './arrangements.ts';
import { stubClient } from './stub-client.ts';

const event = { eventType: 'view', sentAt: new Date(0), itemId: 'lamp' };

describe('what is put', () => {
  it('needs a tracking id that was given', async () => {
    const client = stubClient();
    const { datasetGroupArn } = await datasetGroup(client);
    const { trackingId, eventTrackerArn } = await client.call('CreateEventTracker', {
      name: 'clicks',
      datasetGroupArn,
    });
    const put = { trackingId, sessionId: 's', eventList: [event] };
    expect(await client.call('PutEvents', put)).toEqual({});

    await client.call('DeleteEventTracker', { eventTrackerArn });
    expect(await client.refusal('PutEvents', put)).toEqual({
      code: 'InvalidInputException',
      message: `The tracking id ${trackingId} does not belong to an active event tracker.`,
    });
    const actionInteractions = [
      { actionId: 'a', sessionId: 's', eventType: 'taken', timestamp: new Date(0) },
    ];
    expect(await client.refusal('PutActionInteractions', { trackingId, actionInteractions })).toMatchObject({
      code: 'ResourceNotFoundException',
    });
  });

  it('needs a dataset of the right type', async () => {
    const client = stubClient();
    const { datasetArn } = await datasetGroup(client);

    expect(await client.refusal('PutItems', { datasetArn, items: [{ itemId: 'lamp' }] })).toEqual({
      code: 'InvalidInputException',
      message: `The dataset ${datasetArn} is not of type ITEMS.`,
    });
    expect(
      await client.refusal('PutUsers', { datasetArn: `${datasetArn}X`, users: [{ userId: 'a' }] }),
    ).toMatchObject({ code: 'ResourceNotFoundException' });
  });

  it('has properties that are a JSON object, or nothing of the request is kept', async () => {
    const client = stubClient();
    const { datasetGroupArn } = await datasetGroup(client);
    const datasetArn = await items(client, datasetGroupArn, {});

    expect(
      await client.refusal('PutItems', {
        datasetArn,
        items: [
          { itemId: 'lamp', properties: '{}' },
          { itemId: 'chair', properties: '[]' },
        ],
      }),
    ).toMatchObject({ message: 'properties must be a JSON object.' });
    expect(client.stub.recorded('items')).toEqual([]);
  });

  it('keeps to the limits of the shapes', async () => {
    const client = stubClient();

    expect(
      await client.refusal('PutEvents', {
        trackingId: 't',
        sessionId: 's',
        eventList: Array(11).fill(event),
      }),
    ).toMatchObject({ code: 'InvalidInputException', message: expect.stringContaining("'eventList'") });
  });

  it('goes with its dataset', async () => {
    const client = stubClient();
    const { datasetGroupArn } = await datasetGroup(client);
    const datasetArn = await items(client, datasetGroupArn, { lamp: {} });
    await client.call('DeleteDataset', { datasetArn });
    const { schemas } = await client.call('ListSchemas');
    await client.call('CreateDataset', {
      name: 'items',
      datasetType: 'Items',
      schemaArn: schemas[1].schemaArn,
      datasetGroupArn,
    });
    const { solutionArn } = await client.call('CreateSolution', {
      name: 's',
      datasetGroupArn,
      recipeArn: 'arn:aws:personalize:::recipe/aws-popularity-count',
    });
    const { solutionVersionArn } = await client.call('CreateSolutionVersion', { solutionArn });
    const { campaignArn } = await client.call('CreateCampaign', { name: 'c', solutionVersionArn });

    const { itemList } = await client.call('GetRecommendations', { campaignArn });
    expect(itemList).not.toContainEqual({ itemId: 'lamp' });
  });

  it('is forgotten, oldest first, beyond ten thousand entries', async () => {
    const client = stubClient();
    const { datasetGroupArn } = await datasetGroup(client);
    const datasetArn = await items(client, datasetGroupArn, {});
    for (let put = 0; put < 1001; put++) {
      const entries = Array.from({ length: 10 }, (_, index) => ({ itemId: `item-${put * 10 + index}` }));
      await client.call('PutItems', { datasetArn, items: entries });
    }

    const recorded = client.stub.recorded('items');
    expect(recorded).toHaveLength(10_000);
    expect(recorded[0]?.entry).toEqual({ itemId: 'item-10' });
  });
});
