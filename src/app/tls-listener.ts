import { mkdtempSync, rmSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../config/read-config.ts';
import { err } from '../lib/result.ts';
import { type ListeningServer, listen } from '../server/listen.ts';
import {
  type Certificate,
  certificateFolder,
  readCertificate,
  selfSignedCertificate,
} from '../server/self-signed-certificate.ts';
import { orStartError } from './proxy-options.ts';

/** The same as on the plain port, over TLS. */
export interface TlsListener {
  /** E.g. `https://127.0.0.1:7378`. */
  readonly url: string;
  /** The absolute path of the CA that clients must trust (`AWS_CA_BUNDLE`, `NODE_EXTRA_CA_CERTS`); absent if the system trusts it. */
  readonly caFile?: string;
}

/**
 * Also listens over TLS if configured. A proxy without files of its own deletes the certificate it created.
 * @param now milliseconds since the epoch
 * @throws StartError if there is no certificate; ListenError where the port is not available.
 */
export async function listenOverTls(
  app: RequestListener,
  config: Config,
  { hasFiles, now }: { readonly hasFiles: boolean; readonly now: number },
): Promise<(TlsListener & AsyncDisposable) | undefined> {
  if (config.tls.mode === 'off') return undefined;
  await using opened = new AsyncDisposableStack();
  const temporary = hasFiles ? undefined : opened.adopt(mkdtempSync(join(tmpdir(), 'authz-tls-')), remove);
  const certificate = await certificateOf(config, now, temporary && join(temporary, 'tls'));
  const { host } = config.listen;
  const server: ListeningServer = opened.use(await listen(app, { host, port: config.tls.port, certificate }));
  const resources = opened.move();
  return {
    url: server.url,
    ...(certificate.caFile !== undefined && { caFile: certificate.caFile }),
    [Symbol.asyncDispose]: () => resources[Symbol.asyncDispose](),
  };
}

/** The CA that clients of this configuration must trust. It is created if missing, because `env` prints it before the proxy runs. */
export async function caFileOf(config: Config, now: number): Promise<string | undefined> {
  if (config.tls.mode === 'off') return undefined;
  return (await certificateOf(config, now)).caFile;
}

async function certificateOf(
  { tls: { mode, cert, key, ca }, listen: { host }, file }: Config,
  now: number,
  folder: string = certificateFolder(file),
): Promise<Certificate> {
  const everywhere = host === '0.0.0.0' || host === '::';
  const hosts = new Set(['localhost', '127.0.0.1', '::1', hostname(), ...(everywhere ? [] : [host])]);
  const read =
    mode === 'files'
      ? readCertificate({ cert: cert ?? '', key: key ?? '', ca })
      : await selfSignedCertificate(folder, [...hosts], now);
  return orStartError(read.ok ? read : err([read.error]));
}

const remove = async (folder: string): Promise<void> => rmSync(folder, { recursive: true, force: true });
