import { describe, expect, it } from 'vitest';
import { accountId, arnOf } from '../../../src/lib/identifiers.ts';
import { DecisionLog } from '../../../src/records/decision-log.ts';
import type { DecisionRecord } from '../../../src/records/decision-record.ts';

const record = (id: string, change: Partial<DecisionRecord> = {}): DecisionRecord => ({
  id,
  time: '2026-11-23T12:00:00.000Z',
  mode: 'enforce',
  outcome: 'forwarded',
  principal: {
    type: 'User',
    arn: arnOf('arn:aws:iam::123456789012:user/alice'),
    accountId: accountId('123456789012'),
    userName: 'alice',
  },
  request: { id: `r-${id}`, service: 'personalize', operation: 'CreateCampaign', sourceIp: '127.0.0.1' },
  checks: [
    {
      action: 'personalize:CreateCampaign',
      resource: arnOf('arn:aws:personalize:us-east-1:123456789012:campaign/shop'),
      decision: 'allowed',
      layer: 'identity',
      determining: [],
    },
  ],
  undocumented: [],
  durationMicros: 85,
  ...change,
});

const ids = (log: DecisionLog, filter = {}) => log.list(filter).map(({ id }) => id);

describe('the decisions in memory', () => {
  it('are listed oldest first', async () => {
    const log = new DecisionLog();
    await log.append(record('a'));
    await log.append(record('b'));
    expect(ids(log)).toEqual(['a', 'b']);
  });

  it('drop the oldest when the ring buffer is full, and stay in order', async () => {
    const log = new DecisionLog(undefined, 3);
    for (const id of ['a', 'b', 'c', 'd', 'e']) await log.append(record(id));
    expect(ids(log)).toEqual(['c', 'd', 'e']);
  });

  it('are empty after they were cleared', async () => {
    const log = new DecisionLog(undefined, 3);
    for (const id of ['a', 'b', 'c', 'd']) await log.append(record(id));
    log.clear();
    await log.append(record('e'));
    expect(ids(log)).toEqual(['e']);
  });

  it.each([
    [{ outcome: 'denied' }, ['denied']],
    [{ operation: 'ListSchemas' }, ['denied']],
    [{ principal: 'bob' }, ['denied']],
    [{ principal: 'arn:aws:iam::123456789012:user/alice' }, ['early', 'late']],
    [{ action: 'PERSONALIZE:createcampaign' }, ['early', 'late']],
    [{ since: '2026-11-23T14:00:00+01:00' }, ['late']],
    [{ limit: 1 }, ['late']],
  ])('are filtered by %o', async (filter, wanted) => {
    const log = new DecisionLog();
    const bob = {
      type: 'User',
      arn: arnOf('arn:aws:iam::123456789012:user/bob'),
      accountId: accountId('123456789012'),
      userName: 'bob',
    } as const;
    await log.append(record('early'));
    await log.append(
      record('denied', {
        outcome: 'denied',
        principal: bob,
        request: { id: 'r', operation: 'ListSchemas', sourceIp: '::1' },
        checks: [],
      }),
    );
    await log.append(record('late', { time: '2026-11-23T13:00:00.000Z' }));
    expect(ids(log, filter)).toEqual(wanted);
  });
});
