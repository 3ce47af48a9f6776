import { expect, it } from 'vitest';
import { createMetrics } from '../../../src/admin/metrics.ts';
import type { DecisionRecord } from '../../../src/records/decision-record.ts';

const record = (more: Partial<DecisionRecord>): DecisionRecord => ({
  id: 'd',
  time: '2026-11-24T12:00:00.000Z',
  mode: 'enforce',
  outcome: 'forwarded',
  request: { id: 'r', sourceIp: '127.0.0.1', service: 'personalize', operation: 'ListSchemas' },
  checks: [],
  undocumented: [],
  durationMicros: 25,
  ...more,
});

it('the metrics count requests by their labels, and durations in cumulative buckets', async () => {
  const metrics = createMetrics(() => 0);
  metrics.observe(record({}));
  metrics.observe(record({ durationMicros: 26 }));
  metrics.observe(record({ outcome: 'denied', durationMicros: 60_000 }));
  metrics.observe(record({ outcome: 'rejected', request: { id: 'r', sourceIp: '' }, durationMicros: 0 }));
  const { text } = await metrics.exposition();
  expect(text).toContain(
    'authz_requests_total{outcome="forwarded",service="personalize",operation="ListSchemas"} 2\n',
  );
  expect(text).toContain(
    'authz_requests_total{outcome="denied",service="personalize",operation="ListSchemas"} 1\n',
  );
  expect(text).toContain('authz_requests_total{outcome="rejected",service="",operation=""} 1\n');
  const buckets = [...text.matchAll(/^authz_decision_duration_seconds_bucket\{le="([^"]+)"\} (\d+)$/gm)];
  expect(Object.fromEntries(buckets.map(([, bound, count]) => [bound, Number(count)]))).toMatchObject({
    '0.00001': 1,
    '0.000025': 2,
    '0.00005': 3,
    '0.05': 3,
    '+Inf': 4,
  });
  expect(text).toMatch(/^authz_decision_duration_seconds_sum 0\.060051$/m);
  expect(text).toMatch(/^authz_decision_duration_seconds_count 4$/m);
  expect((await metrics.exposition()).text).toBe(text);
});
