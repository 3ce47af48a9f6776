import type { Response } from 'express';
import type { DecisionLog } from '../records/decision-log.ts';
import { type DecisionSummary, summarize } from './decision-summary.ts';
import type { Health } from './health.ts';

/** The event `state`: the health, and what a page can do with this process. */
export interface StreamedState extends Health {
  readonly instance: string;
  /** Whether policy files can be written. */
  readonly write: boolean;
  /** Link template of `console.editor`. */
  readonly editor: string;
  /** Sequence number of the oldest decision in memory. */
  readonly oldest: number;
}

/** The event `gap`: sequence numbers of decisions that are no longer in memory. */
export interface StreamGap {
  readonly from: number;
  readonly to: number;
}

export interface DecisionStreamOptions {
  readonly log: DecisionLog;
  readonly health: () => StreamedState;
  /** Where sequence numbers come from: those of another one are no positions here. */
  readonly instance: () => string;
}

/** At most this many decisions in an event, and this often. */
const MOST_AT_ONCE = 200;
const FLUSH_MILLIS = 50;
const STATE_MILLIS = 1_000;
const PING_MILLIS = 15_000;
/** Bytes that wait for a reader. More are not written: the reader continues from the ring, or gets a gap. */
const MOST_WAITING_BYTES = 1_000_000;
const MOST_READERS = 64;
/** What a reader that begins without a position gets of the past. */
const PAST = 500;

interface Reader {
  readonly response: Response;
  /** The last sequence number that was written. */
  sent: number;
  clears: number;
  state: string;
}

/**
 * Server-sent events about the decisions of this process: `decisions` (a list), `gap` (decisions that are no longer in
 * memory), `reset` (forget everything: cleared, or another process) and `state` (the health). A reader holds no memory
 * besides its socket: it is a position in the log.
 */
export class DecisionStreams implements Disposable {
  readonly #options: DecisionStreamOptions;
  readonly #readers = new Set<Reader>();
  readonly #stopListening: () => void;
  #flush: NodeJS.Timeout | undefined;
  #timers: readonly NodeJS.Timeout[] = [];

  constructor(options: DecisionStreamOptions) {
    this.#options = options;
    this.#stopListening = options.log.onChange(() => this.#schedule());
  }

  /** Whether one more reader may come. */
  get hasRoom(): boolean {
    return this.#readers.size < MOST_READERS;
  }

  /** Starts to write to a response. `after` is `instance:sequence`, as the IDs of events are. */
  open(response: Response, after: string | undefined): void {
    const { log } = this.#options;
    response.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    response.write('retry: 1000\n\n');
    const known = this.#positionOf(after);
    const sent = known ?? Math.max(log.oldest - 1, log.newest - PAST);
    const reader: Reader = { response, sent, clears: log.clears, state: '' };
    if (known === undefined && after !== undefined) this.#write(reader, 'reset', {});
    this.#readers.add(reader);
    if (this.#timers.length === 0) this.#startTimers();
    response.on('drain', () => this.#pump(reader));
    response.on('close', () => {
      this.#readers.delete(reader);
      if (this.#readers.size === 0) this.#stopTimers();
    });
    this.#writeState(reader);
    this.#pump(reader);
  }

  /** Ends every stream, so that the server can close. */
  close(): void {
    this.#stopListening();
    this.#stopTimers();
    clearTimeout(this.#flush);
    for (const { response } of this.#readers) response.end();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #positionOf(after: string | undefined): number | undefined {
    const [instance, text = ''] = after?.split(':') ?? [];
    const { log } = this.#options;
    if (instance !== this.#options.instance() || !/^\d{1,15}$/.test(text)) return undefined;
    return Math.min(Number(text), log.newest);
  }

  #schedule(): void {
    if (this.#readers.size === 0 || this.#flush !== undefined) return;
    this.#flush = setTimeout(() => {
      this.#flush = undefined;
      for (const reader of this.#readers) this.#pump(reader);
    }, FLUSH_MILLIS).unref();
  }

  #pump(reader: Reader): void {
    const { log } = this.#options;
    if (reader.response.writableLength > MOST_WAITING_BYTES) return;
    if (reader.clears !== log.clears) {
      reader.clears = log.clears;
      reader.sent = log.oldest - 1;
      this.#write(reader, 'reset', {});
    }
    if (reader.sent < log.oldest - 1) {
      this.#write(reader, 'gap', { from: reader.sent + 1, to: log.oldest - 1 } satisfies StreamGap);
      reader.sent = log.oldest - 1;
    }
    const decisions: DecisionSummary[] = [];
    while (decisions.length < MOST_AT_ONCE) {
      const record = log.at(reader.sent + 1);
      if (record === undefined) break;
      reader.sent += 1;
      decisions.push(summarize(record, reader.sent));
    }
    if (decisions.length > 0) this.#write(reader, 'decisions', decisions);
    if (reader.sent < log.newest) this.#schedule();
  }

  #write({ response, sent }: Reader, event: string, data: unknown): void {
    const id = `${this.#options.instance()}:${sent}`;
    response.write(`id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  #writeState(reader: Reader): void {
    const health = this.#options.health();
    const state = JSON.stringify(health);
    if (state === reader.state || reader.response.writableLength > MOST_WAITING_BYTES) return;
    reader.state = state;
    this.#write(reader, 'state', health);
  }

  #startTimers(): void {
    const toAll = (work: (reader: Reader) => void) => () => {
      for (const reader of this.#readers) work(reader);
    };
    const ping = toAll(({ response }) => {
      if (response.writableLength === 0) response.write(': ping\n\n');
    });
    this.#timers = [
      setInterval(
        toAll((reader) => this.#writeState(reader)),
        STATE_MILLIS,
      ).unref(),
      setInterval(ping, PING_MILLIS).unref(),
    ];
  }

  #stopTimers(): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.#timers = [];
  }
}
