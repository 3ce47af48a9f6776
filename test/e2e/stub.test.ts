import {
  CreateDatasetGroupCommand,
  DeleteDatasetGroupCommand,
  DescribeCampaignCommand,
  DescribeEventTrackerCommand,
  ListDatasetGroupsCommand,
  ListEventTrackersCommand,
  ListSchemasCommand,
  PersonalizeClient,
  paginateListDatasetGroups,
} from '@aws-sdk/client-personalize';
import { PersonalizeEventsClient, PutEventsCommand } from '@aws-sdk/client-personalize-events';
import { GetRecommendationsCommand, PersonalizeRuntimeClient } from '@aws-sdk/client-personalize-runtime';
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { type ListeningServer, StartError, startProxy, startStub } from '../../src/index.ts';
import { hasRedis, startRedis } from '../unit/stub/redis-server.ts';
import { hasBoto3, python } from './clients.ts';
import { configuration, TemporaryFolder } from './temporary-folder.ts';

const OWNER = 'arn:aws:personalize:us-east-1:123456789012';

/** A client of a stub alone, which asks for no signature and gets one all the same. */
const clientOf = ({ url }: Pick<ListeningServer, 'url'>) => ({
  endpoint: url,
  region: 'us-east-1',
  credentials: { accessKeyId: 'AKIALOCALANYBODY0000', secretAccessKey: 'local-only-secret-of-anybody' },
  maxAttempts: 1,
});

const namesIn = async (server: Pick<ListeningServer, 'url'>): Promise<readonly (string | undefined)[]> => {
  const { datasetGroups = [] } = await new PersonalizeClient(clientOf(server)).send(
    new ListDatasetGroupsCommand({}),
  );
  return datasetGroups.map(({ name }) => name);
};

const create = (server: Pick<ListeningServer, 'url'>, name: string) =>
  new PersonalizeClient(clientOf(server)).send(new CreateDatasetGroupCommand({ name }));

const post = (url: string, headers: Readonly<Record<string, string>> = { 'x-authz-admin': '1' }) =>
  fetch(url, { method: 'POST', headers });

const SEED = `
- CreateSchema:
    name: shop-events
    schema:
      type: record
      name: Interactions
      namespace: com.amazonaws.personalize.schema
      version: "1.0"
      fields: [{ name: USER_ID, type: string }, { name: ITEM_ID, type: string }, { name: TIMESTAMP, type: long }]
- CreateDatasetGroup: { name: shop }
- CreateDataset:
    name: shop-events
    datasetType: Interactions
    datasetGroupArn: ${OWNER}:dataset-group/shop
    schemaArn: ${OWNER}:schema/shop-events
- CreateEventTracker: { name: shop, datasetGroupArn: "${OWNER}:dataset-group/shop" }
- CreateSolution:
    name: home
    datasetGroupArn: ${OWNER}:dataset-group/shop
    recipeArn: arn:aws:personalize:::recipe/aws-user-personalization-v2
- CreateSolutionVersion: { solutionArn: "${OWNER}:solution/home" }
- CreateCampaign: { name: home, solutionVersionArn: "${OWNER}:solution/home/$LATEST" }
- PutEvents:
    trackingId: TRACKING
    sessionId: s
    userId: ann
    eventList: [{ eventType: watch, itemId: film-1, sentAt: 2026-11-24T00:00:00Z }]
`;

const campaignArn = `${OWNER}:campaign/home`;

/** The tracking id is the same at every start, and known once it was asked for. */
async function seedWithTracking(): Promise<string> {
  const withoutEvents = SEED.slice(0, SEED.indexOf('- PutEvents'));
  using folder = new TemporaryFolder({ 'seed/shop.yaml': withoutEvents });
  await using stub = await startStub({ stubSeed: `${folder.path}/seed` });
  const client = new PersonalizeClient(clientOf(stub));
  const { eventTrackers = [] } = await client.send(new ListEventTrackersCommand({}));
  const { eventTracker } = await client.send(
    new DescribeEventTrackerCommand({ eventTrackerArn: eventTrackers[0]?.eventTrackerArn }),
  );
  return SEED.replace('TRACKING', String(eventTracker?.trackingId));
}

