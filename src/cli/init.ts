import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { type Config, initConfig, initTests, readFolder, StartError } from '../index.ts';
import { addDecisions, hasDecisions, recordedDecisions } from './decisions.ts';
import { CommandError, EXIT } from './exit.ts';
import type { Invocation } from './invocation.ts';
import { addSettings, readSettingsOrShipped } from './settings.ts';

interface InitFlags extends Readonly<Record<string, unknown>> {
  readonly decisions: readonly string[];
  readonly out?: string;
  readonly force?: boolean;
}

export function addInit(program: Command, io: Invocation): void {
  const command = program
    .command('init')
    .description(
      'write a first policy test from recorded calls; where there is no configuration, a first one',
    )
    .option('--out <file>', 'the test file (default: policy-tests/recorded.yaml beside the policies folder)')
    .option('--force', 'replace files that are there');
  addSettings(addDecisions(command)).action((flags: InitFlags) => runInit(flags, io));
}

async function runInit(
  { decisions, out, force = false, ...flags }: InitFlags,
  io: Invocation,
): Promise<void> {
  const config = readSettingsOrShipped(flags, io);
  if (!config.shipped) await writeTests(config, { decisions, out, force }, io);
  else if (hasDecisions(decisions, config) || out !== undefined)
    throw new CommandError(
      EXIT.usage,
      'there is no configuration here: run init without --decisions and --out to begin one, or name one with --config',
    );
  else await writeConfig(config, force, io);
}

async function writeTests(
  config: Config,
  {
    decisions,
    out,
    force = false,
  }: Pick<InitFlags, 'decisions' | 'force'> & { readonly out: string | undefined },
  io: Invocation,
): Promise<void> {
  const records = await recordedDecisions(decisions, config, io);
  const file = out ?? join(dirname(config.policies), 'policy-tests', 'recorded.yaml');
  const directory = await readFolder(config);
  const written = await initTests({ records, directory, region: config.region, file, overwrite: force });
  if (!written.ok) throw new StartError('configuration', written.error);
  const { rows, leftOut } = written.value;
  io.stdout.write(`${written.value.file}\n`);
  io.stderr.write(`${rows === 1 ? '1 test' : `${rows} tests`} of ${records.length} decisions.\n`);
  for (const [reason, count] of leftOut) io.stderr.write(`Left out: ${count} ${reason}.\n`);
}

async function writeConfig(config: Config, overwrite: boolean, io: Invocation): Promise<void> {
  const written = await initConfig('.', config, { overwrite });
  if (!written.ok) throw new StartError('configuration', written.error);
  io.stdout.write(written.value.map((file) => `${file}\n`).join(''));
  io.stderr.write('Now: personalize-authz-proxy test, then serve, and init again once calls are recorded.\n');
}
