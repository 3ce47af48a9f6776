import type { Config } from '../config/read-config.ts';
import { CommandError, EXIT } from './exit.ts';

/** Parses `--url`, the address of a running proxy. @throws CommandError if it is not an address */
export function originOf(url: string): string {
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) {
    throw new CommandError(EXIT.usage, `--url: ${url} is not an address like http://127.0.0.1:7377`);
  }
  return new URL(url).origin;
}

/** Where a proxy with this configuration runs. @throws CommandError where only the proxy itself knows */
export const configuredUrl = ({ listen: { host, port } }: Config): string => urlOf('http', host, port);

/** The same over TLS. */
export const configuredTlsUrl = ({ listen: { host }, tls: { port } }: Config): string =>
  urlOf('https', host, port);

function urlOf(scheme: string, host: string, port: number): string {
  if (port === 0) {
    throw new CommandError(
      EXIT.usage,
      'port 0 is a free port of its own: say with --url where the proxy runs',
    );
  }
  // What listens on every address answers on this one.
  const own = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `${scheme}://${own.includes(':') ? `[${own}]` : own}:${port}`;
}