describe('a store', () => {
  it('in a file is there again after the next start, with its path from the configuration', async () => {
    using folder = new TemporaryFolder({
      ...configuration(),
      'config/proxy.yaml': 'listen: { port: 0 }\nstub: { store: "sqlite:../data/stub.db" }\n',
    });
    const config = `${folder.path}/config/proxy.yaml`;
    {
      await using proxy = await startProxy({ config });
      expect(proxy.upstream).toBe(`embedded stub, sqlite:${folder.path}/data/stub.db`);
      const alice = new PersonalizeClient(proxy.clientConfig('alice'));
      await alice.send(new CreateDatasetGroupCommand({ name: 'kept' }));
    }
    await using proxy = await startProxy({ config });
    const alice = new PersonalizeClient(proxy.clientConfig('alice'));
    const { datasetGroups } = await alice.send(new ListDatasetGroupsCommand({}));
    expect(datasetGroups).toMatchObject([{ name: 'kept' }]);
  });

  it('that cannot be had ends the start, and does not show a password', async () => {
    const store = 'redis://user:hush@127.0.0.1:1/2';
    const refused = startStub({ stubStore: store });
    await expect(refused).rejects.toThrow(
      /^stub\.store: redis:\/\/127\.0\.0\.1:1\/2 cannot be opened: connect ECONNREFUSED 127\.0\.0\.1:1/,
    );
    await expect(startStub({ stubStore: 'sqlite:/dev/null/x.db' })).rejects.toBeInstanceOf(StartError);
  });

  it.skipIf(!hasRedis)('in Redis is shared by several replicas (skips without redis-server)', async () => {
    const redis = await startRedis();
    try {
      await using one = await startStub({ stubStore: redis.url });
      await using other = await startStub({ stubStore: redis.url });
      await create(one, 'shared');

      expect(await namesIn(other)).toEqual(['shared']);
      await expect(create(other, 'shared')).rejects.toMatchObject({ name: 'ResourceAlreadyExistsException' });
      await post(`${other.url}/_authz/reset`);
      expect(await namesIn(one)).toEqual([]);
    } finally {
      await redis.stop();
    }
  });
});

describe('a seed', () => {
  it('is what the stub begins with, settled, and again after a reset', async () => {
    using folder = new TemporaryFolder({ 'seed/shop.yaml': await seedWithTracking() });
    await using stub = await startStub({ stubSeed: `${folder.path}/seed`, stubTransitionSeconds: 60 });
    const { campaign } = await new PersonalizeClient(clientOf(stub)).send(
      new DescribeCampaignCommand({ campaignArn }),
    );
    expect(campaign?.status).toBe('ACTIVE');
    const recommend = () =>
      new PersonalizeRuntimeClient(clientOf(stub)).send(
        new GetRecommendationsCommand({ campaignArn, userId: 'ann' }),
      );
    expect((await recommend()).itemList).toMatchObject([{ itemId: 'film-1' }]);

    await create(stub, 'another');
    const reset = await post(`${stub.url}/_authz/reset`);
    expect([reset.status, await reset.json()]).toEqual([200, { problems: [] }]);
    expect(await namesIn(stub)).toEqual(['shop']);
    expect((await recommend()).itemList).toMatchObject([{ itemId: 'film-1' }]);
  });

  it('does not touch a store that has something', async () => {
    using folder = new TemporaryFolder({ 'seed/a.yaml': '- CreateDatasetGroup: { name: shop }\n' });
    const options = { stubSeed: `${folder.path}/seed`, stubStore: `sqlite:${folder.path}/stub.db` };
    {
      await using stub = await startStub(options);
      await create(stub, 'mine');
    }
    await using stub = await startStub(options);
    expect(await namesIn(stub)).toEqual(['shop', 'mine']);
  });

  it('that has faults is refused with every place', async () => {
    using folder = new TemporaryFolder({
      'seed/1.yaml': '- CreateDatasetGroup: { nmae: shop }\n- [\n',
      'seed/2.json': '[\n  { "CreateSchema": { "name": "x" }, "CreateFilter": {} }\n]\n',
      'seed/3.yaml': 'CreateSchema: { name: x }\n',
    });
    const refused = startStub({ stubSeed: `${folder.path}/seed` });
    await expect(refused).rejects.toMatchObject({ subject: 'configuration' });
    const { message } = await refused.then(
      () => ({ message: '' }),
      (cause: StartError) => cause,
    );
    expect(message.replaceAll(`${folder.path}/`, '').split('\n')).toEqual([
      expect.stringMatching(/^seed\/1\.yaml:3:1:/),
      'seed/2.json:2:3: a call is one operation with its input, like CreateDatasetGroup: { name: shop }',
      'seed/3.yaml:1:1: a seed file is a list of calls',
    ]);
  });

  it('is refused where the stub refuses a call, or a member is mistyped', async () => {
    const diagnosticsOf = async (text: string) => {
      using folder = new TemporaryFolder({ 'seed/1.yaml': text });
      const { message } = await startStub({ stubSeed: `${folder.path}/seed` }).then(
        () => ({ message: 'started' }),
        (cause: StartError) => cause,
      );
      return message.replaceAll(`${folder.path}/`, '').split('\n');
    };

    expect(await diagnosticsOf('- CreateDatasetGroup: { nmae: shop }\n- CreateDatsetGroup: {}\n')).toEqual([
      'seed/1.yaml:1:25: unknown member "nmae"; did you mean "name"?',
      'seed/1.yaml:2:3: "CreateDatsetGroup" is no operation of Amazon Personalize; did you mean "CreateDatasetGroup"?',
    ]);
    expect(
      await diagnosticsOf(
        '- CreateDatasetGroup: { name: a b }\n' +
          `- CreateFilter: { name: f, datasetGroupArn: "${OWNER}:dataset-group/a", filterExpression: x }\n` +
          '- CreateDatasetGroup: { name: [a] }\n',
      ),
    ).toEqual([
      expect.stringMatching(
        /^seed\/1\.yaml:1:3: CreateDatasetGroup: InvalidInputException: 1 validation error/,
      ),
      expect.stringMatching(
        /^seed\/1\.yaml:3:3: CreateDatasetGroup: InvalidInputException: 1 validation error/,
      ),
    ]);
    expect(
      await diagnosticsOf('- PutEvents: { trackingId: t, sessionId: s, eventList: [{ eventType: 7 }] }\n'),
    ).toEqual(['seed/1.yaml:1:14: PutEvents: NUMBER_VALUE can not be converted to a String']);
  });
});

