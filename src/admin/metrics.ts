import { Counter, Gauge, Registry } from 'prom-client';
import type { DecisionRecord } from '../records/decision-record.ts';
import { DurationHistogram } from './duration-histogram.ts';

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
  const ended = new Tally();
  new Counter({
    name: 'authz_requests_total',
    help: 'Requests by how they ended.',
    labelNames: ['outcome', 'service', 'operation'],
    registers,
    collect() {
      this.reset();
      for (const { labels, count } of ended.counts()) this.inc(labels, count);
    },
  });
  const errors = new Counter({
    name: 'authz_errors_total',
    help: 'Requests answered with an error of this proxy or of its upstream, by code.',
    labelNames: ['code'],
    registers,
  });
  const duration = new DurationHistogram({
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
      ended.add(outcome, request.service ?? '', request.operation ?? '');
      if (error) errors.inc({ code: error.code });
      duration.add(durationMicros / 1e6);
    },
    observeReload: (result) => reloads.inc({ result }),
    contentType: registry.contentType,
    text: () => registry.metrics(),
  };
}

interface Labels {
  readonly outcome: string;
  readonly service: string;
  readonly operation: string;
}

interface Count {
  readonly labels: Labels;
  count: number;
}

/** Counts requests without an object for each: the labels are put together when somebody reads them. */
class Tally {
  readonly #counts = new Map<string, Map<string, Map<string, Count>>>();

  add(outcome: string, service: string, operation: string): void {
    const found = this.#counts.get(outcome)?.get(service)?.get(operation);
    if (found === undefined) this.#put({ outcome, service, operation });
    else found.count += 1;
  }

  *counts(): Generator<Count> {
    for (const services of this.#counts.values())
      for (const operations of services.values()) yield* operations.values();
  }

  #put(labels: Labels): void {
    const services = this.#counts.get(labels.outcome) ?? new Map<string, Map<string, Count>>();
    const operations = services.get(labels.service) ?? new Map<string, Count>();
    operations.set(labels.operation, { labels, count: 1 });
    this.#counts.set(labels.outcome, services.set(labels.service, operations));
  }
}
