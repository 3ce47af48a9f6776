import { describe, expect, it } from 'vitest';
import type { StubOptions } from '../../../src/services/personalize/stub.ts';
import { campaign, datasetGroup } from './arrangements.ts';
import { avro, ROLE, type StubClient, stubClient } from './stub-client.ts';

const ITEMS = avro('Items', {
  ITEM_ID: 'string',
  GENRE: ['null', 'string'],
  PRICE: ['null', 'float'],
  NEW: ['null', 'boolean'],
});

/** A stub for which these files lie below `s3://shop/`. */
const withFiles = (files: Readonly<Record<string, string>>, options: object = {}) =>
  stubClient({
    ...options,
    readFiles: async (location) => {
      if (!location.startsWith('s3://shop/')) return undefined;
      const key = location.slice('s3://shop/'.length);
      return Object.entries(files)
        .filter(([name]) => (key.endsWith('/') ? name.startsWith(key) : name === key))
        .map(([name, text]) => ({ key: name, body: Buffer.from(text) }));
    },
  });

async function itemsDataset({ call }: StubClient, datasetGroupArn: string): Promise<string> {
  const { schemaArn } = await call('CreateSchema', { name: 'items', schema: ITEMS });
  const dataset = { name: 'items', datasetType: 'Items', schemaArn, datasetGroupArn };
  return (await call('CreateDataset', dataset)).datasetArn;
}

let jobs = 0;
async function imported({ call }: StubClient, datasetArn: string, dataLocation: string, more: object = {}) {
  const { datasetImportJobArn } = await call('CreateDatasetImportJob', {
    jobName: `job-${++jobs}`,
    datasetArn,
    dataSource: { dataLocation },
    roleArn: ROLE,
    ...more,
  });
  return (await call('DescribeDatasetImportJob', { datasetImportJobArn })).datasetImportJob;
}

const idsFor = async ({ call }: StubClient, campaignArn: string, more: object = {}) => {
  const { itemList } = await call('GetRecommendations', { campaignArn, userId: 'ann', ...more });
  return itemList.map(({ itemId }: { itemId: string }) => itemId).sort();
};

