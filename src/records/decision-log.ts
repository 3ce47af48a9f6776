import type { DecisionRecord, Outcome } from './decision-record.ts';

/** The redacted input of a request, computed only if a log includes it; `undefined` if there is none. */
export type RequestParameters = () => unknown;

/**
 * Where records are written besides memory. `append` resolves when the record would survive a kill of this process.
 */
export interface DecisionSink {
  append(record: DecisionRecord, parameters: RequestParameters): Promise<void>;
  /** Why the last record could not be written; `undefined` after a successful write. */
  readonly problem: string | undefined;
  close(): Promise<void>;
}

/** Selects the records that match all given members. */
export interface DecisionFilter {
  readonly outcome?: Outcome;
  readonly service?: string;
  readonly operation?: string;
  /** Action of any check of the decision, ignoring case: `personalize:CreateCampaign`. */
  readonly action?: string;
  /** The principal's ARN, its user name, or its role's ARN. */
  readonly principal?: string;
  /** ISO 8601; inclusive. */
  readonly since?: string;
  /** Maximum number of records, the newest. */
  readonly limit?: number;
}

/** Maximum number of decisions in memory (docs/decision-log.md). */
export const CAPACITY = 10_000;

/** The decisions of this process: a ring buffer in memory, and the configured file. */
export class DecisionLog {
  readonly #ring: DecisionRecord[] = [];
  readonly #sink: DecisionSink | undefined;
  readonly #capacity: number;
  /** Position of the next record once the ring buffer is full. */
  #next = 0;
  /** Number of records since the start of the process, including those no longer in memory. */
  #appended = 0;
  #clears = 0;
  readonly #listeners = new Set<() => void>();

  constructor(sink?: DecisionSink, capacity: number = CAPACITY) {
    this.#sink = sink;
    this.#capacity = capacity;
  }

  /**
   * Keeps a record. @returns what to wait for: the record is then as durable as its sink provides, and the response may be
   * sent. Without a sink there is nothing to wait for.
   */
  append(record: DecisionRecord, parameters: RequestParameters = () => undefined): Promise<void> | undefined {
    if (this.#ring.length < this.#capacity) this.#ring.push(record);
    else this.#ring[this.#next] = record;
    this.#next = (this.#next + 1) % this.#capacity;
    this.#appended += 1;
    for (const listener of this.#listeners) listener();
    return this.#sink?.append(record, parameters);
  }

  /** Why decisions cannot be recorded now, which makes requests fail. */
  get problem(): string | undefined {
    return this.#sink?.problem;
  }

  /** Oldest first. */
  list(filter: DecisionFilter = {}): readonly DecisionRecord[] {
    const full = this.#ring.length === this.#capacity;
    const ordered = full ? [...this.#ring.slice(this.#next), ...this.#ring.slice(0, this.#next)] : this.#ring;
    const kept = ordered.filter((record) => matches(record, filter));
    return filter.limit === undefined ? kept : kept.slice(Math.max(0, kept.length - filter.limit));
  }

  /** The sequence number of the newest record, starting at 1 and never reused; 0 if there is none. */
  get newest(): number {
    return this.#appended;
  }

  /** The sequence number of the oldest record in memory; `newest + 1` if there is none. */
  get oldest(): number {
    return this.#appended - this.#ring.length + 1;
  }

  /** How often the memory was cleared. */
  get clears(): number {
    return this.#clears;
  }

  /** The record with this sequence number, if it is in memory. */
  at(sequence: number): DecisionRecord | undefined {
    const { oldest, newest } = this;
    if (sequence < oldest || sequence > newest) return undefined;
    const first = this.#ring.length === this.#capacity ? this.#next : 0;
    return this.#ring[(first + sequence - oldest) % this.#capacity];
  }

  /** Calls `listener` after every change of the records in memory. @returns a function that removes the listener */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  find(id: string): DecisionRecord | undefined {
    return this.#ring.find((record) => record.id === id);
  }

  /**
   * Clears the records in memory; a log file is not changed.
   * @param newest the sequence number that the next record comes after
   */
  clear(newest: number = this.#appended): void {
    this.#ring.length = 0;
    this.#next = 0;
    this.#appended = newest;
    this.#clears += 1;
    for (const listener of this.#listeners) listener();
  }

  async close(): Promise<void> {
    await this.#sink?.close();
  }
}

function matches(record: DecisionRecord, filter: DecisionFilter): boolean {
  const { principal, request, checks, outcome, time } = record;
  const who = principal && [principal.arn, principal.userName, principal.roleArn];
  const action = filter.action?.toLowerCase();
  return (
    (filter.outcome === undefined || outcome === filter.outcome) &&
    (filter.service === undefined || request.service === filter.service) &&
    (filter.operation === undefined || request.operation === filter.operation) &&
    (filter.principal === undefined || (who?.includes(filter.principal) ?? false)) &&
    (action === undefined || checks.some((check) => check.action.toLowerCase() === action)) &&
    (filter.since === undefined || Date.parse(time) >= Date.parse(filter.since))
  );
}
