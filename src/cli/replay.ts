import { readFolder } from '../app/proxy-options.ts';
import { type Replay, renderReplay, replay } from '../commands/replay/replay.ts';
import { displayPath } from '../directory/source-file.ts';
import { CommandError, EXIT } from './exit.ts';
import type { Invocation } from './invocation.ts';
import { type CallSources, recordedCalls } from './recorded-calls.ts';
import { readReportSettings } from './settings.ts';

export interface ReplayFlags extends CallSources, Readonly<Record<string, unknown>> {
  readonly log: readonly string[];
  readonly json?: boolean;
}

/** Prints the decisions that edited policies change. */
export async function runReplay(
  { decisions, cloudtrail, log, json, ...flags }: ReplayFlags,
  io: Invocation,
): Promise<void> {
  const config = readReportSettings(flags, io);
  const directory = await readFolder(config);
  const records = await recordedCalls(
    { decisions: [...decisions, ...log], cloudtrail },
    { config, directory, io },
  );
  const replayed = replay(records, directory);
  io.stdout.write(
    json
      ? `${JSON.stringify({ configuration: displayPath(config.file), ...replayed }, null, 2)}\n`
      : renderReplay(replayed, io.styles),
  );
  io.stderr.write(`${summaryOf(replayed)}\n`);
  if (replayed.checks === 0)
    throw new CommandError(EXIT.expectation, 'nothing was replayed: the decision log has no checks');
  if (replayed.changes.some(({ undocumented }) => !undocumented)) io.exitCode = EXIT.expectation;
}

function summaryOf({ decisions, checks, changes }: Replay): string {
  const changed = changes.reduce((sum, change) => sum + change.decisions.length, 0);
  const of = `of ${checks} checks in ${decisions} recorded decisions`;
  return changed === 0 ? `None ${of} changes.` : `${changed} ${of} ${changed === 1 ? 'changes' : 'change'}.`;
}
