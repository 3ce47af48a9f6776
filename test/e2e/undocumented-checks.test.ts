import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningProxy, startProxy } from '../../src/index.ts';
import { LIST_PARENTS, UNDOCUMENTED } from '../../src/model/undocumented.ts';
import { ON_PARENT, WANTED_CHECKS } from '../fixtures/personalize/checks.ts';
import { personalizeOperation } from '../fixtures/personalize/operations.ts';
import { sampleInput } from '../fixtures/personalize/sample-input.ts';
import { callOf, send, signatory } from './exchange.ts';

const OWN = 'arn:aws:personalize:us-east-1:123456789012';
const RECIPE = 'arn:aws:personalize:::recipe/aws-user-personalization';

/** What AWS may check beside what it documents, for an input with every member. */
const BESIDES: Readonly<Record<string, readonly string[]>> = {
  CreateBatchInferenceJob: [`${OWN}:filter/shop`],
  CreateBatchSegmentJob: [`${OWN}:filter/shop`],
  CreateDataset: [`${OWN}:schema/shop`],
  CreateRecommender: [RECIPE],
  CreateSolution: [RECIPE],
  GetActionRecommendations: [`${OWN}:filter/shop`],
  GetPersonalizedRanking: [`${OWN}:filter/shop`],
  GetRecommendations: [`${OWN}:filter/shop`, `${OWN}:filter/shop`],
  UpdateDataset: [`${OWN}:schema/shop`],
  ...Object.fromEntries(Object.keys(ON_PARENT).map((name) => [name, ['*']])),
};
const NAMES = Object.keys(BESIDES);

let proxies: Readonly<Record<'report' | 'enforce', RunningProxy>>;
beforeAll(async () => {
  const users = NAMES.map((name, index) => [
    name,
    {
      accessKeys: [
        { id: `AKIALOCALUNDOC${String(index).padStart(6, '0')}`, secret: `local-only-secret-of-${name}` },
      ],
      inlinePolicies: [name],
    },
  ]);
  // Exactly what is checked, the parent of a List among it.
  const policies = NAMES.map((name) => [
    name,
    {
      Version: '2012-10-17',
      Statement: (WANTED_CHECKS.get(name) ?? []).map(({ action, resource }) => ({
        Effect: 'Allow',
        Action: action,
        Resource: resource,
      })),
    },
  ]);
  const start = (undocumentedChecks: 'report' | 'enforce') =>
    startProxy({
      principals: { users: Object.fromEntries(users) },
      policies: Object.fromEntries(policies),
      undocumentedChecks,
    });
  proxies = { report: await start('report'), enforce: await start('enforce') };
});
afterAll(() => Promise.all(Object.values(proxies).map((proxy) => proxy.close())));

async function call(proxy: RunningProxy, name: string) {
  const operation = personalizeOperation(name);
  const response = await send(signatory(proxy, name), callOf(operation, sampleInput(operation)));
  await response.arrayBuffer();
  return proxy.decisions.find(({ id }) => id === response.headers.get('x-authz-decision'));
}

describe('checks that AWS may make and does not document', () => {
  it('are all named here', () => {
    expect(NAMES.sort()).toEqual([...Object.keys(UNDOCUMENTED), ...Object.keys(LIST_PARENTS)].sort());
  });

  it.each(NAMES)('of %s are reported on the decision, and do not count', async (name) => {
    const record = await call(proxies.report, name);
    expect(record?.outcome).toBe('forwarded');
    expect(record?.undocumented.map(({ resource }) => resource)).toEqual(BESIDES[name]);
    expect(new Set(record?.undocumented.map(({ decision }) => decision))).toEqual(new Set(['implicitDeny']));
  });

  it.each(NAMES)('of %s count where that is configured', async (name) => {
    const record = await call(proxies.enforce, name);
    expect(record?.outcome).toBe('denied');
    expect(record?.error?.message).toContain(
      `is not authorized to perform: personalize:${name} on resource: ${BESIDES[name]?.[0]} `,
    );
  });
});
