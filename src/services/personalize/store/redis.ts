import { connectToRedis } from '../../../state/redis-connection.ts';
import { type Commit, type CommitReply, Replica, TOKEN_LENGTH } from './replica.ts';
import type { ResourceStore } from './resource-store.ts';

/** The braces keep the keys on one node of a cluster. */
const KEYS = [
  '{personalize-stub}:version',
  '{personalize-stub}:transactions',
  '{personalize-stub}:entries',
  '{personalize-stub}:token',
];
const CHANNEL = '{personalize-stub}:changes';

/** Transactions that Redis keeps for those who have fallen behind; who is further behind reads everything anew. */
const KEPT_TRANSACTIONS = 1000;

/**
 * One transaction, compared and appended in one step. It counts if the version and the token are still ARGV[1] and ARGV[2];
 * else the reply is what was missed: the transactions since then, or everything where the log does not reach back to that
 * very transaction. ARGV[3] is the change, ARGV[4] its token; the log holds both, the token first.
 */
const COMMIT = `
local version = tonumber(redis.call('GET', KEYS[1]) or '0')
local token = redis.call('GET', KEYS[4]) or ''
local missing = version - tonumber(ARGV[1])
if missing ~= 0 or token ~= ARGV[2] then
  local known = ARGV[2] == '' and ARGV[1] == '0' and missing == redis.call('LLEN', KEYS[2])
  if missing > 0 and not known then
    local last = redis.call('LINDEX', KEYS[2], -(missing + 1))
    known = last and string.sub(last, 1, ${TOKEN_LENGTH}) == ARGV[2]
  end
  if missing <= 0 or not known then
    return {version, token, 'everything', redis.call('HGETALL', KEYS[3])}
  end
  return {version, token, 'missed', redis.call('LRANGE', KEYS[2], -missing, -1)}
end
if ARGV[3] == '' then return {version, token, 'counts', {}} end
local change = cjson.decode(ARGV[3])
if change.clear then redis.call('DEL', KEYS[3]) end
for _, write in ipairs(change.writes) do
  if write[2] then redis.call('HSET', KEYS[3], write[1], write[2]) else redis.call('HDEL', KEYS[3], write[1]) end
end
redis.call('INCR', KEYS[1])
redis.call('SET', KEYS[4], ARGV[4])
redis.call('RPUSH', KEYS[2], ARGV[4] .. ARGV[3])
redis.call('LTRIM', KEYS[2], -${KEPT_TRANSACTIONS}, -1)
redis.call('PUBLISH', '${CHANNEL}', version + 1)
return {version + 1, ARGV[4], 'counts', {}}
`;

type Reply = readonly [number: number, token: string, kind: CommitReply['kind'], texts: readonly string[]];

/**
 * A store in Redis, which several processes share: `redis://host:6379`, `rediss://user:password@host:6379/2`. Each keeps
 * a copy of the state in memory, computes a transaction on it, and hands in what it wrote; where another was faster, it
 * catches up and computes again. Rejects where Redis cannot be reached at the start; a call fails while it is away.
 */
export async function redisStore(url: string): Promise<ResourceStore> {
  const redis = await connectToRedis(url, 'stub.store');
  const commit: Commit = async (from, change, own) => {
    const options = { keys: KEYS, arguments: [String(from.number), from.token, change, own] };
    const reply = await redis.run((client) => client.eval(COMMIT, options));
    const [number, token, kind, texts] = reply as unknown as Reply;
    const changes = kind === 'missed' ? texts.map((text) => text.slice(TOKEN_LENGTH)) : texts;
    return { version: { number, token }, kind, texts: changes };
  };
  const replica = new Replica(commit);
  const catchUp = (): void => void replica.transact(() => {}).catch(() => {});
  try {
    // So that what another process wrote is also seen by `read`, which cannot wait.
    await redis.listen(CHANNEL, catchUp);
    await replica.transact(() => {});
  } catch (cause) {
    redis.close();
    throw cause;
  }
  return {
    transact: (work) => replica.transact(work),
    read: (work) => work(replica.state),
    clear: (work) => replica.clear(work),
    isShared: true,
    get problem() {
      return redis.problem;
    },
    async close() {
      await replica.idle();
      redis.close();
    },
  };
}
