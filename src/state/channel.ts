/** The methods that another process can call, by name. Arguments and results are copied. */
type Methods = Readonly<Record<keyof never, unknown>>;

/** One end of a pipe between two processes. */
export interface Port {
  post(message: unknown): void;
  onMessage(receive: (message: unknown) => void): void;
}

type Ask = readonly [id: number, name: string, args: readonly unknown[]];
type Reply = readonly [id: number, isValue: boolean, value: unknown];

/** The calls and replies of one turn of the event loop. */
interface Batch {
  readonly asks: readonly Ask[];
  readonly replies: readonly Reply[];
}

type Asked<Remote, Name extends keyof Remote> = Remote[Name] extends (...args: infer Args) => infer Result
  ? { readonly args: Args; readonly result: Awaited<Result> }
  : never;

/** Remote calls between two processes, in both directions; those of one turn are sent in one message. */
export class Channel<Remote extends object> {
  readonly #port: Port;
  readonly #own: Methods;
  readonly #open = new Map<number, PromiseWithResolvers<unknown>>();
  #last = 0;
  #asks: Ask[] = [];
  #replies: Reply[] = [];
  #isScheduled = false;
  #closed: Error | undefined;

  /** @param own the methods that the other process may call */
  constructor(port: Port, own: object) {
    this.#port = port;
    this.#own = own as Methods;
    port.onMessage((message) => this.#receive(message as Batch));
  }

  /** Calls a method of the other process. Rejects with its error, and if it has ended. */
  ask<Name extends keyof Remote & string>(
    name: Name,
    ...args: Asked<Remote, Name>['args']
  ): Promise<Asked<Remote, Name>['result']> {
    if (this.#closed) return Promise.reject(this.#closed);
    const answer = Promise.withResolvers<unknown>();
    this.#last += 1;
    this.#open.set(this.#last, answer);
    this.#asks.push([this.#last, name, args]);
    this.#schedule();
    return answer.promise as Promise<Asked<Remote, Name>['result']>;
  }

  /** The other process has ended: rejects the calls without a reply. */
  close(cause: Error): void {
    this.#closed = cause;
    for (const { reject } of this.#open.values()) reject(cause);
    this.#open.clear();
  }

  #receive({ asks, replies }: Batch): void {
    for (const [id, isValue, value] of replies) {
      const answer = this.#open.get(id);
      this.#open.delete(id);
      if (isValue) answer?.resolve(value);
      else answer?.reject(new Error(String(value)));
    }
    for (const [id, name, args] of asks) void this.#perform(id, name, args);
  }

  async #perform(id: number, name: string, args: readonly unknown[]): Promise<void> {
    try {
      const method = this.#own[name];
      if (typeof method !== 'function') throw new Error(`there is no ${name}`);
      this.#reply([id, true, await method(...args)]);
    } catch (cause) {
      this.#reply([id, false, cause instanceof Error ? cause.message : String(cause)]);
    }
  }

  #reply(reply: Reply): void {
    this.#replies.push(reply);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      const batch: Batch = { asks: this.#asks, replies: this.#replies };
      this.#asks = [];
      this.#replies = [];
      if (!this.#closed) this.#port.post(batch);
    });
  }
}
