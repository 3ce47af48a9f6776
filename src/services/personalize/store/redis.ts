import { createClient } from 'redis';
import { DraftState, type Write } from './draft-state.ts';
import { MemoryState } from './memory.ts';
import type { ReadableState, ResourceStore, WritableState } from './resource-store.ts';

/** The braces keep the keys on one node of a cluster. */
const KEYS = ['{personalize-stub}:version', '{personalize-stub}:log', '{personalize-stub}:entries'];
const CHANNEL = '{personalize-stub}:changes';

/** Transactions that Redis keeps for those who have fallen behind; who is further behind reads everything anew. */
const KEPT_TRANSACTIONS = 1000;

const CONNECT_TIMEOUT_MILLIS = 5000;
const MOST_RECONNECT_MILLIS = 2000;

/**
 * One transaction, compared and appended in one step. It counts if there was no write since version ARGV[1]; else the
 * answer is what was missed: the transactions since then, or everything where the log does not reach back that far.
 */
const COMMIT = `
local version = tonumber(redis.call('GET', KEYS[1]) or '0')
local missing = version - tonumber(ARGV[1])
if missing ~= 0 then
  if missing < 0 or missing > redis.call('LLEN', KEYS[2]) then
    return {version, 'everything', redis.call('HGETALL', KEYS[3])}
  end
  return {version, 'missed', redis.call('LRANGE', KEYS[2], -missing, -1)}
end
if ARGV[2] == '' then return {version, 'counts', {}} end
local change = cjson.decode(ARGV[2])
if change.clear then redis.call('DEL', KEYS[3]) end
for _, write in ipairs(change.writes) do
  if write[2] then redis.call('HSET', KEYS[3], write[1], write[2]) else redis.call('HDEL', KEYS[3], write[1]) end
end
redis.call('INCR', KEYS[1])
redis.call('RPUSH', KEYS[2], ARGV[2])
redis.call('LTRIM', KEYS[2], -${KEPT_TRANSACTIONS}, -1)
redis.call('PUBLISH', '${CHANNEL}', version + 1)
return {version + 1, 'counts', {}}
`;

interface Change {
  readonly clear: boolean;
  readonly writes: readonly Write[];
}

type Reply = readonly [version: number, kind: 'counts' | 'missed' | 'everything', texts: readonly string[]];

/**
 * A store in Redis, which several processes share: `redis://host:6379`, `rediss://user:password@host:6379/2`. Each keeps
 * a copy of the state in memory, computes a transaction on it, and hands in what it wrote; where another was faster, it
 * catches up and computes again. Rejects where Redis cannot be reached at the start; a call fails while it is away.
 */
export async function redisStore(url: string): Promise<ResourceStore> {
  let connected = false;
  const client = createClient({
    url,
    // A call that waited for Redis to come back would be answered long after its client gave up.
    disableOfflineQueue: true,
    socket: {
      connectTimeout: CONNECT_TIMEOUT_MILLIS,
      reconnectStrategy: (retries) =>
        connected
          ? Math.min(2 ** retries * 10, MOST_RECONNECT_MILLIS)
          : new Error('Redis cannot be reached.'),
    },
  });
  // Each call that fails says so itself.
  client.on('error', () => {});
  const listener = client.duplicate();
  listener.on('error', () => {});
  try {
    await client.connect();
    await listener.connect();
  } catch (cause) {
    for (const one of [client, listener]) if (one.isOpen) one.destroy();
    throw cause;
  }
  connected = true;
  const replica = new Replica(
    async (version, change) =>
      (await client.eval(COMMIT, { keys: KEYS, arguments: [String(version), change] })) as unknown as Reply,
  );
  // So that what another process wrote is also seen by `read`, which cannot wait.
  await listener.subscribe(CHANNEL, () => void replica.transact(() => {}).catch(() => {}));
  await replica.transact(() => {});
  return {
    transact: (work) => replica.transact(work),
    read: (work) => work(replica.state),
    clear: (work) => replica.clear(work),
    async close() {
      await replica.idle();
      for (const one of [listener, client]) if (one.isOpen) one.destroy();
    },
  };
}

/** This process's copy of the state. */
class Replica {
  readonly #state = new MemoryState();
  readonly #commit: (version: number, change: string) => Promise<Reply>;
  /** Before any version: the first commit brings everything. */
  #version = -1;
  #last: Promise<unknown> = Promise.resolve();

  constructor(commit: (version: number, change: string) => Promise<Reply>) {
    this.#commit = commit;
  }

  get state(): ReadableState {
    return this.#state;
  }

  transact<T>(work: (state: WritableState) => T): Promise<T> {
    return this.#attempt(work, false);
  }

  async clear(work: (state: WritableState) => void = () => {}): Promise<void> {
    await this.#attempt(work, true);
  }

  /** Settles when nothing is under way any more. */
  async idle(): Promise<void> {
    await this.#last.catch(() => {});
  }

  /** Those of one process take turns: they would only get into each other's way. */
  #attempt<T>(work: (state: WritableState) => T, clear: boolean): Promise<T> {
    const turn = this.#last.then(async () => {
      for (;;) {
        const draft = new DraftState(clear ? new MemoryState() : this.#state);
        const result = work(draft);
        if (await this.#counts({ clear, writes: draft.writes })) return result;
      }
    });
    this.#last = turn.catch(() => {});
    return turn;
  }

  /** Whether the change counts; where it does not, the copy has caught up. A change of nothing asks whether it has. */
  async #counts(change: Change): Promise<boolean> {
    const isNothing = !change.clear && change.writes.length === 0;
    const [version, kind, texts] = await this.#commit(this.#version, isNothing ? '' : JSON.stringify(change));
    if (kind === 'counts') this.#apply(change);
    if (kind === 'missed') for (const text of texts) this.#apply(JSON.parse(text));
    if (kind === 'everything') this.#apply({ clear: true, writes: pairs(texts) });
    this.#version = version;
    return kind === 'counts';
  }

  #apply({ clear, writes }: Change): void {
    if (clear) this.#state.clear();
    for (const [key, json] of writes) {
      if (json === undefined) this.#state.delete(key);
      else this.#state.put(key, JSON.parse(json));
    }
  }
}

/** Redis gives a hash as key, value, key, value. */
const pairs = (texts: readonly string[]): readonly Write[] =>
  Array.from({ length: texts.length / 2 }, (_, index) => [
    texts[2 * index] as string,
    texts[2 * index + 1] as string,
  ]);
