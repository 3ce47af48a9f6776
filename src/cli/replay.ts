import type { Command } from 'commander';
import { displayPath, type Replay, readFolder, renderReplay, replay } from '../index.ts';
import { addDecisions, recordedDecisions } from './decisions.ts';
import { CommandError, EXIT } from './exit.ts';
import type { Invocation } from './invocation.ts';
import { addSettings, readReportSettings } from './settings.ts';

interface ReplayFlags extends Readonly<Record<string, unknown>> {
  readonly decisions: readonly string[];
  readonly log: readonly string[];
  readonly json?: boolean;
}

export function addReplay(program: Command, io: Invocation): void {
  const command = program
    .command('replay')
    .description(
      `put recorded calls to edited policies (--policies), and print the decisions that change; exit code ${EXIT.expectation} if one does`,
    )
    .option(
      '--log <file>',
      'the same as --decisions',
      (file: string, before: readonly string[]) => [...before, file],
      [],
    )
    .option('--json', 'print the changes as JSON');
  addSettings(addDecisions(command)).action((flags: ReplayFlags) => runReplay(flags, io));
}

async function runReplay({ decisions, log, json, ...flags }: ReplayFlags, io: Invocation): Promise<void> {
  const config = readReportSettings(flags, io);
  const directory = await readFolder(config);
  const records = await recordedDecisions([...decisions, ...log], config, io);
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
