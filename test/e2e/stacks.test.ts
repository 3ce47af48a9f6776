import { readFileSync } from 'node:fs';
import {
  CreateCampaignCommand,
  CreateDatasetCommand,
  CreateDatasetGroupCommand,
  CreateEventTrackerCommand,
  CreateFilterCommand,
  CreateSchemaCommand,
  CreateSolutionCommand,
  CreateSolutionVersionCommand,
  DeleteEventTrackerCommand,
  DescribeEventTrackerCommand,
  ListBatchInferenceJobsCommand,
  ListCampaignsCommand,
  ListDatasetGroupsCommand,
  ListDatasetImportJobsCommand,
  ListDatasetsCommand,
  ListEventTrackersCommand,
  ListFiltersCommand,
  ListSolutionsCommand,
  ListSolutionVersionsCommand,
  PersonalizeClient,
} from '@aws-sdk/client-personalize';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningProxy, startProxy } from '../../src/index.ts';
import { hasBoto3, python } from './clients.ts';

/*
 * Policies in the way of the stacks that AWS publishes for Personalize, in this project's own words: a function that lists
 * what belongs to a parent and is granted Lists on ARNs only, and a deployment that may create what begins with its name.
 */
const stack = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../fixtures/personalize/stacks/${name}.json`, import.meta.url), 'utf8'));

const OWN = 'arn:aws:personalize:us-east-1:123456789012';
const SCHEMA = JSON.stringify({
  type: 'record',
  name: 'Interactions',
  namespace: 'com.amazonaws.personalize.schema',
  version: '1.0',
  fields: ['USER_ID', 'ITEM_ID', 'TIMESTAMP'].map((name) => ({
    name,
    type: name === 'TIMESTAMP' ? 'long' : 'string',
  })),
});
const tags = [{ tagKey: 'stack', tagValue: 'petshop' }];

const users = (names: readonly string[]) =>
  Object.fromEntries(
    names.map((name, index) => [
      name,
      {
        accessKeys: [
          { id: `AKIALOCALSTACK${String(index).padStart(6, '0')}`, secret: `local-only-secret-of-${name}` },
        ],
        inlinePolicies: [name],
      },
    ]),
  );

let proxy: RunningProxy;
let strict: RunningProxy;
beforeAll(async () => {
  const start = (undocumentedChecks: 'report' | 'enforce') =>
    startProxy({
      principals: { users: users(['lists-on-arns', 'create-by-name', 'owner']) },
      policies: {
        'lists-on-arns': stack('lists-on-arns'),
        'create-by-name': stack('create-by-name'),
        owner: {
          Version: '2012-10-17',
          Statement: { Effect: 'Allow', Action: 'personalize:*', Resource: '*' },
        },
      },
      undocumentedChecks,
    });
  [proxy, strict] = await Promise.all([start('report'), start('enforce')]);
});
afterAll(() => Promise.all([proxy.close(), strict.close()]));

const clientOf = (of: RunningProxy, user: string) => new PersonalizeClient(of.clientConfig(user));

/** Everything of a petshop, made by that user. */
async function deploy(of: RunningProxy, user: string) {
  const client = clientOf(of, user);
  const { datasetGroupArn = '' } = await client.send(
    new CreateDatasetGroupCommand({ name: 'petshop', tags }),
  );
  const { schemaArn = '' } = await client.send(
    new CreateSchemaCommand({ name: 'petshop-events', schema: SCHEMA }),
  );
  const { datasetArn = '' } = await client.send(
    new CreateDatasetCommand({
      name: 'petshop-events',
      datasetGroupArn,
      schemaArn,
      datasetType: 'Interactions',
      tags,
    }),
  );
  const { eventTrackerArn = '' } = await client.send(
    new CreateEventTrackerCommand({ name: 'petshop-tracker', datasetGroupArn, tags }),
  );
  await client.send(
    new CreateFilterCommand({
      name: 'petshop-unseen',
      datasetGroupArn,
      filterExpression: 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("*")',
    }),
  );
  const { solutionArn = '' } = await client.send(
    new CreateSolutionCommand({
      name: 'petshop-home',
      datasetGroupArn,
      recipeArn: 'arn:aws:personalize:::recipe/aws-user-personalization-v2',
    }),
  );
  const { solutionVersionArn = '' } = await client.send(
    new CreateSolutionVersionCommand({ solutionArn, tags }),
  );
  await client.send(new CreateCampaignCommand({ name: 'petshop-home', solutionVersionArn }));
  return { datasetGroupArn, datasetArn, solutionArn, solutionVersionArn, eventTrackerArn };
}

describe('a stack that may create what begins with its name', () => {
  it('creates everything, the event tracker among it, whose ARN then ends in an id', async () => {
    const { eventTrackerArn } = await deploy(proxy, 'create-by-name');
    expect(eventTrackerArn).toMatch(
      /^arn:aws:personalize:us-east-1:123456789012:event-tracker\/[0-9a-f]{8}$/,
    );
    const creation = proxy.decisions.find(({ request }) => request.operation === 'CreateEventTracker');
    expect(creation?.checks.map(({ action, resource }) => `${action} ${resource}`)).toEqual([
      `personalize:CreateEventTracker ${OWN}:event-tracker/petshop-tracker`,
      `personalize:CreateEventTracker ${OWN}:dataset-group/petshop`,
      `personalize:TagResource ${OWN}:event-tracker/petshop-tracker`,
    ]);
  });

  it('may not create under another name', async () => {
    const client = clientOf(proxy, 'create-by-name');
    await expect(
      client.send(
        new CreateEventTrackerCommand({ name: 'birds', datasetGroupArn: `${OWN}:dataset-group/petshop` }),
      ),
    ).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining(`on resource: ${OWN}:event-tracker/birds because`),
    });
  });
});

describe('a stack that is granted Lists on ARNs only', () => {
  const listsOf = (made: Awaited<ReturnType<typeof deploy>>) => {
    const { datasetGroupArn, datasetArn, solutionArn, solutionVersionArn } = made;
    return [
      new ListDatasetsCommand({ datasetGroupArn }),
      new ListEventTrackersCommand({ datasetGroupArn }),
      new ListFiltersCommand({ datasetGroupArn }),
      new ListSolutionsCommand({ datasetGroupArn }),
      new ListSolutionVersionsCommand({ solutionArn }),
      new ListCampaignsCommand({ solutionArn }),
      new ListDatasetImportJobsCommand({ datasetArn }),
      new ListBatchInferenceJobsCommand({ solutionVersionArn }),
    ];
  };

  it('lists what belongs to a parent, and each decision reports that the documented reading differs', async () => {
    await using fresh = await startProxy({
      principals: { users: users(['lists-on-arns', 'owner']) },
      policies: {
        'lists-on-arns': stack('lists-on-arns'),
        owner: {
          Version: '2012-10-17',
          Statement: { Effect: 'Allow', Action: 'personalize:*', Resource: '*' },
        },
      },
    });
    const made = await deploy(fresh, 'owner');
    const client = clientOf(fresh, 'lists-on-arns');
    for (const command of listsOf(made)) await client.send(command as ListDatasetsCommand);

    const lists = fresh.decisions.filter(({ request }) => request.operation?.startsWith('List'));
    expect(lists).toHaveLength(8);
    for (const { checks, undocumented } of lists) {
      expect(checks[0]).toMatchObject({ decision: 'allowed' });
      expect(undocumented).toMatchObject([{ resource: '*', decision: 'implicitDeny' }]);
    }
    const { eventTracker } = await client.send(
      new DescribeEventTrackerCommand({ eventTrackerArn: made.eventTrackerArn }),
    );
    expect(eventTracker).toMatchObject({ name: 'petshop-tracker', eventTrackerArn: made.eventTrackerArn });
    await expect(
      client.send(new DeleteEventTrackerCommand({ eventTrackerArn: made.eventTrackerArn })),
    ).rejects.toMatchObject({
      message: expect.stringContaining(`on resource: ${made.eventTrackerArn} because`),
    });
  });

  it('is refused a List without a parent, which is checked on *', async () => {
    for (const command of [new ListDatasetGroupsCommand(), new ListSolutionsCommand()])
      await expect(
        clientOf(proxy, 'lists-on-arns').send(command as ListSolutionsCommand),
      ).rejects.toMatchObject({ message: expect.stringContaining(' on resource: * because') });
  });

  it('is refused where the documented reading counts too', async () => {
    const list = new ListFiltersCommand({ datasetGroupArn: `${OWN}:dataset-group/petshop` });
    await expect(clientOf(strict, 'lists-on-arns').send(list)).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining(' on resource: * because'),
    });
    expect(await clientOf(strict, 'owner').send(list)).toMatchObject({ Filters: [] });
  });

  it('is refused a List on the parent of another account', async () => {
    const list = new ListFiltersCommand({
      datasetGroupArn: 'arn:aws:personalize:us-east-1:999988887777:dataset-group/petshop',
    });
    await expect(clientOf(proxy, 'owner').send(list)).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
  });

  it.skipIf(!hasBoto3)(
    'passes with boto3 as well (skips where python3 has none)',
    { tags: 'clients' },
    async () => {
      const program = `
import boto3
from botocore.exceptions import ClientError
personalize = boto3.client('personalize')
print(personalize.list_filters(datasetGroupArn='${OWN}:dataset-group/petshop')['Filters'] is not None)
try:
    personalize.list_filters()
except ClientError as e:
    print(e.response['Error']['Code'])
`;
      const { stdout, stderr } = await python(proxy.clientConfig('lists-on-arns'), program);
      expect({ stdout, stderr }).toEqual({ stdout: 'True\nAccessDeniedException\n', stderr: '' });
    },
  );
});
