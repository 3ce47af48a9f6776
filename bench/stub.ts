import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { personalizeOperations } from '../src/services/personalize/service-operations.ts';
import { openStore, type StoreName } from '../src/services/personalize/store/open.ts';
import { createStub, type PersonalizeStub } from '../src/services/personalize/stub.ts';
import { digits, type Figure, type Section, single } from './figures.ts';

const SCOPE = { partition: 'aws', region: 'us-east-1', account: '123456789012' };
const OWNER = 'arn:aws:personalize:us-east-1:123456789012';
const FEW = 100;
const MANY = 100_000;
const CALLS = 1_000;
/** Fewer than there are resources in the small store; several rounds make up for it. */
const DELETES = 50;
const ROUNDS = 5;

/** Medians, in microseconds a call. */
interface Costs {
  readonly create: number;
  readonly describe: number;
  readonly list: number;
  readonly delete: number;
}

const operations = personalizeOperations();

async function call(stub: PersonalizeStub, name: string, input: Readonly<Record<string, unknown>>) {
  const operation = operations.get(name);
  if (operation === undefined) throw new Error(`no operation ${name}`);
  const result = await stub.handle({ operation, input, ...SCOPE });
  if (!result.ok) throw new Error(`${name}: ${result.error.message}`);
  return result.value;
}

const group = (index: number): string => `group-${index}`;
const arnOf = (index: number): string => `${OWNER}:dataset-group/${group(index)}`;

const create = (stub: PersonalizeStub, index: number) =>
  call(stub, 'CreateDatasetGroup', { name: group(index) });

/** The stub alone, without HTTP: what calls cost with 100 resources in the store and with 100,000. */
export async function benchStub(): Promise<Section> {
  const figures: Figure[] = [];
  for (const name of ['memory', 'sqlite'] as const) {
    const [few, many] = await costsWith(name, [FEW, MANY]);
    for (const what of ['create', 'describe', 'list', 'delete'] as const) {
      const label = `stub in ${name}, ${what}${what === 'list' ? ' (a page of 100)' : ''}`;
      const note = `with ${FEW} resources; ${digits(many[what])} with ${MANY.toLocaleString('en-US')}`;
      figures.push({ name: label, unit: 'µs', ...single(few[what]), note });
    }
  }
  for (const items of [0, 1_000]) {
    const label = `stub, GetRecommendations, ${items === 0 ? 'made-up items' : `${items} items`}`;
    figures.push({ name: label, unit: 'µs', ...single(await recommendationCost(items)) });
  }
  return { figures };
}

/** Of a store with few resources and one with many, in turns: what else the machine does then hits both. */
async function costsWith(
  name: 'memory' | 'sqlite',
  sizes: readonly [few: number, many: number],
): Promise<readonly [few: Costs, many: Costs]> {
  const folder = mkdtempSync(join(tmpdir(), 'authz-bench-'));
  try {
    await using few = await stubWith(name, sizes[0], folder);
    await using many = await stubWith(name, sizes[1], folder);
    // A round of warming up, then those that count.
    const rounds: (readonly [Costs, Costs])[] = [];
    for (let round = 0; round <= ROUNDS; round++)
      rounds.push([await roundOf(few, sizes[0]), await roundOf(many, sizes[1])]);
    const counted = rounds.slice(1);
    return [medians(counted.map(([costs]) => costs)), medians(counted.map(([, costs]) => costs))];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function stubWith(name: 'memory' | 'sqlite', size: number, folder: string): Promise<PersonalizeStub> {
  const store: StoreName = name === 'memory' ? name : `sqlite:${join(folder, `${size}.db`)}`;
  const stub = createStub({ clock: Date.now, store: await openStore(store) });
  for (let index = 0; index < size; index++) await create(stub, index);
  return stub;
}

const medians = (rounds: readonly Costs[]): Costs => ({
  create: median(rounds.map((costs) => costs.create)),
  describe: median(rounds.map((costs) => costs.describe)),
  list: median(rounds.map((costs) => costs.list)),
  delete: median(rounds.map((costs) => costs.delete)),
});

/** Leaves as many resources as it found. */
async function roundOf(stub: PersonalizeStub, size: number): Promise<Costs> {
  const spread = (index: number): number => (index * 7919) % size;
  const page = { maxResults: 100 };
  const { nextToken } = await call(stub, 'ListDatasetGroups', { maxResults: Math.min(100, size / 2) });
  const more = size > 200 ? { ...page, nextToken } : page;
  return {
    describe: await timed(CALLS, (index) =>
      call(stub, 'DescribeDatasetGroup', { datasetGroupArn: arnOf(spread(index)) }),
    ),
    list: await timed(CALLS / 10, () => call(stub, 'ListDatasetGroups', more)),
    delete: await timed(DELETES, (index) =>
      call(stub, 'DeleteDatasetGroup', { datasetGroupArn: arnOf(spread(index)) }),
    ),
    create: await timed(DELETES, (index) => create(stub, spread(index))),
  };
}

async function recommendationCost(count: number): Promise<number> {
  await using stub = createStub({ clock: Date.now });
  await create(stub, 0);
  const datasetGroupArn = arnOf(0);
  if (count > 0) await putItems(stub, datasetGroupArn, count);
  const recipeArn = 'arn:aws:personalize:::recipe/aws-user-personalization';
  const { solutionArn } = await call(stub, 'CreateSolution', { name: 'home', datasetGroupArn, recipeArn });
  const { solutionVersionArn } = await call(stub, 'CreateSolutionVersion', { solutionArn });
  const { campaignArn } = await call(stub, 'CreateCampaign', { name: 'home', solutionVersionArn });
  const ask = (index: number) => call(stub, 'GetRecommendations', { campaignArn, userId: `user-${index}` });
  await timed(CALLS, ask);
  return timed(CALLS, ask);
}

async function putItems(stub: PersonalizeStub, datasetGroupArn: string, count: number): Promise<void> {
  const fields = ['ITEM_ID', 'GENRE'].map((name) => ({ name, type: 'string' }));
  const schema = JSON.stringify({ type: 'record', name: 'Items', fields, version: '1.0' });
  const { schemaArn } = await call(stub, 'CreateSchema', { name: 'items', schema });
  const dataset = { name: 'items', datasetType: 'Items', schemaArn, datasetGroupArn };
  const { datasetArn } = await call(stub, 'CreateDataset', dataset);
  for (let from = 0; from < count; from += 10) {
    const items = Array.from({ length: 10 }, (_, index) => ({
      itemId: `item-${from + index}`,
      properties: '{}',
    }));
    await call(stub, 'PutItems', { datasetArn, items });
  }
}

/** Microseconds a call. */
async function timed(calls: number, work: (index: number) => Promise<unknown>): Promise<number> {
  const start = performance.now();
  for (let index = 0; index < calls; index++) await work(index);
  return ((performance.now() - start) * 1000) / calls;
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
