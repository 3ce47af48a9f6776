import { describe, expect, it } from 'vitest';
import { avro, interactionsSchema, OWNER, START, stubClient } from './stub-client.ts';

describe('dataset groups', () => {
  it('are created, described, listed and deleted', async () => {
    const { call, refusal } = stubClient();
    const datasetGroupArn = `${OWNER}:dataset-group/shop`;

    expect(await call('CreateDatasetGroup', { name: 'shop', domain: 'ECOMMERCE' })).toEqual({
      datasetGroupArn,
      domain: 'ECOMMERCE',
    });
    expect(await call('DescribeDatasetGroup', { datasetGroupArn })).toEqual({
      datasetGroup: {
        name: 'shop',
        datasetGroupArn,
        domain: 'ECOMMERCE',
        status: 'ACTIVE',
        creationDateTime: new Date(START),
        lastUpdatedDateTime: new Date(START),
      },
    });
    expect((await call('ListDatasetGroups')).datasetGroups).toHaveLength(1);

    await call('DeleteDatasetGroup', { datasetGroupArn });
    expect(await call('ListDatasetGroups')).toEqual({ datasetGroups: [] });
    expect(await refusal('DescribeDatasetGroup', { datasetGroupArn })).toEqual({
      code: 'ResourceNotFoundException',
      message: `Resource ${datasetGroupArn} does not exist.`,
    });
  });

  it('have names that are taken once in an account and region', async () => {
    const { call, refusal } = stubClient();
    await call('CreateDatasetGroup', { name: 'shop' });

    expect(await refusal('CreateDatasetGroup', { name: 'shop' })).toEqual({
      code: 'ResourceAlreadyExistsException',
      message: `Another resource with Arn ${OWNER}:dataset-group/shop already exists.`,
    });
  });

  it('are refused with every violation of the shape in one sentence', async () => {
    const { refusal } = stubClient();

    expect(await refusal('CreateDatasetGroup', { name: '-', domain: 'FOOD' })).toEqual({
      code: 'InvalidInputException',
      message: expect.stringMatching(/^2 validation errors detected: .*'name'.*; .*'domain'/),
    });
  });

  it('are found by their own account only', async () => {
    const { stub, call } = stubClient();
    await call('CreateDatasetGroup', { name: 'shop' });
    const { personalizeOperations } = await import('../../../src/services/personalize/service-operations.ts');
    const ask = (name: string, input: object) => {
      const operation = personalizeOperations().get(name);
      if (!operation) throw new Error(name);
      const scope = { partition: 'aws', region: 'us-east-1', account: '999999999999' };
      return stub.handle({ operation, input: { ...input }, ...scope });
    };

    expect(await ask('ListDatasetGroups', {})).toEqual({ ok: true, value: { datasetGroups: [] } });
    expect(
      await ask('DescribeDatasetGroup', { datasetGroupArn: `${OWNER}:dataset-group/shop` }),
    ).toMatchObject({ ok: false, error: { code: 'ResourceNotFoundException' } });
  });
});

describe('schemas', () => {
  it('are kept as they were given, and have no status', async () => {
    const { call } = stubClient();
    const { schemaArn } = await call('CreateSchema', { name: 'events', schema: interactionsSchema });

    expect(await call('DescribeSchema', { schemaArn })).toEqual({
      schema: {
        name: 'events',
        schemaArn,
        schema: interactionsSchema,
        creationDateTime: new Date(START),
        lastUpdatedDateTime: new Date(START),
      },
    });
  });

  it.each([
    ['no JSON', 'nope', 'The schema is not a JSON object in Avro format.'],
    ['no record', '{"type":"enum"}', 'The schema must be of type record.'],
    ['no fields', '{"type":"record","name":"Items","fields":[]}', 'The schema must have fields.'],
    [
      'a type that Personalize does not know',
      avro('Users', { USER_ID: 'string', AGE: 'bytes' }),
      'The field AGE has a type that is not supported.',
    ],
    [
      'a required field missing',
      avro('Interactions', { USER_ID: 'string', ITEM_ID: 'string' }),
      'The schema of a dataset of type INTERACTIONS must have the field TIMESTAMP.',
    ],
    [
      'a required field of another type',
      avro('Interactions', { USER_ID: 'string', ITEM_ID: 'string', TIMESTAMP: 'string' }),
      'The field TIMESTAMP must be of type long.',
    ],
    [
      'no metadata',
      avro('Items', { ITEM_ID: 'string', CREATION_TIMESTAMP: 'long' }),
      'The schema of a dataset of type ITEMS must have at least one metadata field.',
    ],
    [
      'what Avro forbids',
      avro('Users', { USER_ID: 'string', AGE: ['int', 'int'] }),
      'The schema is not valid in Avro: duplicate union branch name: "int".',
    ],
  ])('are refused with %s', async (_, schema, message) => {
    const { refusal } = stubClient();

    expect(await refusal('CreateSchema', { name: 'bad', schema })).toEqual({
      code: 'InvalidInputException',
      message,
    });
  });

  it('must have what their domain asks for', async () => {
    const { call, refusal } = stubClient();
    const items = avro('Items', { ITEM_ID: 'string', PRICE: 'float' });

    expect(
      await refusal('CreateSchema', { name: 'items', schema: items, domain: 'ECOMMERCE' }),
    ).toMatchObject({
      message: 'The schema of a dataset of type ITEMS must have the field CATEGORY_L1.',
    });
    expect(await call('CreateSchema', { name: 'items', schema: items })).toHaveProperty('schemaArn');
  });
});
