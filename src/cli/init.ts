import { dirname, join } from 'node:path';
import { readFolder } from '../app/proxy-options.ts';
import { initConfig, initTests } from '../commands/init/init.ts';
import type { Config } from '../config/read-config.ts';
import { StartError } from '../lib/start-error.ts';
import { hasDecisions, recordedDecisions } from './decisions.ts';
import { CommandError, EXIT } from './exit.ts';
import type { Invocation } from './invocation.ts';
import { readSettingsOrShipped } from './settings.ts';

export interface InitFlags extends Readonly<Record<string, unknown>> {
  readonly decisions: readonly string[];
  readonly out?: string;
  readonly force?: boolean;
}

/** Writes a first configuration, or a first policy test. */
export async function runInit(
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
  io.stderr.write(nextSteps(config));
}

/** From here to a denial that is explained, and to the tests of one's own application. */
function nextSteps({ account, partition, region }: Config): string {
  const campaign = `arn:${partition}:personalize:${region}:${account}:campaign/shop`;
  return `
The user developer has full access to Personalize; the role shop may read recommendations and send events. Next:
  npx personalize-authz-proxy test
  npx personalize-authz-proxy simulate --as role/shop --call DeleteCampaign --input '{"campaignArn":"${campaign}"}'
  npx personalize-authz-proxy run --as role/shop -- npm test
Run "npx personalize-authz-proxy init" again after calls were recorded: it writes policy tests from them.
`;
}
