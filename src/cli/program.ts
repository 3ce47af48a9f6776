import { Argument, Command } from 'commander';
import type { Shell } from '../commands/completion/completion.ts';
import { DECIDING } from './definitions/decisions.ts';
import { type CommandDefinition, wordsOf } from './definitions/definition.ts';
import { POLICIES } from './definitions/policies.ts';
import { SERVING } from './definitions/serving.ts';
import { CommandError, EXIT } from './exit.ts';
import type { Invocation } from './invocation.ts';

const GROUPS: Readonly<Record<string, readonly CommandDefinition[]>> = {
  'Proxy:': SERVING,
  'Decisions:': DECIDING,
  'Policies:': POLICIES,
};

/** Width of help where the output is not a terminal. */
const HELP_WIDTH = 80;

/** The command line; `version` is the package's. */
export function createProgram(version: string, io: Invocation): Command {
  const program = new Command('personalize-authz-proxy')
    .description('Test offline what your AWS roles may do with Amazon Personalize.')
    .version(version)
    .showHelpAfterError('(use --help for usage)')
    // `run` passes on the options that follow its command.
    .enablePositionalOptions()
    // Commands throw instead of exiting: one place maps errors to exit codes.
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void io.stderr.write(text),
      getOutHelpWidth: () => io.stdout.columns ?? HELP_WIDTH,
      getErrHelpWidth: () => io.stdout.columns ?? HELP_WIDTH,
    })
    .helpCommand(false);
  const settingsOf = new Map<Command, readonly string[]>();
  for (const [group, definitions] of Object.entries(GROUPS)) {
    for (const { usage, summary, settings, define } of definitions) {
      const command = program.command(usage).description(summary).helpGroup(group);
      define(command, io);
      if (settings === 'none') continue;
      for (const each of [command, ...command.commands]) settingsOf.set(each, settings);
    }
  }
  const withSettings = async (command: Command): Promise<void> => {
    const shown = settingsOf.get(command);
    if (shown !== undefined) (await import('./settings.ts')).addSettings(command, shown);
  };
  // The table of settings takes most of the time that help takes: only the command that runs loads it.
  for (const parent of [program, ...program.commands])
    parent.hook('preSubcommand', (_, command) =>
      command.commands.length === 0 ? withSettings(command) : undefined,
    );
  addHelp(program, withSettings, io);
  addCompletion(program, withSettings, io);
  return program;
}

function addCompletion(
  program: Command,
  withSettings: (command: Command) => Promise<void>,
  io: Invocation,
): void {
  program
    .command('completion')
    .description('Print a script that completes the command line: eval "$(… completion bash)"')
    .helpGroup('Other:')
    .addArgument(new Argument('<shell>').choices(wordsOf<Shell>({ bash: true, zsh: true, fish: true })))
    .action(async (shell: Shell) => {
      const leaves = program.commands.flatMap((each) => (each.commands.length > 0 ? each.commands : [each]));
      for (const command of leaves) await withSettings(command);
      (await import('./completion.ts')).printCompletion(shell, program, io);
    });
}

/** `help`, `help COMMAND` and `help settings`. */
function addHelp(program: Command, withSettings: (command: Command) => Promise<void>, io: Invocation): void {
  program
    .command('help [topic]')
    .description('Show help for a command, or for all settings (help settings)')
    .helpGroup('Other:')
    .action(async (topic?: string) => {
      if (topic === undefined) return program.outputHelp();
      if (topic === 'settings') {
        const { settingsPage } = await import('./settings-page.ts');
        return void io.stdout.write(settingsPage(io.stdout.columns ?? HELP_WIDTH));
      }
      const command = program.commands.find((each) => each.name() === topic);
      if (command === undefined)
        throw new CommandError(EXIT.usage, `unknown help topic "${topic}": name a command, or settings`);
      await withSettings(command);
      command.outputHelp();
    });
}