describe('fixtures', () => {
  it('apply as soon as they are edited; a broken edit changes nothing and is reported', async () => {
    using folder = new TemporaryFolder({
      'fixtures.yaml': 'throttling: [{ operation: ListSchemas, times: 1 }]\n',
      'seed/a.yaml': (await seedWithTracking()).split('- PutEvents')[0] ?? '',
    });
    const notices: string[] = [];
    let wake = (): void => {};
    const notice = () => new Promise<void>((resolve) => (wake = resolve));
    await using stub = await startStub({
      stubFixtures: `${folder.path}/fixtures.yaml`,
      stubSeed: `${folder.path}/seed`,
      onNotice: (told) => {
        notices.push(
          told.kind === 'problems' ? told.diagnostics.map(({ message }) => message).join() : told.kind,
        );
        wake();
      },
    });
    const client = new PersonalizeClient(clientOf(stub));
    await expect(client.send(new ListSchemasCommand({}))).rejects.toMatchObject({
      name: 'ThrottlingException',
    });
    await client.send(new ListSchemasCommand({}));

    let told = notice();
    folder.write('fixtures.yaml', 'recommendations: [{ resource: campaign/home, items: [b, a] }]\n');
    await told;
    const runtime = new PersonalizeRuntimeClient(clientOf(stub));
    const recommend = async () =>
      (await runtime.send(new GetRecommendationsCommand({ campaignArn, userId: 'x' }))).itemList?.map(
        ({ itemId }) => itemId,
      );
    expect(await recommend()).toEqual(['b', 'a']);

    told = notice();
    folder.write('fixtures.yaml', 'delays: [{ operation: ListSchema, milliseconds: 1 }]\n');
    await told;
    expect(await recommend()).toEqual(['b', 'a']);
    expect(notices).toEqual([
      'reloaded-fixtures',
      'delays[0].operation: "ListSchema" is no operation of Amazon Personalize; did you mean "ListSchemas"?',
    ]);
  });

  it('are retried by an SDK that is throttled', async () => {
    using folder = new TemporaryFolder({
      'fixtures.json': '{ "throttling": [{ "operation": "ListSchemas", "times": 2 }] }',
    });
    await using stub = await startStub({ stubFixtures: `${folder.path}/fixtures.json` });
    const client = new PersonalizeClient({ ...clientOf(stub), maxAttempts: 3 });
    const { $metadata } = await client.send(new ListSchemasCommand({}));
    expect($metadata.attempts).toBe(3);
  });

  it('that have faults end the start with every place', async () => {
    using folder = new TemporaryFolder({
      'fixtures.yaml':
        'failures:\n  - { resource: campaign/x }\n  - { resource: campaign/x, reason: r, on: delete }\nspeed: 1\n',
    });
    await expect(startStub({ stubFixtures: `${folder.path}/fixtures.yaml` })).rejects.toMatchObject({
      subject: 'configuration',
      diagnostics: [
        { line: 2, column: 5, message: 'failures[0].reason: is missing' },
        { line: 3, column: 44, message: 'failures[1].on: must be create or update' },
        { line: 4, column: 1, message: 'speed: unknown key' },
      ],
    });
  });
});

