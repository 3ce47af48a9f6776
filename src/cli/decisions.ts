import { existsSync } from 'node:fs';
import type { Config } from '../config/read-config.ts';
import { StartError } from '../lib/start-error.ts';
import type { DecisionRecord } from '../records/decision-record.ts';
import { logFiles, readDecisions } from '../records/read-decisions.ts';
import { CommandError, EXIT, faultLine } from './exit.ts';
import type { Invocation } from './invocation.ts';

/**
 * The records of the given logs, or of the configured one with its rotated files. Incomplete lines are reported on
 * standard error.
 * @throws CommandError if there is no log; StartError if a line is not a record
 */
export async function recordedDecisions(
  files: readonly string[],
  { decisions }: Pick<Config, 'decisions'>,
  io: Invocation,
): Promise<readonly DecisionRecord[]> {
  const configured = decisions.file === null ? [] : logFiles(decisions.file);
  const chosen = files.length > 0 ? files : configured;
  if (chosen.length === 0) {
    throw new CommandError(
      EXIT.usage,
      'there are no recorded calls: name a log with --decisions FILE, or set decisions.file, so that serve writes one',
    );
  }
  const read = await readDecisions(chosen);
  if (!read.ok) throw new StartError('configuration', read.error);
  for (const warning of read.value.warnings) io.stderr.write(`${faultLine(warning)}\n`);
  return read.value.records;
}

/** Whether a command has a log to read. */
export const hasDecisions = (files: readonly string[], { decisions }: Pick<Config, 'decisions'>): boolean =>
  files.length > 0 || (decisions.file !== null && existsSync(decisions.file));
