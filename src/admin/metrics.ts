import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { DecisionRecord } from '../records/decision-record.ts';

/** What `/_authz/metrics` shows, in Prometheus' text format; one registry for each proxy. */
export interface Metrics {
  observe(record: DecisionRecord): void;
  observeReload(result: 'loaded' | 'refused'): void;
  readonly contentType: string;
  text(): Promise<string>;
}

/** From 10 µs, where a cached signature and a decision lie, to 50 ms. */
const DURATION_BUCKETS_SECONDS = [1e-5, 2.5e-5, 5e-5, 1e-4, 2.5e-4, 5e-4, 1e-3, 2.5e-3, 1e-2, 5e-2];

export function createMetrics(problemCount: () => number): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const requests = new Counter({
    name: 'authz_requests_total',
    help: 'Requests by how they ended.',
    labelNames: ['outcome', 'service', 'operation'],
    registers,
  });
  const errors = new Counter({
    name: 'authz_errors_total',
    help: 'Requests answered with an error of this proxy or of its upstream, by code.',
    labelNames: ['code'],
    registers,
  });
  const duration = new Histogram({
    name: 'authz_decision_duration_seconds',
    help: 'From the last byte of a request to its decision.',
    buckets: DURATION_BUCKETS_SECONDS,
    registers,
  });
  const reloads = new Counter({
    name: 'authz_reloads_total',
    help: 'Reads of the principals and policies after a change; a refused one keeps the last good state.',
    labelNames: ['result'],
    registers,
  });
  new Gauge({
    name: 'authz_problems',
    help: 'Faults of the principals and policies that keep the last edit from counting.',
    registers,
    collect() {
      this.set(problemCount());
    },
  });
  return {
    observe({ outcome, request, error, durationMicros }) {
      requests.inc({ outcome, service: request.service ?? '', operation: request.operation ?? '' });
      if (error) errors.inc({ code: error.code });
      duration.observe(durationMicros / 1e6);
    },
    observeReload: (result) => reloads.inc({ result }),
    contentType: registry.contentType,
    text: () => registry.metrics(),
  };
}
