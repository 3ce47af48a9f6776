import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Invocation } from '../invocation.ts';

/**
 * One command as the command line lists it. A definition imports no code that runs the command: its action imports that,
 * so that `--help`, `--version` and `completion` load neither the engine nor Express nor the service models.
 */
export interface CommandDefinition {
  /** The name, and its arguments as commander reads them. */
  readonly usage: string;
  readonly summary: string;
  /** Flags of the settings that its help shows; it accepts all of them. `none` for a command without a configuration. */
  readonly settings: readonly string[] | 'none';
  readonly define: (command: Command, io: Invocation) => void;
}

/** What most commands read. */
export const FOLDER_SETTINGS = ['principals', 'policies'] as const;

export const PRINCIPAL_FORMS = 'alice, user/alice, role/recommender or an ARN';

/** The words of a type, as choices of an option: none is missing, and none is too many. */
export const wordsOf = <Word extends string>(words: Readonly<Record<Word, true>>): readonly Word[] =>
  Object.keys(words) as Word[];

/** Adds an option that may be repeated. Without it, its value is an empty list. */
export function addRepeatable(command: Command, flags: string, description: string): Command {
  const option = new Option(flags, description).argParser(
    (value: string, before: readonly string[]): readonly string[] => [...before, value],
  );
  return addWithDefault(command, option, []);
}

/** Adds an option with a default that help does not show. */
export function addWithDefault(command: Command, option: Option, value: unknown): Command {
  return command.addOption(option).setOptionValueWithSource(option.attributeName(), value, 'default');
}

/** Adds the option for log files of AWS's own CloudTrail. */
export const addCloudTrail = (command: Command): Command =>
  addRepeatable(command, '--cloudtrail <file>', 'log file of AWS CloudTrail, gzip too; repeatable');

/** Adds `--decisions` to a command that reads recorded calls. */
export const addDecisions = (command: Command): Command =>
  addRepeatable(
    command,
    '--decisions <file>',
    'decision log; repeatable (default: the configured one, decisions.file)',
  );

/** `a,b`; the same option again adds to it. */
export const listOf =
  <const Word extends string>(known: readonly Word[]) =>
  (text: string, before: readonly Word[]): readonly Word[] => {
    const words = text.split(',').map((word) => {
      const found = known.find((each) => each === word.trim());
      if (found === undefined) throw new InvalidArgumentError(`Allowed choices are ${known.join(', ')}.`);
      return found;
    });
    return [...new Set([...before, ...words])];
  };

export function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}

export function percentage(text: string): number {
  const value = Number(text);
  if (/^\d+(?:\.\d+)?$/.test(text) && value <= 100) return value;
  throw new InvalidArgumentError('It must be a number from 0 to 100.');
}
