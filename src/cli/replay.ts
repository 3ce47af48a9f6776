import type { Command } from 'commander';
import pc from 'picocolors';
import { type Replay, readFolder, renderReplay, replay } from '../index.ts';
import { addDecisions, recordedDecisions } from './decisions.ts';
import { EXIT } from './exit.ts';
import { addSettings, readSettings } from './settings.ts';

interface ReplayFlags extends Readonly<Record<string, unknown>> {
  readonly decisions: readonly string[];
  readonly log: readonly string[];
  readonly json?: boolean;
}

export function addReplay(program: Command): void {
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
  addSettings(addDecisions(command)).action(runReplay);
}

async function runReplay({ decisions, log, json, ...flags }: ReplayFlags): Promise<void> {
  const config = readSettings(flags);
  const directory = await readFolder(config);
  const records = await recordedDecisions([...decisions, ...log], config);
  const replayed = replay(records, directory);
  const paint = { good: pc.green, bad: pc.red, faint: pc.dim };
  process.stdout.write(json ? `${JSON.stringify(replayed, null, 2)}\n` : renderReplay(replayed, paint));
  process.stderr.write(`${summaryOf(replayed)}\n`);
  if (replayed.changes.some(({ undocumented }) => !undocumented)) process.exitCode = EXIT.expectation;
}

function summaryOf({ decisions, checks, changes }: Replay): string {
  const changed = changes.reduce((sum, change) => sum + change.decisions.length, 0);
  const of = `of ${checks} checks in ${decisions} recorded decisions`;
  return changed === 0 ? `None ${of} changes.` : `${changed} ${of} ${changed === 1 ? 'changes' : 'change'}.`;
}
