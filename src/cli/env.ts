import { openCredentialIssuer } from '../app/open-session-key.ts';
import { type Notice, readFolder } from '../app/proxy-options.ts';
import { caFileOf } from '../app/tls-listener.ts';
import { credentialsFor } from '../commands/env/credentials-for.ts';
import { exportLines } from '../commands/env/sdk-environment.ts';
import { configuredTlsUrl, configuredUrl, originOf } from './address.ts';
import { CommandError, EXIT } from './exit.ts';
import type { Invocation } from './invocation.ts';
import { readSettings } from './settings.ts';

export interface EnvOptions extends Readonly<Record<string, unknown>> {
  readonly as: string;
  readonly mfa?: true;
  readonly sessionName?: string;
  readonly url?: string;
}

/** Prints the shell lines for a principal. */
export async function printEnvironment(
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

/** With a key that no other process has, the credentials would be valid for none. */
function refuseToGoOn(notice: Notice): void {
  if (notice.kind === 'advice') throw new CommandError(EXIT.usage, notice.message);
}