describe('an import', () => {
  it('brings items that are then recommended, with their properties', async () => {
    const client = withFiles({
      'items.csv':
        '\uFEFFITEM_ID,GENRE,PRICE,NEW,OTHER\n1,drama,2.5,true,x\n"a, ""b""",comedy,,,\n\n3,drama,x,no,\n',
    });
    const { datasetGroupArn } = await datasetGroup(client);
    const datasetArn = await itemsDataset(client, datasetGroupArn);
    expect(await imported(client, datasetArn, 's3://shop/items.csv')).toMatchObject({ status: 'ACTIVE' });
    const campaignConfig = { enableMetadataWithRecommendations: true };
    const { campaignArn } = await campaign(client, datasetGroupArn, undefined, { campaignConfig });

    expect(await idsFor(client, campaignArn)).toEqual(['1', '3', 'a, "b"']);
    const { filterArn } = await client.call('CreateFilter', {
      name: 'cheap',
      datasetGroupArn,
      filterExpression: 'INCLUDE ItemID WHERE Items.PRICE < 3',
    });
    const { itemList } = await client.call('GetRecommendations', {
      campaignArn,
      userId: 'ann',
      filterArn,
      metadataColumns: { ITEMS: ['GENRE', 'PRICE', 'NEW'] },
    });
    expect(itemList).toMatchObject([
      { itemId: '1', metadata: { GENRE: 'drama', PRICE: '2.5', NEW: 'true' } },
    ]);
  });

  it('brings interactions: items that were seen, and what filters ask about users', async () => {
    const client = withFiles({
      'log/1.csv': 'USER_ID,ITEM_ID,TIMESTAMP,EVENT_TYPE\nann,film-1,1,watch\n',
      'log/2.csv': 'ITEM_ID,EVENT_TYPE,USER_ID,TIMESTAMP\nfilm-2,click,ann,2\nfilm-3,watch,bob,3\n',
    });
    const { datasetGroupArn, datasetArn } = await datasetGroup(client);
    await imported(client, datasetArn, 's3://shop/log/');
    const { campaignArn } = await campaign(client, datasetGroupArn);
    const { filterArn } = await client.call('CreateFilter', {
      name: 'unwatched',
      datasetGroupArn,
      filterExpression: 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("watch")',
    });

    expect(await idsFor(client, campaignArn)).toEqual(['film-1', 'film-2', 'film-3']);
    expect(await idsFor(client, campaignArn, { filterArn })).toEqual(['film-2', 'film-3']);
  });

  it('replaces what was imported before, but not what was put; an incremental one adds', async () => {
    const client = withFiles({
      'a.csv': 'ITEM_ID,GENRE\na,drama\nshared,drama\n',
      'b.csv': 'ITEM_ID\nb\n',
      'c.csv': 'ITEM_ID\nc\n',
    });
    const { datasetGroupArn } = await datasetGroup(client);
    const datasetArn = await itemsDataset(client, datasetGroupArn);
    const { campaignArn } = await campaign(client, datasetGroupArn);
    await client.call('PutItems', { datasetArn, items: [{ itemId: 'put' }, { itemId: 'shared' }] });

    await imported(client, datasetArn, 's3://shop/a.csv');
    expect(await idsFor(client, campaignArn)).toEqual(['a', 'put', 'shared']);
    await imported(client, datasetArn, 's3://shop/b.csv', { importMode: 'INCREMENTAL' });
    expect(await idsFor(client, campaignArn)).toEqual(['a', 'b', 'put', 'shared']);
    await imported(client, datasetArn, 's3://shop/c.csv');
    expect(await idsFor(client, campaignArn)).toEqual(['c', 'put', 'shared']);
  });

  it('of actions is what a next-best-action campaign recommends', async () => {
    const client = withFiles({ 'actions.csv': 'ACTION_ID,VALUE\nsubscribe,1\nrenew,2\n' });
    const { datasetGroupArn } = await datasetGroup(client);
    const { schemaArn } = await client.call('CreateSchema', {
      name: 'actions',
      schema: avro('Actions', { ACTION_ID: 'string', VALUE: ['null', 'long'] }),
    });
    const { datasetArn } = await client.call('CreateDataset', {
      name: 'actions',
      datasetType: 'Actions',
      schemaArn,
      datasetGroupArn,
    });
    await imported(client, datasetArn, 's3://shop/actions.csv');
    await client.call('PutActions', { datasetArn, actions: [{ actionId: 'renew' }] });
    const { campaignArn } = await campaign(client, datasetGroupArn, 'aws-next-best-action');
    const { actionList } = await client.call('GetActionRecommendations', { campaignArn, userId: 'ann' });

    expect(actionList.map(({ actionId }: { actionId: string }) => actionId).sort()).toEqual([
      'renew',
      'subscribe',
    ]);
  });

  it.each([
    ['missing.csv', 'There is no object at s3://shop/missing.csv.'],
    ['short.csv', 'Input csv is missing the following columns: [ITEM_ID, TIMESTAMP].'],
    [
      'broken.csv',
      'broken.csv is no CSV file: Quote Not Closed: the parsing is finished with an opening quote at line 2',
    ],
  ])('of %s fails, and changes nothing', async (key, failureReason) => {
    const client = withFiles({
      'good.csv': 'USER_ID,ITEM_ID,TIMESTAMP,EVENT_TYPE\nann,film-1,1,watch\n',
      'short.csv': 'USER_ID,EVENT_TYPE\nann,watch\n',
      'broken.csv': 'USER_ID,ITEM_ID,TIMESTAMP,EVENT_TYPE\n"ann,film-2,1,watch',
    });
    const { datasetGroupArn, datasetArn } = await datasetGroup(client);
    const { campaignArn } = await campaign(client, datasetGroupArn);
    await imported(client, datasetArn, 's3://shop/good.csv');

    expect(await imported(client, datasetArn, `s3://shop/${key}`)).toMatchObject({
      status: 'CREATE FAILED',
      failureReason,
    });
    expect(await idsFor(client, campaignArn)).toEqual(['film-1']);
  });

  it('from elsewhere brings nothing and succeeds', async () => {
    const client = withFiles({});
    const { datasetArn } = await datasetGroup(client);

    expect(await imported(client, datasetArn, 's3://another/x.csv')).toMatchObject({ status: 'ACTIVE' });
  });

  it('that a script or the role fails brings nothing', async () => {
    const checkServiceRole: NonNullable<StubOptions['checkServiceRole']> = ({ operation }) =>
      operation.name === 'CreateDatasetImportJob'
        ? { failureReason: 'Insufficient privileges.', conclude: async () => {} }
        : undefined;
    const files = { 'a.csv': 'USER_ID,ITEM_ID,TIMESTAMP,EVENT_TYPE\nann,film-1,1,watch\n' };
    const client = withFiles(files, { checkServiceRole });
    const { datasetGroupArn, datasetArn } = await datasetGroup(client);

    expect(await imported(client, datasetArn, 's3://shop/a.csv')).toMatchObject({
      status: 'CREATE FAILED',
      failureReason: 'Insufficient privileges.',
    });
    const { campaignArn } = await campaign(client, datasetGroupArn);
    expect(await idsFor(client, campaignArn)).not.toContain('film-1');
  });
});