describe('a long list', () => {
  const createMany = async (client: PersonalizeClient): Promise<readonly string[]> => {
    const names = Array.from({ length: 90 }, (_, index) => `group-${index}`);
    for (const name of names) await client.send(new CreateDatasetGroupCommand({ name }));
    return names;
  };

  it('is walked to its end by the paginator of the SDK, while resources come and go', async () => {
    await using stub = await startStub();
    const client = new PersonalizeClient(clientOf(stub));
    const wanted = await createMany(client);
    const seen: (string | undefined)[] = [];
    for await (const page of paginateListDatasetGroups({ client, pageSize: 20 }, {})) {
      seen.push(...(page.datasetGroups ?? []).map(({ name }) => name));
      const datasetGroupArn = page.datasetGroups?.[0]?.datasetGroupArn;
      await client.send(new DeleteDatasetGroupCommand({ datasetGroupArn }));
    }
    expect(seen).toEqual(wanted);
  });

  it.skipIf(!hasBoto3)(
    'is walked to its end by boto3 (skips where python3 has none)',
    { tags: 'clients' },
    async () => {
      await using stub = await startStub();
      await createMany(new PersonalizeClient(clientOf(stub)));
      const { stdout, stderr } = await python(
        clientOf(stub),
        `import boto3
pages = boto3.client('personalize').get_paginator('list_dataset_groups').paginate(PaginationConfig={'PageSize': 50})
print([len(page['datasetGroups']) for page in pages])`,
      );
      expect(stderr).toBe('');
      expect(stdout.trim()).toBe('[50, 40]');
    },
  );
});

describe('what was put', () => {
  it('can be read back, of the stub alone and of one behind the proxy', async () => {
    using folder = new TemporaryFolder({ 'seed/shop.yaml': await seedWithTracking(), ...configuration() });
    const stubSeed = `${folder.path}/seed`;
    await using stub = await startStub({ stubSeed });
    await using proxy = await startProxy({ config: `${folder.path}/config/proxy.yaml`, stubSeed });
    const trackingId = (await recordedIn(stub.url))[0].request.trackingId;
    for (const client of [clientOf(stub), proxy.clientConfig('alice')]) {
      const event = { eventType: 'click', itemId: 'ü/ 1', sentAt: new Date(0), properties: '{"a":1}' };
      await new PersonalizeEventsClient(client).send(
        new PutEventsCommand({ trackingId, userId: 'ann', sessionId: 's2', eventList: [event] }),
      );
    }

    for (const { url } of [stub, proxy]) {
      expect(await recordedIn(url)).toHaveLength(2);
      expect(await recordedIn(url, '?limit=1')).toEqual([
        {
          receivedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
          resourceArn: expect.stringMatching(new RegExp(`^${OWNER}:event-tracker/[0-9a-f]{8}$`)),
          request: { trackingId, userId: 'ann', sessionId: 's2' },
          entry: {
            eventType: 'click',
            itemId: 'ü/ 1',
            sentAt: '1970-01-01T00:00:00.000Z',
            properties: '{"a":1}',
          },
        },
      ]);
      for (const kind of ['items', 'users', 'actions', 'action-interactions'])
        expect(await (await fetch(`${url}/_authz/stub/${kind}`)).json()).toEqual({ [kind]: [] });
    }
  });

  const recordedIn = async (url: string, query = '') =>
    ((await (await fetch(`${url}/_authz/stub/events${query}`)).json()) as { events: never[] }).events as {
      request: { trackingId: string };
    }[] as [{ request: { trackingId: string } }];

  it('does not exist where Personalize is elsewhere, and needs the admin header', async () => {
    await using stub = await startStub();
    await using proxy = await startProxy({ config: 'config/proxy.yaml', upstream: stub.url });
    const elsewhere = await request(proxy.url).get('/_authz/stub/events').expect(404);
    expect(elsewhere.body.error.message).toBe(`The stub is not in this process: Personalize is ${stub.url}.`);
    await request(proxy.url).post('/_authz/reset').set('x-authz-admin', '1').expect(404);
    const { body } = await request(stub.url).post('/_authz/reset').expect(403);
    expect(body.error.code).toBe('AdminHeaderMissing');
    await request(stub.url).get('/_authz/reset').expect(405);
    await request(stub.url).get('/_authz/stub/evnts').expect(404);
    await request(stub.url).get('/_authz/stub/events?limit=0').expect(400);
  });
});
