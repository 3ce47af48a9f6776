import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { configuredUrl, originOf } from './address.ts';
import { CommandError, EXIT } from './exit.ts';
import type { Invocation } from './invocation.ts';

export interface HealthcheckOptions extends Readonly<Record<string, unknown>> {
  readonly url?: string;
}

const TIMEOUT_MILLIS = 2_000;

/** Prints whether a proxy is ready. @throws CommandError if it is not */
export async function checkHealth({ url, ...flags }: HealthcheckOptions, io: Invocation): Promise<void> {
  const base = url === undefined ? await configuredAddress(flags, io) : originOf(url);
  const status = await statusOf(new URL('/_authz/health/ready', base));
  if (status !== 200) throw new CommandError(EXIT.failure, `${base} is not ready: it answers ${status}`);
  io.stdout.write(`${base} is ready\n`);
}

/** Containers run this every few seconds: only a check without --url loads what reads the configuration. */
async function configuredAddress(flags: Readonly<Record<string, unknown>>, io: Invocation): Promise<string> {
  const { readSettingsOrShipped } = await import('./settings.ts');
  return configuredUrl(readSettingsOrShipped(flags, io));
}

/** With `node:http`, which takes a third of the memory that `fetch` takes. */
async function statusOf(url: URL): Promise<number | undefined> {
  const { get } = url.protocol === 'https:' ? await import('node:https') : await import('node:http');
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MILLIS);
    const request = get(url, { signal, agent: false });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    response.resume();
    return response.statusCode;
  } catch (cause) {
    throw new CommandError(EXIT.failure, `${url.origin} does not answer: ${reasonOf(cause)}`);
  }
}

function reasonOf(cause: unknown): string {
  const { message, code, cause: reason } = cause as NodeJS.ErrnoException;
  return reason instanceof Error ? reason.message : message || String(code);
}
