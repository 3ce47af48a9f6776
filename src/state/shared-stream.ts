import { randomUUID } from 'node:crypto';
import { parseJson } from '../lib/parse-json.ts';
import type { DecisionRecord } from '../records/decision-record.ts';
import { connectToRedis, type RedisConnection } from './redis-connection.ts';
import { APPEND, BEGIN, CLAIM, CLEAR, KEYS, READ, type Script } from './redis-scripts.ts';

type Mode = DecisionRecord['mode'];

/** What Redis holds besides the records. */
export interface Head {
  readonly identity: string;
  readonly epoch: number;
  /** Of the newest record. */
  readonly sequence: number;
  /** Absent until it was set for all replicas. */
  readonly mode?: Mode;
}

/** A record in the stream. */
export interface StreamEntry {
  readonly sequence: number;
  readonly record: DecisionRecord;
}

/** A record to deliver, with its serialized form, which is made once. */
export interface Delivery {
  readonly record: DecisionRecord;
  readonly text: string;
}

/** How many entries are read, and records delivered, in one command. */
const PAGE = 500;

type HeadReply = readonly [
  identity: string,
  epoch: string | null,
  sequence: string | null,
  mode: Mode | null,
];
type EntryReply = readonly [id: string, fields: readonly [string, string, string, string]];

/** The commands on the state in Redis. Each rejects while Redis is away. */
export class SharedStream {
  readonly #redis: RedisConnection;

  constructor(redis: RedisConnection) {
    this.#redis = redis;
  }

  static async connect(url: string): Promise<SharedStream> {
    return new SharedStream(await connectToRedis(url, 'state'));
  }

  /** Why Redis cannot be used now. */
  get problem(): string | undefined {
    return this.#redis.problem;
  }

  onReturn(listener: () => void): void {
    this.#redis.onReturn(listener);
  }

  /** @param carried records of this replica that Redis may have lost */
  async begin(carried: { readonly mode?: Mode; readonly usedThrough?: number }): Promise<Head> {
    const { mode = '', usedThrough = '' } = carried;
    return headOf((await this.#run(BEGIN, [randomUUID(), mode, String(usedThrough)])) as HeadReply);
  }

  /** Delivers at most a page. The number of the newest record; `undefined` where the state has another identity. */
  async append(identity: string, page: readonly Delivery[]): Promise<number | undefined> {
    const fields = page.flatMap(({ record, text }) => [record.id, text]);
    const newest = Number(await this.#run(APPEND, [identity, ...fields]));
    return newest < 0 ? undefined : newest;
  }

  /** Delivers all; whether the state had this identity to the end. */
  async appendAll(identity: string, deliveries: Iterable<Delivery>): Promise<boolean> {
    for (const page of pages(deliveries)) if ((await this.append(identity, page)) === undefined) return false;
    return true;
  }

  /** What comes after a sequence number: at most a page of entries, and the head at that moment. */
  async read(
    after: number,
  ): Promise<{ readonly head: Head; readonly entries: readonly StreamEntry[]; readonly isAll: boolean }> {
    const reply = (await this.#run(READ, [String(after + 1), String(PAGE)])) as readonly [
      HeadReply,
      readonly EntryReply[],
    ];
    const [head, entries] = reply;
    return { head: headOf(head), entries: entries.flatMap(entryOf), isAll: entries.length < PAGE };
  }

  async setMode(mode: Mode): Promise<void> {
    await this.#redis.run((client) => client.hSet(KEYS.head, 'mode', mode));
  }

  async clear(): Promise<void> {
    await this.#run(CLEAR, []);
  }

  /** Whether the step was not used before; `undefined` where the state has another identity. */
  async claim(identity: string, serialNumber: string, step: number): Promise<boolean | undefined> {
    const reply = await this.#run(CLAIM, [identity, serialNumber, String(step)]);
    return reply === -1 ? undefined : reply === 1;
  }

  close(): void {
    this.#redis.close();
  }

  #run({ text, keys }: Script, args: readonly string[]): Promise<unknown> {
    return this.#redis.run((client) => client.eval(text, { keys: [...keys], arguments: [...args] }));
  }
}

/** The first page of deliveries, in their order. */
export function firstPage<Each>(all: Iterable<Each>): readonly Each[] {
  const [page = []] = pages(all);
  return page;
}

function* pages<Each>(all: Iterable<Each>): Generator<readonly Each[]> {
  let page: Each[] = [];
  for (const each of all) {
    page.push(each);
    if (page.length < PAGE) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}

const headOf = ([identity, epoch, sequence, mode]: HeadReply): Head => ({
  identity,
  epoch: Number(epoch ?? 0),
  sequence: Number(sequence ?? 0),
  ...(mode !== null && { mode }),
});

/** What another version wrote and this one cannot read is left out. */
function entryOf([id, [, , , text]]: EntryReply): readonly StreamEntry[] {
  try {
    return [{ sequence: Number.parseInt(id, 10), record: parseJson(text) as DecisionRecord }];
  } catch {
    return [];
  }
}
