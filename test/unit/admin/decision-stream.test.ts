import { EventEmitter } from 'node:events';
import type { Response } from 'express';
import { afterEach, describe, expect, it } from 'vitest';
import { DecisionStreams, type StreamedState } from '../../../src/admin/decision-stream.ts';
import { DecisionLog } from '../../../src/records/decision-log.ts';
import type { DecisionRecord } from '../../../src/records/decision-record.ts';

const HEALTH = { status: 'ok', mode: 'enforce', problems: [] } as unknown as StreamedState;

const record = (id: string): DecisionRecord => ({
  id,
  time: '2026-11-23T12:00:00.000Z',
  mode: 'enforce',
  outcome: 'forwarded',
  request: { id, sourceIp: '127.0.0.1' },
  checks: [],
  undocumented: [],
  durationMicros: 1,
});

/** A response of which a test says how much of it waits to be read. */
class FakeResponse extends EventEmitter {
  writableLength = 0;
  isEnded = false;
  readonly events: { readonly event: string; readonly data: unknown }[] = [];
  writeHead(): void {}
  write(text: string): boolean {
    const [, event, data] = /event: (.*)\ndata: (.*)\n/.exec(text) ?? [];
    if (event !== undefined && data !== undefined) this.events.push({ event, data: JSON.parse(data) });
    return true;
  }
  end(): void {
    this.isEnded = true;
    this.emit('close');
  }
}

const opened: DecisionStreams[] = [];
afterEach(() => {
  for (const streams of opened.splice(0)) streams.close();
});

function open(capacity = 10) {
  const log = new DecisionLog(undefined, capacity);
  const streams = new DecisionStreams({ log, health: () => HEALTH, instance: () => 'this' });
  opened.push(streams);
  const follow = (after?: string): FakeResponse => {
    const response = new FakeResponse();
    streams.open(response as unknown as Response, after);
    return response;
  };
  return { log, streams, follow };
}

describe('the stream of decisions', () => {
  it('writes nothing to a reader that does not read, then continues with a gap', async () => {
    const { log, follow } = open(10);
    const reader = follow();
    reader.writableLength = 2_000_000;
    for (let count = 0; count < 25; count += 1) await log.append(record(`d${count}`));
    reader.emit('drain');
    expect(reader.events.map(({ event }) => event)).toEqual(['state']);
    reader.writableLength = 0;
    reader.emit('drain');
    expect(reader.events[1]).toEqual({ event: 'gap', data: { from: 1, to: 15 } });
    expect(reader.events[2]).toMatchObject({ event: 'decisions', data: { length: 10 } });
  });

  it('writes at most 200 decisions at once', async () => {
    const { log, follow } = open(1_000);
    for (let count = 0; count < 450; count += 1) await log.append(record(`d${count}`));
    const reader = follow('this:0');
    expect(reader.events[1]).toMatchObject({ event: 'decisions', data: { length: 200 } });
  });

  it('resets its readers once the decisions are cleared', async () => {
    const { log, follow } = open();
    await log.append(record('a'));
    const reader = follow('this:1');
    log.clear();
    await log.append(record('b'));
    reader.emit('drain');
    expect(reader.events.slice(1)).toMatchObject([
      { event: 'reset' },
      { event: 'decisions', data: [{ id: 'b', seq: 2 }] },
    ]);
  });

  it('has room for 64 readers, and for another once one has gone', () => {
    const { streams, follow } = open();
    const readers = Array.from({ length: 64 }, () => follow());
    expect(streams.hasRoom).toBe(false);
    readers[0]?.emit('close');
    expect(streams.hasRoom).toBe(true);
  });

  it('ends every stream when it is closed', () => {
    const { streams, follow } = open();
    const reader = follow();
    streams.close();
    expect(reader.isEnded).toBe(true);
  });
});

describe('sequence numbers of the log', () => {
  it('count on over what the ring forgets and over a clear', async () => {
    const { log } = open(3);
    for (const id of ['a', 'b', 'c', 'd', 'e']) await log.append(record(id));
    expect([log.oldest, log.newest]).toEqual([3, 5]);
    expect([2, 3, 4, 5, 6].map((sequence) => log.at(sequence)?.id)).toEqual([
      undefined,
      'c',
      'd',
      'e',
      undefined,
    ]);
    log.clear();
    expect([log.oldest, log.newest, log.at(5)]).toEqual([6, 5, undefined]);
    await log.append(record('f'));
    expect(log.at(6)?.id).toBe('f');
  });
});
