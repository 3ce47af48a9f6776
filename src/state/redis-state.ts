import { randomUUID } from 'node:crypto';
import type { Clock } from '../lib/clock.ts';
import type { Diagnostic } from '../lib/errors.ts';
import { DecisionLog, type DecisionSink, type RequestParameters } from '../records/decision-log.ts';
import type { DecisionRecord } from '../records/decision-record.ts';
import { type ClaimCode, lastStepAt } from '../sessions/one-time-code.ts';
import { AbsenceReport } from './absence-report.ts';
import { type SharedState, unwritable } from './shared-state.ts';
import { type Delivery, type Head, SharedStream, type StreamEntry } from './shared-stream.ts';
import { UndeliveredRecords } from './undelivered.ts';

export interface RedisStateOptions {
  /** Counts until one is set for all replicas. */
  readonly mode: SharedState['mode'];
  readonly clock: Clock;
  /** The file of this replica's own decisions; it is closed with the state. */
  readonly sink?: DecisionSink;
  readonly onFailure: (cause: unknown) => void;
  /** Receives a sentence when Redis goes away, and when it is back. */
  readonly onChange: (message: string) => void;
}

/** How often a replica reads what the others wrote. */
const READ_MILLIS = 100;

/** The state of replicas that share a Redis. Rejects where it cannot be reached. */
export async function openRedisState(url: string, options: RedisStateOptions): Promise<SharedState> {
  const stream = await SharedStream.connect(url);
  const state = new RedisState(stream, options);
  try {
    await state.begin();
  } catch (cause) {
    stream.close();
    throw cause;
  }
  return state;
}

/**
 * Redis holds the decisions of all replicas as a stream; each replica has a copy in the stream's order. While Redis is away,
 * a replica goes on with its copy: its own records wait, and are in the copy at once. When Redis is back, it delivers what
 * Redis does not have, and makes its copy anew (docs/decisions/0007-one-state-for-several-processes.md).
 */
class RedisState implements SharedState {
  readonly decisions = new DecisionLog();
  readonly log = {
    append: (record: DecisionRecord, parameters?: RequestParameters) => this.#append(record, parameters),
  };
  readonly #stream: SharedStream;
  readonly #options: RedisStateOptions;
  /** Of Redis when this replica was last at one with it. */
  #known: Head | undefined;
  readonly #undelivered = new UndeliveredRecords();
  readonly #report: AbsenceReport;
  #sending: Promise<void> | undefined;
  #isAway = true;
  /** Whether the connection was lost since the copy was last compared. */
  #isUnsure = true;
  #reason = '';
  /** Of sequence numbers that are this replica's own, while Redis is away. */
  #ownInstance = randomUUID();
  #turn: Promise<void> = Promise.resolve();
  #isReading = false;
  readonly #timer: NodeJS.Timeout;

