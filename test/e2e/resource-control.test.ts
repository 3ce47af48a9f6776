import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningProxy, startProxy } from '../../src/index.ts';
import { personalizeOperation } from '../fixtures/personalize/operations.ts';
import { sampleInput } from '../fixtures/personalize/sample-input.ts';
import { callOf, send, signatory } from './exchange.ts';

let proxy: RunningProxy;
beforeAll(async () => {
  proxy = await startProxy({
    principals: {
      organization: { id: 'o-exampleorgid', resourceControlPolicies: [['perimeter']] },
      users: {
        alice: {
          accessKeys: [{ id: 'AKIALOCALRCP00000001', secret: 'local-only-secret-of-alice' }],
          inlinePolicies: ['everything'],
        },
      },
    },
    policies: {
      everything: { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } },
      perimeter: {
        Version: '2012-10-17',
        Statement: { Effect: 'Deny', Principal: '*', Action: 'personalize:*', Resource: '*' },
      },
    },
  });
});
afterAll(() => proxy.close());

async function call(name: string) {
  const operation = personalizeOperation(name);
  const response = await send(signatory(proxy, 'alice'), callOf(operation, sampleInput(operation)));
  await response.arrayBuffer();
  const record = proxy.decisions.find(({ id }) => id === response.headers.get('x-authz-decision'));
  const undocumented = record?.undocumented.map(({ decision, layer, resource }) => [
    decision,
    layer,
    resource,
  ]);
  return { outcome: record?.outcome, undocumented };
}

it('denies an action without a resource type, and says that AWS does not document it', async () => {
  expect(await call('ListSchemas')).toEqual({
    outcome: 'denied',
    undocumented: [['explicitDeny', 'resourceControl', '*']],
  });
});

it('denies an action on its resource, which is documented', async () => {
  expect(await call('DescribeCampaign')).toEqual({ outcome: 'denied', undocumented: [] });
});
