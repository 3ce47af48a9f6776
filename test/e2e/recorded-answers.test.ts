import {
  CreateDatasetGroupCommand,
  CreateFilterCommand,
  ListRecipesCommand,
  PersonalizeClient,
  paginateListRecipes,
} from '@aws-sdk/client-personalize';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningProxy, startProxy } from '../../src/index.ts';
import { hasBoto3, python } from './clients.ts';

/* What AWS's notebooks recorded, as programs see it through the SDKs. */

const GROUP = 'arn:aws:personalize:us-east-1:123456789012:dataset-group/shop';
const RECIPE = 'arn:aws:personalize:::recipe/aws-user-personalization-v2';

const start = () =>
  startProxy({
    principals: {
      users: {
        owner: {
          accessKeys: [{ id: 'AKIALOCALRECORD00000', secret: 'local-only-secret-of-owner' }],
          inlinePolicies: ['owner'],
        },
      },
    },
    policies: {
      owner: {
        Version: '2012-10-17',
        Statement: { Effect: 'Allow', Action: 'personalize:*', Resource: '*' },
      },
    },
  });

let proxy: RunningProxy;
let client: PersonalizeClient;
beforeAll(async () => {
  proxy = await start();
  client = new PersonalizeClient(proxy.clientConfig('owner'));
  await client.send(new CreateDatasetGroupCommand({ name: 'shop' }));
});
afterAll(() => proxy.close());

describe('the AWS SDK for JavaScript sees', () => {
  it('every recipe by name through its paginator, and pages that a domain leaves empty', async () => {
    const names: string[] = [];
    for await (const { recipes = [] } of paginateListRecipes({ client }, {}))
      names.push(...recipes.map(({ name = '' }) => name));
    expect(names).toHaveLength(22);
    expect(names).toEqual([...names].sort());
    const first = await client.send(new ListRecipesCommand({ domain: 'VIDEO_ON_DEMAND' }));
    expect(first).toMatchObject({ recipes: [], nextToken: expect.any(String) });
  });

  it.each([
    [
      'INCLUDE ItemID WHERE Items.GENRE NOT IN ($GENRE)',
      'Invalid input symbol: $GENRE. Placeholders are not allowed with NOT_IN operator.',
    ],
    [
      'INCLUDE ItemID WHERE Items.GENRE = "drama"',
      'The filter expression is not valid: "drama" is a string: operators compare numbers, strings need IN.',
    ],
  ])('why the filter %s is refused', async (filterExpression, message) => {
    const create = new CreateFilterCommand({ name: 'f', datasetGroupArn: GROUP, filterExpression });
    await expect(client.send(create)).rejects.toMatchObject({ name: 'InvalidInputException', message });
  });
});

describe.skipIf(!hasBoto3)('boto3 sees (skips where python3 has none)', { tags: 'clients' }, () => {
  it('a solution that is ACTIVE, the name of its version, and every recipe', async () => {
    const program = `
import boto3
personalize = boto3.client('personalize')
solution = personalize.create_solution(name='home', datasetGroupArn='${GROUP}', recipeArn='${RECIPE}')['solutionArn']
print(personalize.describe_solution(solutionArn=solution)['solution']['status'])
version = personalize.create_solution_version(solutionArn=solution)['solutionVersionArn']
print(personalize.describe_solution_version(solutionVersionArn=version)['solutionVersion']['name'] == version.split(':solution/')[1])
print(len(personalize.list_recipes()['recipes']))
print(sum(len(page['recipes']) for page in personalize.get_paginator('list_recipes').paginate()))
`;
    const { stdout, stderr } = await python(proxy.clientConfig('owner'), program);
    expect({ stdout, stderr }).toEqual({ stdout: 'ACTIVE\nTrue\n12\n22\n', stderr: '' });
  });
});
