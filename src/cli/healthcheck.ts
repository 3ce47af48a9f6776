import type { Command } from 'commander';
import { configuredUrl, originOf } from './address.ts';
import { CommandError, EXIT } from './exit.ts';
import type { Invocation } from './invocation.ts';
import { addSettings, readSettingsOrShipped } from './settings.ts';

const TIMEOUT_MILLIS = 2_000;

export function addHealthcheck(program: Command, io: Invocation): void {
  addSettings(
    program
      .command('healthcheck')
      .description('ask a running proxy whether it is ready; exit code 0 if it is, for containers')
      .option('--url <url>', 'where it runs (default: the configured host and port)'),
  ).action(async ({ url, ...flags }: { readonly url?: string }) => {
    const base = url === undefined ? configuredUrl(readSettingsOrShipped(flags, io)) : originOf(url);
    io.stdout.write(`${base} ${await askWhetherReady(base)}\n`);
  });
}

/** @throws CommandError where it is not ready */
async function askWhetherReady(base: string): Promise<string> {
  let status: number;
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MILLIS);
    ({ status } = await fetch(`${base}/_authz/health/ready`, { signal, redirect: 'manual' }));
  } catch (cause) {
    const { message, cause: reason } = cause as Error;
    const because = reason instanceof Error ? reason.message || String(Reflect.get(reason, 'code')) : message;
    throw new CommandError(EXIT.failure, `${base} does not answer: ${because}`);
  }
  if (status !== 200) throw new CommandError(EXIT.failure, `${base} is not ready: it answers ${status}`);
  return 'is ready';
}
