import type { Command } from 'commander';
import {
  caFileOf,
  credentialsFor,
  exportLines,
  type Notice,
  openCredentialIssuer,
  readFolder,
} from '../index.ts';
import { configuredTlsUrl, configuredUrl, originOf } from './address.ts';
import { CommandError, EXIT } from './exit.ts';
import type { Invocation } from './invocation.ts';
import { addSettings, readSettings } from './settings.ts';

interface EnvOptions extends Readonly<Record<string, unknown>> {
  readonly as: string;
  readonly mfa?: true;
  readonly sessionName?: string;
  readonly url?: string;
}

export function addEnv(program: Command, io: Invocation): void {
  addSettings(
    program
      .command('env')
      .description('print the lines that make a shell call as a principal: eval "$(… env --as alice)"')
      .requiredOption('--as <principal>', 'alice, user/alice, role/recommender or an ARN')
      .option('--mfa', 'as if a second factor had been given')
      .option('--session-name <name>', 'of the session of a role')
      .option('--url <url>', 'where the proxy runs (default: the configured host and port)'),
  ).action((options: EnvOptions) => printEnvironment(options, io));
}

async function printEnvironment(
  { as, mfa, sessionName, url, ...flags }: EnvOptions,
  io: Invocation,
): Promise<void> {
  const config = readSettings(flags, io);
  const now = Date.now();
  const isOverTls = url === undefined ? config.tls.mode !== 'off' : url.startsWith('https:');
  const own = isOverTls ? configuredTlsUrl : configuredUrl;
  const endpoint = url === undefined ? own(config) : originOf(url);
  const directory = await readFolder(config);
  const credentials = openCredentialIssuer(config, refuseToGoOn);
  const options = { ...(mfa && { mfa }), ...(sessionName !== undefined && { sessionName }) };
  const given = await credentialsFor({ directory, credentials, now }, as, options);
  if (!given.ok) throw new CommandError(EXIT.usage, `--as: ${given.error}`);
  const caFile = isOverTls ? await caFileOf(config, now) : undefined;
  const target = { endpoint, region: config.region, credentials: given.value };
  const lines = exportLines({ ...target, ...(caFile !== undefined && { caFile }) }, io.env);
  io.stdout.write(`${lines.join('\n')}\n`);
}

/** With a key that no other process has, the credentials would be good nowhere. */
function refuseToGoOn(notice: Notice): void {
  if (notice.kind === 'advice') throw new CommandError(EXIT.usage, notice.message);
}