  constructor(stream: SharedStream, options: RedisStateOptions) {
    this.#stream = stream;
    this.#options = options;
    this.#report = new AbsenceReport(options.onChange);
    stream.onReturn(() => {
      this.#isUnsure = true;
    });
    this.#timer = setInterval(() => {
      if (!this.#isReading) void this.catchUp();
    }, READ_MILLIS).unref();
  }

  get mode(): SharedState['mode'] {
    return this.#known?.mode ?? this.#options.mode;
  }

  get instance(): string {
    return this.#isAway ? this.#ownInstance : (this.#known?.identity ?? this.#ownInstance);
  }

  async begin(): Promise<void> {
    await this.#rejoin();
  }

  readonly claimCode: ClaimCode = async (serialNumber, step) => {
    if (this.#isUnsure) await this.catchUp();
    const { identity = '' } = this.#known ?? {};
    const isFirst = await this.#stream.claim(identity, serialNumber, step);
    if (isFirst === undefined) this.#isUnsure = true;
    return isFirst ?? false;
  };

  async recorded(): Promise<DecisionLog> {
    await this.catchUp();
    return this.decisions;
  }

  readonly setMode = async (mode: SharedState['mode']): Promise<void> => {
    await this.#stream.setMode(mode);
    if (this.#known) this.#known = { ...this.#known, mode };
  };

  readonly clear = async (): Promise<void> => {
    await this.#stream.clear();
    await this.catchUp();
  };

  /** Never rejects: while Redis is away, the copy is what there is. */
  readonly catchUp = (): Promise<void> => {
    this.#turn = this.#turn.then(async () => {
      this.#isReading = true;
      try {
        await (this.#isAway || this.#isUnsure ? this.#rejoin() : this.#readOn());
      } catch (cause) {
        this.#leave(cause);
        this.#report.away(this.#reason);
      }
      this.#isReading = false;
    });
    return this.#turn;
  };

  problems(): readonly Diagnostic[] {
    const waiting = this.#undelivered.size;
    const kept = waiting === 0 ? '' : `; ${waiting} decisions are kept here until it can`;
    const away = this.#isAway
      ? [{ severity: 'error', rule: 'unavailable-state', message: `${this.#reason}${kept}` } as const]
      : [];
    return [...away, ...unwritable(this.#options.sink?.problem)];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    this.#report.end();
    if (this.#undelivered.size > 0) await this.catchUp();
    await this.#sending;
    if (this.#undelivered.size > 0)
      this.#options.onFailure(new Error(`${this.#undelivered.size} decisions are lost: ${this.#reason}`));
    this.#stream.close();
    await this.#options.sink?.close();
  }

  async #append(record: DecisionRecord, parameters: RequestParameters = () => undefined): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#undelivered.add({ record, text: JSON.stringify(record), settle: resolve });
    if (this.#isAway) {
      void this.decisions.append(record);
      resolve();
    } else this.#sending ??= this.#send();
    await Promise.all([promise, this.#options.sink?.append(record, parameters)]);
  }

  /** One page at a time; records that come meanwhile go together in the next. */
  async #send(): Promise<void> {
    while (!this.#isAway && this.#undelivered.size > 0) {
      const page = this.#undelivered.firstPage();
      try {
        const newest = await this.#stream.append(this.#known?.identity ?? '', page);
        if (newest === undefined) throw new Error('state: Redis was started anew');
        // This replica may have been closed during the delivery: then the record is delivered once more.
        if (this.#isAway) break;
        this.#undelivered.markDelivered(page, newest);
        for (const { settle } of page) settle();
      } catch (cause) {
        this.#leave(cause);
      }
    }
    this.#sending = undefined;
  }

  /** From now on this replica is on its own. */
  #leave(cause: unknown): void {
    this.#reason = this.#stream.problem ?? (cause instanceof Error ? cause.message : String(cause));
    if (this.#isAway) return;
    this.#undelivered.markRead(this.decisions.newest);
    this.#isAway = true;
    this.#ownInstance = randomUUID();
    for (const { record, settle } of this.#undelivered.withdraw()) {
      void this.decisions.append(record);
      settle();
    }
  }

  async #readOn(): Promise<void> {
    for (;;) {
      const { head, entries, isAll } = await this.#stream.read(this.decisions.newest);
      // Redis has less than it had: it went back to an older state.
      if (head.identity !== this.#known?.identity || head.sequence < this.decisions.newest)
        return this.#rejoin();
      if (head.epoch !== this.#known.epoch)
        this.decisions.clear((entries[0]?.sequence ?? head.sequence + 1) - 1);
      this.#known = head;
      for (const { sequence, record } of entries) {
        if (sequence !== this.decisions.newest + 1) this.decisions.clear(sequence - 1);
        void this.decisions.append(record);
      }
      this.#undelivered.markRead(this.decisions.newest);
      if (isAll) return;
    }
  }

  /** Delivers what Redis does not have, and makes the copy anew. */
  async #rejoin(): Promise<void> {
    const before = this.#known;
    if (before) this.#leave(new Error('state: Redis was away'));
    this.#isUnsure = false;
    const head = await this.#stream.begin({
      ...(before?.mode && { mode: before.mode }),
      // What the others have accepted meanwhile, and what Redis has forgotten, is not known.
      ...(before && { usedThrough: lastStepAt(this.#options.clock()) }),
    });
    const wasCleared = head.identity === before?.identity && head.epoch !== before.epoch;
    const waiting = this.#undelivered.list();
    // One page of texts at a time: those of all records take as much memory as the records.
    const missing = before && !wasCleared ? deliveriesOf(this.decisions.list()) : waiting;
    if (!(await this.#stream.appendAll(head.identity, missing)))
      throw new Error('state: Redis was started anew');
    this.#undelivered.drop(waiting);
    await this.#readAnew();
    this.#isAway = false;
    this.#report.back();
    if (this.#undelivered.size > 0) this.#sending ??= this.#send();
  }

  async #readAnew(): Promise<void> {
    // Records that are known are not held twice.
    const known = new Map(this.decisions.list().map((record) => [record.id, record]));
    const fresh: StreamEntry[] = [];
    for (let after = 0; ; ) {
      const { head, entries, isAll } = await this.#stream.read(after);
      for (const { sequence, record } of entries)
        fresh.push({ sequence, record: known.get(record.id) ?? record });
      after = fresh.at(-1)?.sequence ?? 0;
      if (!isAll) continue;
      this.#known = head;
      this.decisions.clear((fresh[0]?.sequence ?? head.sequence + 1) - 1);
      for (const { record } of fresh) void this.decisions.append(record);
      return;
    }
  }
}

function* deliveriesOf(records: Iterable<DecisionRecord>): Generator<Delivery> {
  for (const record of records) yield { record, text: JSON.stringify(record) };
}
