import { type Command, Option } from 'commander';
import { type Config, readConfig, SETTINGS, StartError } from '../index.ts';
import type { Invocation } from './invocation.ts';

/** Adds `--config` and one option for each key of `proxy.yaml`; the configuration's own schema checks the values. */
export function addSettings(command: Command): Command {
  command.option('--config <file>', 'configuration file (default: config/proxy.yaml, else the shipped one)');
  for (const { flag, form, summary, variable } of SETTINGS) {
    const option = new Option(`--${flag} <${form}>`, `${summary} (${variable})`);
    // Below the command's own, which are few beside them.
    command.addOption(option.helpGroup('Settings, in place of those of the configuration file:'));
  }
  return command;
}

/** The configuration that flags, environment and file give together. @throws StartError */
export function readSettings(
  flags: Readonly<Record<string, unknown>>,
  { env }: Pick<Invocation, 'env'>,
): Config {
  const config = readConfig({ env, flags });
  if (!config.ok) throw new StartError('configuration', config.error);
  return config.value;
}
