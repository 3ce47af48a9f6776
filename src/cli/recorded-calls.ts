import { readFile } from 'node:fs/promises';
import { readCloudTrail } from '../commands/generate/cloudtrail.ts';
import type { Config } from '../config/read-config.ts';
import type { Directory } from '../directory/directory.ts';
import type { DecisionRecord } from '../records/decision-record.ts';
import { recordedDecisions } from './decisions.ts';
import { CommandError, EXIT } from './exit.ts';
import type { Invocation } from './invocation.ts';

/** Decision logs, and log files of AWS's own CloudTrail. */
export interface CallSources {
  readonly decisions: readonly string[];
  readonly cloudtrail: readonly string[];
}

/**
 * The recorded calls of all sources. The configured decision log is read only if no source is named.
 * @throws CommandError if there is no source, or a file is not a log file of CloudTrail
 */
export async function recordedCalls(
  { decisions, cloudtrail }: CallSources,
  {
    config,
    directory,
    io,
  }: { readonly config: Config; readonly directory: Directory; readonly io: Invocation },
): Promise<readonly DecisionRecord[]> {
  const isNamed = cloudtrail.length > 0 && decisions.length === 0;
  const own = isNamed ? [] : await recordedDecisions(decisions, config, io);
  return [...own, ...(await cloudTrailCalls(cloudtrail, directory, io))];
}

/** Calls of AWS's own log files; what cannot be used of them is on standard error. */
async function cloudTrailCalls(
  files: readonly string[],
  directory: Directory,
  io: Invocation,
): Promise<readonly DecisionRecord[]> {
  const records: DecisionRecord[] = [];
  for (const file of files) {
    const read = await readFile(file)
      .then((bytes) => readCloudTrail(bytes, directory))
      .catch((cause: Error) => {
        throw new CommandError(EXIT.usage, `${file}: not a log file of CloudTrail: ${cause.message}`);
      });
    records.push(...read.records);
    for (const [reason, count] of read.skipped) io.stderr.write(`${file}: left out ${count} × ${reason}\n`);
  }
  if (files.length > 0)
    io.stderr.write(
      'CloudTrail records hold no context keys but the caller, the address and the time: conditions on other keys cannot be checked.\n',
    );
  return records;
}
