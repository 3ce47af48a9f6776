import type { Command } from 'commander';
import { readConfig, StartError } from '../index.ts';
import { CommandError, EXIT } from './exit.ts';
import { addSettings } from './settings.ts';

const TIMEOUT_MILLIS = 2_000;

export function addHealthcheck(program: Command): void {
  addSettings(
    program
      .command('healthcheck')
      .description('ask a running proxy whether it is ready; exit code 0 if it is, for containers')
      .option('--url <url>', 'where it runs (default: the configured host and port)'),
  ).action(async ({ url, ...flags }: { readonly url?: string }) => {
    const base = url === undefined ? configuredUrl(flags) : originOf(url);
    process.stdout.write(`${base} ${await askWhetherReady(base)}\n`);
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

function originOf(url: string): string {
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) {
    throw new CommandError(EXIT.usage, `--url: ${url} is not an address like http://127.0.0.1:7377`);
  }
  return new URL(url).origin;
}

function configuredUrl(flags: Readonly<Record<string, unknown>>): string {
  const config = readConfig({ env: process.env, flags });
  if (!config.ok) throw new StartError('configuration', config.error);
  const { host, port } = config.value.listen;
  if (port === 0) {
    throw new CommandError(
      EXIT.usage,
      'port 0 is a free port of its own: say with --url where the proxy runs',
    );
  }
  // What listens on every address answers on this one.
  const own = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${own.includes(':') ? `[${own}]` : own}:${port}`;
}
