import type { DecisionRecord } from '../records/decision-record.ts';
import { Durations, Tally } from './counted.ts';

/** What `/_authz/metrics` shows, in Prometheus' text format. */
export interface Metrics {
  observe(record: DecisionRecord): void;
  observeReload(result: 'loaded' | 'refused'): void;
  /** The metrics as Prometheus reads them. */
  exposition(): Promise<{ readonly contentType: string; readonly text: string }>;
}

/** Counts; prom-client is loaded when the metrics are first asked for. */
export function createMetrics(problemCount: () => number): Metrics {
  const ended = new Tally();
  const durations = new Durations();
  const errors = new Map<string, number>();
  const reloads = new Map<string, number>();
  const count = (counts: Map<string, number>, key: string): void =>
    void counts.set(key, (counts.get(key) ?? 0) + 1);
  return {
    observe({ outcome, request, error, durationMicros }) {
      ended.add(outcome, request.service ?? '', request.operation ?? '');
      if (error) count(errors, error.code);
      durations.add(durationMicros / 1e6);
    },
    observeReload: (result) => count(reloads, result),
    async exposition() {
      const { metricsText } = await import('./metrics-text.ts');
      return metricsText({ ended, errors, reloads, durations, problems: problemCount() });
    },
  };
}
