import { stat } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import type { Diagnostic } from '../../lib/errors.ts';
import { ok, type Result } from '../../lib/result.ts';
import type { DecisionRecord } from '../../records/decision-record.ts';
import { logFiles, readDecisions } from '../../records/read-decisions.ts';

/** Reads the decisions that are there now; those that were read before may come again. */
export type ReadRecords = (
  since: string | undefined,
) => Promise<Result<readonly DecisionRecord[], readonly Diagnostic[]>>;

const POLL_MILLIS = 250;

/**
 * Every decision once, in order: those that are there, and with `signal` those that come until it aborts.
 * @returns the diagnostics that ended it, if any did
 */
export async function eachDecision(
  read: ReadRecords,
  give: (record: DecisionRecord) => void,
  signal?: AbortSignal,
): Promise<readonly Diagnostic[]> {
  // Several decisions can have the time of the last one: their IDs distinguish them.
  const given = new Set<string>();
  let since: string | undefined;
  for (;;) {
    const records = await read(since);
    if (!records.ok) return records.error;
    for (const record of records.value) {
      if (given.has(record.id)) continue;
      if (since !== undefined && record.time > since) given.clear();
      given.add(record.id);
      since = since === undefined || record.time > since ? record.time : since;
      give(record);
    }
    if (signal === undefined || !(await waits(signal))) return [];
  }
}

/** Whether there is something to wait for after the pause. */
async function waits(signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return false;
  return setTimeout(POLL_MILLIS, true, { signal }).catch(() => false);
}

/**
 * Reads a decision log with its rotated files; again only if the log changed.
 * @param onWarning is given what is wrong with a line that is passed over, once
 */
export function readLog(file: string, onWarning: (warning: Diagnostic) => void): ReadRecords {
  let last = '';
  let isFirst = true;
  return async (since) => {
    const version = await stat(file).then(
      ({ ino, size, mtimeMs }) => `${ino} ${size} ${mtimeMs}`,
      () => '',
    );
    if (!isFirst && version === last) return ok([]);
    last = version;
    // A log that is followed may not be there yet: the first call makes it.
    if (version === '' && !isFirst) return ok([]);
    const read = await readDecisions(isFirst ? logFiles(file) : [file]);
    if (!read.ok) return read;
    if (isFirst) for (const warning of read.value.warnings) onWarning(warning);
    isFirst = false;
    return ok(read.value.records.filter(({ time }) => since === undefined || time >= since));
  };
}
