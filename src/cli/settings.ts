import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { CONFIG_FILE, type Config, readConfig } from '../config/read-config.ts';
import { SETTINGS } from '../config/settings.ts';
import { displayPath } from '../directory/source-file.ts';
import { StartError } from '../lib/start-error.ts';
import type { Invocation } from './invocation.ts';

const CONFIG_OPTION = 'configuration file (default: config/proxy.yaml)';
const PAGE = 'personalize-authz-proxy help settings';

/**
 * Adds `--config` and one option for each key of `proxy.yaml`; the configuration's own schema checks the values. Help
 * lists those in `shown`.
 */
export function addSettings(command: Command, shown: readonly string[]): void {
  command.option('--config <file>', CONFIG_OPTION);
  for (const { flag, form, summary, variable } of SETTINGS) {
    const option = new Option(`--${flag} <${form}>`, `${summary} (${variable})`);
    command.addOption(option.helpGroup('Settings:').hideHelp(!shown.includes(flag)));
  }
  command.addHelpText('after', `\nAll settings: ${PAGE}`);
}

type Flags = Readonly<Record<string, unknown>>;

/**
 * The configuration that flags, environment and file give together. A folder without a configuration is refused: a command
 * that checked the shipped examples instead would report success about policies that are not the caller's.
 * @throws StartError
 */
export function readSettings(flags: Flags, io: Pick<Invocation, 'env'>): Config {
  const config = readSettingsOrShipped(flags, io);
  // With both of these named, nothing of the shipped examples is read.
  if (!isNamed('principals', flags, io) || !isNamed('policies', flags, io)) requireConfiguration(config);
  return config;
}

const isNamed = (
  setting: 'principals' | 'policies',
  flags: Flags,
  { env }: Pick<Invocation, 'env'>,
): boolean => flags[setting] !== undefined || Boolean(env[`AUTHZ_${setting.toUpperCase()}`]);

/** @throws StartError where only the shipped configuration was found */
export function requireConfiguration({ shipped }: Pick<Config, 'shipped'>): void {
  if (shipped) throw new StartError('configuration', [noConfiguration()]);
}

/** The same for a command whose report people read: it names the configuration first. */
export function readReportSettings(flags: Flags, io: Pick<Invocation, 'env' | 'stderr'>): Config {
  const config = readSettings(flags, io);
  io.stderr.write(`Configuration: ${displayPath(config.file)}\n`);
  return config;
}

/** The same for a command that reads no principals and policies, or says which: the shipped configuration will do. */
export function readSettingsOrShipped(flags: Flags, { env }: Pick<Invocation, 'env'>): Config {
  const config = readConfig({ env, flags });
  if (!config.ok) throw new StartError('configuration', config.error);
  return config.value;
}

const noConfiguration = () =>
  ({
    severity: 'error',
    rule: 'no-configuration',
    message: `there is no configuration at ${resolve(CONFIG_FILE)}; create one with "personalize-authz-proxy init", or name one with --config FILE or AUTHZ_CONFIG`,
  }) as const;
