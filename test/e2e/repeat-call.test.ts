import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repeatCall } from '../../src/commands/simulate/repeat-call.ts';
import { decide } from '../../src/engine/decide.ts';
import { type RunningProxy, startProxy } from '../../src/index.ts';
import { PERSONALIZE_OPERATIONS } from '../fixtures/personalize/operations.ts';
import { sampleInput } from '../fixtures/personalize/sample-input.ts';
import { callOf, jsonCall, send, signatory } from './exchange.ts';

/* Every operation of Personalize, called, recorded, and asked again from its record. */

const allow = (...actions: readonly string[]) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }],
});

let proxy: RunningProxy;
beforeAll(async () => {
  proxy = await startProxy({
    principals: {
      users: {
        all: { accessKeys: [{ id: 'AKIAEXAMPLEALL000000', secret: 'a' }], managedPolicies: ['all'] },
        some: { accessKeys: [{ id: 'AKIAEXAMPLESOME00000', secret: 's' }], managedPolicies: ['some'] },
      },
    },
    policies: { all: allow('*'), some: allow('personalize:Create*', 'personalize:List*') },
  });
});
afterAll(() => proxy.close());

describe.each(['all', 'some'])('a call of %s, asked again from its record,', (user) => {
  it.each([...PERSONALIZE_OPERATIONS])(
    'has the checks and the decisions that were recorded: %s',
    async (_, operation) => {
      const response = await send(signatory(proxy, user), callOf(operation, sampleInput(operation)));
      await response.arrayBuffer();
      const id = response.headers.get('x-authz-decision');
      const record = proxy.decisions.find((each) => each.id === id);
      if (record === undefined) throw new Error('the call was not recorded');
      const { directory } = proxy;
      const repeated = repeatCall(record, { directory, region: 'us-east-1', undocumentedChecks: 'report' });
      if (!repeated.ok) throw new Error(repeated.error);
      const { requests, caveats } = repeated.value;
      expect(
        requests.map(({ request, policies }) => {
          const { decision, layer } = decide(request, policies);
          return [request.action, request.resource, decision, layer];
        }),
      ).toEqual(record.checks.map((check) => [check.action, check.resource, check.decision, check.layer]));
      // Resolved from its input, not taken over from its checks.
      expect(caveats.filter((caveat) => !caveat.includes('shortened or hidden'))).toEqual([]);
    },
  );
});

describe('a check that the record does not have', () => {
  it('is decided with the keys of the call and of its caller', async () => {
    const input = { name: 'tagged', tags: [{ tagKey: 'team', tagValue: 'ml' }] };
    const response = await send(signatory(proxy, 'all'), jsonCall('CreateDatasetGroup', input));
    const record = proxy.decisions.find(({ id }) => id === response.headers.get('x-authz-decision'));
    if (record === undefined) throw new Error('the call was not recorded');
    const [first] = record.checks;
    const shorter = { ...record, checks: first ? [first] : [] };
    const options = {
      directory: proxy.directory,
      region: 'us-east-1',
      undocumentedChecks: 'report',
    } as const;
    const repeated = repeatCall(shorter, options);
    const tag = repeated.ok ? repeated.value.requests.at(-1)?.request : undefined;
    expect(tag?.action).toBe('personalize:TagResource');
    expect(tag?.context.get('aws:requesttag/team')).toBe('ml');
    expect(tag?.context.get('aws:userid')).toBe(first?.context?.['aws:userid']);
    expect(tag?.context.get('aws:sourceip')).toBe('127.0.0.1');
  });
});
