import type { DecisionRecord, Outcome } from './decision-record.ts';

/** The input of a request as a log may show it, worked out where one does; `undefined` where there is none. */
export type RequestParameters = () => unknown;

/** Where records go besides memory. `append` resolves when the record would survive a kill of this process. */
export interface DecisionSink {
  append(record: DecisionRecord, parameters: RequestParameters): Promise<void>;
  /** Why the last record could not be written; `undefined` once one was written again. */
  readonly problem: string | undefined;
  close(): Promise<void>;
}

/** Keeps what matches all that is given. */
export interface DecisionFilter {
  readonly outcome?: Outcome;
  readonly service?: string;
  readonly operation?: string;
  /** Of any check of the decision, compared ignoring case: `personalize:CreateCampaign`. */
  readonly action?: string;
  /** The principal's ARN, its user name, or its role's ARN. */
  readonly principal?: string;
  /** ISO 8601; this moment or later. */
  readonly since?: string;
  /** At most this many, the newest. */
  readonly limit?: number;
}

/** How many decisions stay in memory (design 4). */
const CAPACITY = 10_000;

/** The decisions of this process: a ring in memory, and the configured file beside it. */
export class DecisionLog {
  readonly #ring: DecisionRecord[] = [];
  readonly #sink: DecisionSink | undefined;
  readonly #capacity: number;
  /** Where the next record goes once the ring is full. */
  #next = 0;
  /** Records since the start of the process, those that memory no longer has among them. */
  #appended = 0;
  #clears = 0;
  readonly #listeners = new Set<() => void>();

  constructor(sink?: DecisionSink, capacity: number = CAPACITY) {
    this.#sink = sink;
    this.#capacity = capacity;
  }

  /** Resolves when the record is as safe as its sink makes it; an answer is sent only after that. */
  async append(record: DecisionRecord, parameters: RequestParameters = () => undefined): Promise<void> {
    if (this.#ring.length < this.#capacity) this.#ring.push(record);
    else this.#ring[this.#next] = record;
    this.#next = (this.#next + 1) % this.#capacity;
    this.#appended += 1;
    for (const listener of this.#listeners) listener();
    await this.#sink?.append(record, parameters);
  }

  /** Why decisions cannot be recorded now, and requests fail therefore. */
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

  /** The sequence number of the newest record: the first of the process has 1, and none is used twice. 0 before it. */
  get newest(): number {
    return this.#appended;
  }

  /** The sequence number of the oldest record in memory; `newest + 1` where there is none. */
  get oldest(): number {
    return this.#appended - this.#ring.length + 1;
  }

  /** How often the memory was cleared. */
  get clears(): number {
    return this.#clears;
  }

  /** The record with a sequence number, where memory has it. */
  at(sequence: number): DecisionRecord | undefined {
    const { oldest, newest } = this;
    if (sequence < oldest || sequence > newest) return undefined;
    const first = this.#ring.length === this.#capacity ? this.#next : 0;
    return this.#ring[(first + sequence - oldest) % this.#capacity];
  }

  /** Calls back after every change of what is in memory. @returns what ends it */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  find(id: string): DecisionRecord | undefined {
    return this.#ring.find((record) => record.id === id);
  }

  /** Forgets what is in memory; a log file keeps what it has. */
  clear(): void {
    this.#ring.length = 0;
    this.#next = 0;
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
