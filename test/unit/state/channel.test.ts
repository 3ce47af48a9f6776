import { describe, expect, it } from 'vitest';
import { DecisionLog } from '../../../src/records/decision-log.ts';
import type { DecisionRecord } from '../../../src/records/decision-record.ts';
import { Channel, type Port } from '../../../src/state/channel.ts';
import { memoryState } from '../../../src/state/memory-state.ts';
import { type StateMethods, stateMethods, workerState } from '../../../src/state/worker-state.ts';
import { record } from './record.ts';

/** Two ends that copy what goes from one to the other, and count the messages. */
function pipe(): { readonly ends: readonly [Port, Port]; readonly messages: unknown[] } {
  const receivers: ((message: unknown) => void)[] = [];
  const messages: unknown[] = [];
  const end = (own: number): Port => ({
    post: (message) => {
      messages.push(message);
      setImmediate(() => receivers[1 - own]?.(structuredClone(message)));
    },
    onMessage: (receive) => {
      receivers[own] = receive;
    },
  });
  return { ends: [end(0), end(1)], messages };
}

interface Remote {
  double(value: number): Promise<number>;
  fail(): Promise<void>;
}

const REMOTE: Remote = {
  double: async (value) => 2 * value,
  fail: async () => {
    throw new Error('it does not work');
  },
};

describe('a channel between two processes', () => {
  it('answers what was asked, each with its own', async () => {
    const { ends } = pipe();
    const here = new Channel<Remote>(ends[0], {});
    new Channel<object>(ends[1], REMOTE);

    expect(await Promise.all([1, 2, 3].map((value) => here.ask('double', value)))).toEqual([2, 4, 6]);
  });

  it('sends what was asked in one turn as one message, and so the answers', async () => {
    const { ends, messages } = pipe();
    const here = new Channel<Remote>(ends[0], {});
    new Channel<object>(ends[1], REMOTE);
    await Promise.all(Array.from({ length: 100 }, (_, value) => here.ask('double', value)));

    expect(messages).toHaveLength(2);
  });

  it('passes on what the other end throws', async () => {
    const { ends } = pipe();
    const here = new Channel<Remote & { missing(): void; toString(): string }>(ends[0], {});
    new Channel<object>(ends[1], REMOTE);

    await expect(here.ask('fail')).rejects.toThrow('it does not work');
    await expect(here.ask('missing')).rejects.toThrow('there is no missing');
  });

  it('rejects what is open and what is asked after the other end has gone', async () => {
    const { ends } = pipe();
    const here = new Channel<Remote>(ends[0], {});
    const open = here.ask('double', 1);
    here.close(new Error('the primary process is gone'));

    await expect(open).rejects.toThrow('the primary process is gone');
    await expect(here.ask('double', 2)).rejects.toThrow('the primary process is gone');
  });
});

/** A primary with a log, and a worker of it. */
function primaryAndWorker(log: DecisionLog, logsParameters = false) {
  const { ends } = pipe();
  const seen: DecisionRecord[] = [];
  const state = memoryState(log, 'enforce');
  new Channel<object>(
    ends[0],
    stateMethods(state, (each) => seen.push(each)),
  );
  const worker = workerState(new Channel<StateMethods>(ends[1], {}), { mode: 'enforce', logsParameters });
  return { state, worker, seen };
}

describe('the state of a worker', () => {
  it('has recorded a decision when the primary has', async () => {
    const log = new DecisionLog();
    const { worker, seen } = primaryAndWorker(log);
    await worker.log.append(record('a'));

    expect(log.list()).toEqual([record('a')]);
    expect(seen).toEqual([record('a')]);
    await log.append(record('of the primary'));
    expect((await worker.recorded()).list().map(({ id }) => id)).toEqual(['a', 'of the primary']);
  });

  it('fails to record where the primary cannot, so that the request fails', async () => {
    const failing = {
      append: () => Promise.reject(new Error('the disk is full')),
      problem: undefined,
      close: async () => {},
    };
    const { worker, seen } = primaryAndWorker(new DecisionLog(failing));

    await expect(worker.log.append(record('a'))).rejects.toThrow('the disk is full');
    expect(seen).toEqual([]);
  });

  it('passes the parameters of a request on where the log includes them', async () => {
    const written: unknown[] = [];
    const sink = {
      append: async (_: DecisionRecord, parameters: () => unknown) => void written.push(parameters()),
      problem: undefined,
      close: async () => {},
    };
    const read: string[] = [];
    const parameters = () => {
      read.push('read');
      return { name: 'shop' };
    };
    await primaryAndWorker(new DecisionLog(sink), true).worker.log.append(record('a'), parameters);
    await primaryAndWorker(new DecisionLog(sink)).worker.log.append(record('b'), parameters);

    expect(written).toEqual([{ name: 'shop' }, undefined]);
    expect(read).toEqual(['read']);
  });

  it('claims one-time codes at the primary', async () => {
    const { state, worker } = primaryAndWorker(new DecisionLog());

    expect(await worker.claimCode('mfa/alice', 7)).toBe(true);
    expect(await worker.claimCode('mfa/alice', 7)).toBe(false);
    expect(await state.claimCode('mfa/alice', 7)).toBe(false);
    worker.setMode('audit');
    expect(worker.mode).toBe('audit');
  });
});
