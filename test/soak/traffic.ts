import { setTimeout } from 'node:timers/promises';
import { assumeRole, drawCall, LIST_CAMPAIGNS, type Signing, type SoakCall, signedBytes } from './calls.ts';
import { Expectations, OUTCOMES, type Verdict, verdictOf } from './expectation.ts';
import { KEYS } from './folder.ts';
import type { LogTail } from './log-tail.ts';
import { PipelinedConnection, type RawResponse } from './pipelined-connection.ts';
import type { PolicyEdits } from './policy-edits.ts';
import type { Random } from './random.ts';
import { Timeline } from './timeline.ts';

/** What does not work for a while, on purpose. */
export type Diagnostic = 'upstream' | 'log' | 'redis';

export interface TrafficOptions {
  readonly url: string;
  readonly edits: PolicyEdits;
  readonly log: LogTail;
  readonly random: Random;
  readonly onFailure: (message: string) => void;
}

/** The shortest that STS issues. */
const SESSION_SECONDS = 900;
const MOST_PIPELINED = 8;

const signingOf = (caller: keyof typeof KEYS): Signing => ({
  caller,
  credentials: { accessKeyId: KEYS[caller].id, secretAccessKey: KEYS[caller].secret },
});

const USERS: readonly Signing[] = [signingOf('alice'), signingOf('bob'), signingOf('prober')];
const PROBER = signingOf('prober');

/** Requests at full speed, and the comparison of each response with the worlds that it may have met. */
export class Traffic {
  readonly clocks = new Timeline<number>();
  readonly diagnostics = new Timeline<Diagnostic>();
  readonly counts: Record<Verdict, number> = {
    allowed: 0,
    denied: 0,
    rejected: 0,
    unavailable: 0,
    failed: 0,
  };
  /** By which the client signs, in milliseconds from the true time. */
  offset = 0;
  readonly #options: TrafficOptions;
  readonly #expectations: Expectations;
  readonly #answered = new Map<string, Verdict>();
  /** A full disk may take a whole line and not its end, which comes with the next line that is written. */
  readonly #failed = new Set<string>();
  #role: Signing | undefined;
  #workers: Promise<void>[] = [];
  #isStopping = false;

  constructor(options: TrafficOptions) {
    this.#options = options;
    this.#expectations = new Expectations(options.edits.documents);
    this.clocks.begin(0);
  }

  start(connections: number): void {
    this.#isStopping = false;
    this.#workers = Array.from({ length: connections }, () => this.#work());
  }

  /** Lets what is under way end, and compares what is left with the log. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await Promise.all(this.#workers);
    this.reconcile();
    for (const [id, { outcome }] of this.#options.log.records)
      if (!this.#failed.has(id)) this.#options.onFailure(`a record without a response: ${outcome}, ${id}`);
    this.#options.log.records.clear();
    this.#failed.clear();
  }

  /** Compares responses with the log: a record is written before its response is sent. */
  reconcile(): void {
    const { log, onFailure } = this.#options;
    const answered = [...this.#answered];
    this.#answered.clear();
    log.read();
    for (const [id, verdict] of answered) {
      const record = log.records.get(id);
      log.records.delete(id);
      if (verdict === 'failed') {
        this.#failed.add(id);
        continue;
      }
      if (record === undefined) onFailure(`${verdict}, and no record: ${id}`);
      else if (record.lines > 1) onFailure(`${record.lines} records of one response: ${id}`);
      else if (!OUTCOMES[verdict].includes(record.outcome))
        onFailure(`${verdict}, and recorded as ${record.outcome}: ${id}`);
    }
  }

  /** Sends a call and compares its response. */
  async send(
    connection: PipelinedConnection,
    call: SoakCall,
    who: Signing,
  ): Promise<RawResponse | undefined> {
    const { url, onFailure } = this.#options;
    const signed = { at: Date.now(), offset: this.offset };
    const start = performance.now();
    try {
      const response = await connection.send(signedBytes(call, who, url, signed.at + signed.offset));
      this.#compare({ call, who, signed, start, response });
      return response;
    } catch (cause) {
      onFailure(
        `${who.caller}, ${call.check?.action ?? 'sts'}: ${cause instanceof Error ? cause.message : cause}`,
      );
      return undefined;
    }
  }

  async #work(): Promise<void> {
    const { random, url } = this.#options;
    let connection = await PipelinedConnection.open(url);
    while (!this.#isStopping) {
      if (!connection.isOpen) connection = await PipelinedConnection.open(url);
      const depth = random.next() < 0.5 ? 1 : 1 + random.below(MOST_PIPELINED);
      const sent = Array.from({ length: depth }, () =>
        this.send(connection, drawCall(random), random.pick(this.#callers())),
      );
      await Promise.all(sent);
      await this.#renewRole(connection);
    }
    connection[Symbol.dispose]();
  }

  #callers(): readonly Signing[] {
    return this.#role ? [...USERS, this.#role] : USERS;
  }

  /** Some time after the session has expired: until then its calls are rejected. */
  async #renewRole(connection: PipelinedConnection): Promise<void> {
    const { random } = this.#options;
    const isOver = (this.#role?.expiresAt ?? 0) < Date.now() + this.offset;
    if (!isOver || random.next() > 0.05) return;
    const expiresAt = Date.now() + this.offset + SESSION_SECONDS * 1000;
    const response = await this.send(connection, assumeRole(SESSION_SECONDS), PROBER);
    const [accessKeyId, secretAccessKey, sessionToken] = [
      'AccessKeyId',
      'SecretAccessKey',
      'SessionToken',
    ].map((name) => new RegExp(`<${name}>([^<]+)<`).exec(response?.body ?? '')?.[1]);
    if (accessKeyId && secretAccessKey && sessionToken)
      this.#role = {
        caller: 'worker',
        credentials: { accessKeyId, secretAccessKey, sessionToken },
        expiresAt,
      };
  }

