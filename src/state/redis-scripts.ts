import { CAPACITY } from '../records/decision-log.ts';

/** The braces keep the keys on one node of a cluster. */
export const KEYS = {
  /**
   * A hash. `identity`: random, new where Redis has lost its data. `epoch`: how often decisions were cleared. `sequence`:
   * the number of the newest record. `mode`: absent until it is set for all replicas.
   */
  head: '{authz-state}:head',
  /** A stream; the ID of an entry is the sequence number of its record. */
  decisions: '{authz-state}:decisions',
  /** The IDs of the records in the stream: a record is added once, however often it is delivered. */
  ids: '{authz-state}:ids',
  /** A hash from the serial numbers of MFA devices to the last time step that was used; `*` holds for all. */
  codes: '{authz-state}:codes',
} as const;

/** A command that runs as one, on the keys in this order. */
export interface Script {
  readonly text: string;
  readonly keys: readonly string[];
}

const HEAD = `redis.call('HMGET', KEYS[1], 'identity', 'epoch', 'sequence', 'mode')`;

/**
 * Begins: makes the identity ARGV[1] unless there is one, sets the mode ARGV[2] unless there is one, and has every code up
 * to the step ARGV[3] count as used; an empty one is left as it is.
 */
export const BEGIN: Script = {
  keys: [KEYS.head, KEYS.codes],
  text: `
redis.call('HSETNX', KEYS[1], 'identity', ARGV[1])
if ARGV[2] ~= '' then redis.call('HSETNX', KEYS[1], 'mode', ARGV[2]) end
if ARGV[3] ~= '' and tonumber(ARGV[3]) > tonumber(redis.call('HGET', KEYS[2], '*') or '-1') then
  redis.call('HSET', KEYS[2], '*', ARGV[3])
end
return ${HEAD}
`,
};

/**
 * Adds records that are not there yet, ID and text in turn from ARGV[2] on, and drops the oldest. Nothing where the identity
 * is not ARGV[1]: -1; else the number of the newest record.
 */
export const APPEND: Script = {
  keys: [KEYS.head, KEYS.decisions, KEYS.ids],
  text: `
if redis.call('HGET', KEYS[1], 'identity') ~= ARGV[1] then return -1 end
for index = 2, #ARGV, 2 do
  if redis.call('SADD', KEYS[3], ARGV[index]) == 1 then
    local sequence = redis.call('HINCRBY', KEYS[1], 'sequence', 1)
    redis.call('XADD', KEYS[2], string.format('%.0f-0', sequence), 'id', ARGV[index], 'record', ARGV[index + 1])
  end
end
local over = redis.call('XLEN', KEYS[2]) - ${CAPACITY}
if over > 0 then
  for _, entry in ipairs(redis.call('XRANGE', KEYS[2], '-', '+', 'COUNT', over)) do
    redis.call('XDEL', KEYS[2], entry[1])
    redis.call('SREM', KEYS[3], entry[2][2])
  end
end
return tonumber(redis.call('HGET', KEYS[1], 'sequence') or '0')
`,
};

/** The head, and at most ARGV[2] entries from the sequence number ARGV[1] on, as one. */
export const READ: Script = {
  keys: [KEYS.head, KEYS.decisions],
  text: `return {${HEAD}, redis.call('XRANGE', KEYS[2], ARGV[1] .. '-0', '+', 'COUNT', ARGV[2])}`,
};

/** Deletes the records, and continues with the next sequence number. */
export const CLEAR: Script = {
  keys: [KEYS.head, KEYS.decisions, KEYS.ids],
  text: `
redis.call('HINCRBY', KEYS[1], 'epoch', 1)
redis.call('DEL', KEYS[2], KEYS[3])
return 1
`,
};

/**
 * Marks the step ARGV[3] of the device ARGV[2] as used. 1: it was not, nor a later one. 0: it was. -1: the identity is not
 * ARGV[1], so what was used is not known.
 */
export const CLAIM: Script = {
  keys: [KEYS.head, KEYS.codes],
  text: `
if redis.call('HGET', KEYS[1], 'identity') ~= ARGV[1] then return -1 end
for _, field in ipairs({ARGV[2], '*'}) do
  if tonumber(ARGV[3]) <= tonumber(redis.call('HGET', KEYS[2], field) or '-1') then return 0 end
end
redis.call('HSET', KEYS[2], ARGV[2], ARGV[3])
return 1
`,
};
