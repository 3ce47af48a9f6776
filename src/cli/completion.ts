import type { Command } from 'commander';
import { COMPLETIONS, type CompletedCommand, type Shell } from '../commands/completion/completion.ts';
import type { Invocation } from './invocation.ts';

/** Prints a script that completes the command line in a shell. */
export function printCompletion(shell: Shell, program: Command, io: Invocation): void {
  io.stdout.write(COMPLETIONS[shell](program.commands.map((command) => completed(command, program))));
}

function completed(command: Command, program: Command): CompletedCommand {
  const isHelp = command.name() === 'help';
  const names = program.commands.map((each) => each.name());
  const [argument] = command.registeredArguments;
  return {
    name: command.name(),
    summary: command.description(),
    words: isHelp
      ? [...names, 'settings']
      : [...command.commands.map((each) => each.name()), ...(argument?.argChoices ?? [])],
    options: [command, ...command.commands]
      .flatMap(({ options }) => options)
      .filter(({ long }, index, all) => all.findIndex((other) => other.long === long) === index)
      .map(({ long, description, required, optional, argChoices }) => ({
        flag: long ?? '',
        summary: description,
        takesValue: required || optional,
        choices: argChoices ?? [],
      })),
  };
}
