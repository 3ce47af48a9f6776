import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { type Config, initConfig, initTests, readFolder, StartError } from '../index.ts';
import { addDecisions, hasDecisions, recordedDecisions } from './decisions.ts';
import { CommandError, EXIT } from './exit.ts';
import { addSettings, readSettings } from './settings.ts';

interface InitFlags extends Readonly<Record<string, unknown>> {
  readonly decisions: readonly string[];
  readonly out?: string;
  readonly force?: boolean;
}

export function addInit(program: Command): void {
  const command = program
    .command('init')
    .description(
      'write a first policy test from recorded calls; where there is no configuration, a first one',
    )
    .option('--out <file>', 'the test file (default: policy-tests/recorded.yaml beside the policies folder)')
    .option('--force', 'replace files that are there');
  addSettings(addDecisions(command)).action(runInit);
}

async function runInit({ decisions, out, force = false, ...flags }: InitFlags): Promise<void> {
  const config = readSettings(flags);
  if (hasConfiguration(flags)) await writeTests(config, decisions, out, force);
  else if (hasDecisions(decisions, config) || out !== undefined)
    throw new CommandError(
      EXIT.usage,
      'there is no configuration here: run init without --decisions and --out to begin one, or name one with --config',
    );
  else await writeConfig(config, force);
}

/** The configuration that comes with the package is nobody's own. */
const hasConfiguration = ({ config }: Readonly<Record<string, unknown>>): boolean =>
  config !== undefined || Boolean(process.env.AUTHZ_CONFIG) || existsSync('config/proxy.yaml');

async function writeTests(
  config: Config,
  decisions: readonly string[],
  out: string | undefined,
  overwrite: boolean,
): Promise<void> {
  const records = await recordedDecisions(decisions, config);
  const file = out ?? join(dirname(config.policies), 'policy-tests', 'recorded.yaml');
  const directory = await readFolder(config);
  const written = await initTests({ records, directory, region: config.region, file, overwrite });
  if (!written.ok) throw new StartError('configuration', written.error);
  const { rows, leftOut } = written.value;
  process.stdout.write(`${written.value.file}\n`);
  process.stderr.write(`${rows === 1 ? '1 test' : `${rows} tests`} of ${records.length} decisions.\n`);
  for (const [reason, count] of leftOut) process.stderr.write(`Left out: ${count} ${reason}.\n`);
}

async function writeConfig(config: Config, overwrite: boolean): Promise<void> {
  const written = await initConfig('.', config, { overwrite });
  if (!written.ok) throw new StartError('configuration', written.error);
  process.stdout.write(written.value.map((file) => `${file}\n`).join(''));
  process.stderr.write(
    'Now: personalize-authz-proxy test, then serve, and init again once calls are recorded.\n',
  );
}
