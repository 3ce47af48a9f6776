import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { coverageRoute } from '../../src/admin/coverage-route.ts';
import { policyRoute } from '../../src/admin/policy-route.ts';
import { simulateRoutes } from '../../src/admin/simulate-routes.ts';
import { DecisionLog } from '../../src/records/decision-log.ts';
import { check, directoryOf, document, recordOf } from '../unit/commands/recorded.ts';

/* What is worked out of ten thousand decisions is done in slices: other calls are answered in between. */

const RECORDS = 10_000;
const NAMES = Array.from({ length: 20 }, (_, index) => `shop${index}`);
const arnOf = (name: string): string => `arn:aws:personalize:us-east-1:123456789012:dataset-group/${name}`;

let server: Server;
let url: string;
beforeAll(async () => {
  const directory = await directoryOf({
    lists: document({
      Effect: 'Allow',
      Action: ['personalize:List*', 'personalize:Describe*'],
      Resource: '*',
    }),
    groups: document({
      Effect: 'Allow',
      Action: 'personalize:CreateDatasetGroup',
      Resource: NAMES.map(arnOf),
    }),
  });
  const log = new DecisionLog();
  for (let made = 0; made < RECORDS; made += 1) {
    const name = NAMES[made % NAMES.length] ?? '';
    const record = recordOf([check('personalize:CreateDatasetGroup', arnOf(name), { decision: 'allowed' })], {
      id: `decision-${made}`,
    });
    await log.append({ ...record, request: { ...record.request, parameters: { name } } });
  }
  const source = { region: 'us-east-1', undocumentedChecks: 'report', clock: Date.now } as const;
  const deps = { log, directory: () => directory, clock: Date.now };
  const app = express()
    .get('/call', (_, response) => void response.end())
    .use(coverageRoute(deps), policyRoute(deps))
    .use(simulateRoutes({ ...deps, source: { ...source, tags: { where: 'here', read: () => undefined } } }));
  server = createServer(app).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await fetch(`${url}/call`);
});
afterAll(() => void server.close());

/** How many calls, one after the other, are answered until a request is. */
async function callsDuring(path: string, body?: object): Promise<number> {
  let isDone = false;
  const init = { method: 'POST', headers: { 'x-authz-admin': '1' }, body: JSON.stringify(body) };
  const working = fetch(url + path, body && init)
    .then(async (response) => [response.status, (await response.text()).length > 0])
    .finally(() => {
      isDone = true;
    });
  let answered = 0;
  while (!isDone) {
    await (await fetch(`${url}/call`)).arrayBuffer();
    answered += 1;
  }
  expect(await working).toEqual([200, true]);
  return answered;
}

/** The first call can be before the work, the last one after it. */
const OUTSIDE = 2;

const cases = [
  ...Array.from({ length: 100 }, (_, index) => ({ decision: `decision-${index}` })),
  ...Array.from({ length: 100 }, () => ({ principal: 'alice', operation: 'ListSchemas' })),
];
const policies = { off: ['lists'] };

describe('over ten thousand decisions, calls are answered during', () => {
  it.each([
    ['coverage', '/coverage', undefined],
    ['replay', '/replay', { policies }],
    ['simulate', '/simulate', { cases, policies }],
    ['policy', '/policy?principal=alice&detail=1', undefined],
  ])('%s', async (name, path, body) => {
    const answered = await callsDuring(path, body);
    process.stdout.write(`${name}: ${answered} calls answered meanwhile\n`);
    expect(answered).toBeGreaterThan(OUTSIDE);
  });
});
