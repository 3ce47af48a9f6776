import { Counter, Gauge, Registry } from 'prom-client';
import type { Counted } from './counted.ts';
import { DurationHistogram } from './duration-histogram.ts';

/** What was counted, in Prometheus' text format. */
export async function metricsText({ ended, errors, reloads, durations, problems }: Counted) {
  const registry = new Registry();
  const registers = [registry];
  const requests = new Counter({
    name: 'authz_requests_total',
    help: 'Requests by how they ended.',
    labelNames: ['outcome', 'service', 'operation'],
    registers,
  });
  for (const { labels, count } of ended.counts()) requests.inc({ ...labels }, count);
  counter('authz_errors_total', {
    help: 'Requests answered with an error of this proxy or of its upstream, by code.',
    label: 'code',
    counts: errors,
    registers,
  });
  new DurationHistogram(durations, {
    name: 'authz_decision_duration_seconds',
    help: 'From the last byte of a request to its decision.',
    registers,
  });
  counter('authz_reloads_total', {
    help: 'Reloads of principals and policies after a change; a failed one keeps the last valid configuration.',
    label: 'result',
    counts: reloads,
    registers,
  });
  new Gauge({
    name: 'authz_problems',
    help: 'Errors of principals and policies that keep the last edit from being applied.',
    registers,
  }).set(problems);
  return { contentType: registry.contentType, text: await registry.metrics() };
}

interface CounterOptions {
  readonly help: string;
  readonly label: string;
  readonly counts: ReadonlyMap<string, number>;
  readonly registers: Registry[];
}

function counter(name: string, { help, label, counts, registers }: CounterOptions): void {
  const created = new Counter({ name, help, labelNames: [label], registers });
  for (const [value, count] of counts) created.inc({ [label]: value }, count);
}
