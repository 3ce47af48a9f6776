import type { DecisionRecord } from '../../../src/records/decision-record.ts';

/** A record of a forwarded call without checks. */
export const record = (id: string): DecisionRecord => ({
  id,
  time: '2026-11-28T00:00:00.000Z',
  mode: 'enforce',
  outcome: 'forwarded',
  request: { id: `request ${id}`, sourceIp: '127.0.0.1' },
  checks: [],
  undocumented: [],
  durationMicros: 1,
});