  #compare({
    call,
    who,
    signed,
    start,
    response,
  }: {
    readonly call: SoakCall;
    readonly who: Signing;
    readonly signed: { readonly at: number; readonly offset: number };
    readonly start: number;
    readonly response: RawResponse;
  }): void {
    const { edits, onFailure } = this.#options;
    const end = performance.now();
    const verdict = verdictOf(response);
    this.counts[verdict] += 1;
    const id = response.headers.get('x-authz-decision');
    if (id !== undefined) this.#answered.set(id, verdict);
    else if (verdict !== 'failed') onFailure(`${verdict}, and no decision is named: ${response.status}`);
    const diagnostics = this.diagnostics.during(start, end);
    if (verdict === 'failed' && (diagnostics.includes('log') || diagnostics.includes('redis'))) return;
    const expected = this.clocks
      .during(start, end)
      .flatMap((offset) => edits.inForce.during(start, end).map((version) => ({ version, offset })))
      .flatMap((world) => this.#expectations.of(call, who, signed, world));
    const isExpected =
      verdict === 'unavailable'
        ? expected.includes('allowed') && (diagnostics.includes('upstream') || diagnostics.includes('redis'))
        : expected.includes(verdict);
    if (!isExpected) {
      const what = `${who.caller}, ${call.check?.action ?? 'sts'} on ${call.check?.resource ?? '*'}`;
      const said = response.body.slice(0, 300);
      onFailure(
        `${what}: ${verdict}, expected ${[...new Set(expected)].join(' or ')}: ${response.status} ${said}`,
      );
    }
  }

  /** @returns after how many milliseconds a call succeeds again @throws where none does in time */
  async recovers(maxMillis: number): Promise<number> {
    const start = performance.now();
    using connection = await PipelinedConnection.open(this.#options.url);
    while (performance.now() - start < maxMillis) {
      const response = await this.send(connection, LIST_CAMPAIGNS, PROBER);
      if (response?.status === 200) return performance.now() - start;
      await setTimeout(20);
    }
    throw new Error(`no recovery within ${maxMillis} ms`);
  }

  /** Forgets worlds that no request can meet any more. */
  forget(): void {
    const before = performance.now() - 60_000;
    const { edits } = this.#options;
    for (const timeline of [this.clocks, this.diagnostics, edits.inForce]) timeline.forget(before);
    const live = new Set(edits.inForce.during(0, Number.POSITIVE_INFINITY));
    for (const version of edits.documents.keys())
      if (!live.has(version)) {
        edits.documents.delete(version);
        this.#expectations.forget(version);
      }
  }
}
