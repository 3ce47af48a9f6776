import type { Command } from 'commander';
import { readConfig, StartError } from '../index.ts';
import { addSettings } from './settings.ts';

const TIMEOUT_MILLIS = 2_000;

export function addHealthcheck(program: Command): void {
  addSettings(
    program
      .command('healthcheck')
      .description('ask a running proxy whether it is ready; exit code 0 if it is, for containers')
      .option('--url <url>', 'where it runs (default: the configured port of this machine)'),
  ).action(async ({ url, ...flags }: { readonly url?: string }) => {
    const base = url ?? `http://127.0.0.1:${configuredPort(flags)}`;
    const response = await fetch(`${base}/_authz/health/ready`, {
      signal: AbortSignal.timeout(TIMEOUT_MILLIS),
    });
    if (!response.ok) throw new Error(`${base} answers ${response.status}`);
    process.stdout.write(`${base} is ready\n`);
  });
}

function configuredPort(flags: Readonly<Record<string, unknown>>): number {
  const config = readConfig({ env: process.env, flags });
  if (!config.ok) throw new StartError('configuration', config.error);
  return config.value.listen.port;
}
