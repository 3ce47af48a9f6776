import { spawnSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { CALLS, statusOf } from './calls.ts';
import { type Figure, ratioOf, type Section, spreadOf } from './figures.ts';
import { configuration, Folder, KEY } from './folder.ts';
import { installedPackage } from './installed-package.ts';
import type { Plan } from './plan.ts';
import { bareServer, cleanEnvironment, ServerProcess } from './server-process.ts';

/** After its first response a server collects what its start has left. */
const IDLE_MILLIS = 700;

interface Started {
  readonly millis: number;
  readonly megabytes: number;
}

/** From nothing to the first response, the memory of the idle server, and commands that print and end. */
export async function benchStartUp({ starts }: Plan): Promise<Section> {
  using folder = new Folder(configuration());
  await using upstream = await ServerProcess.start([bareServer('bare-http')]);
  const { args: launcher, env } = await installedPackage();
  const samples = { ours: [] as Started[], bare: [] as Started[] };
  const commands = {
    'node -e 0': ['-e', '0'],
    '--version': [...launcher, '--version'],
    '--help': [...launcher, '--help'],
  } as const;
  const times = new Map<string, number[]>(Object.keys(commands).map((name) => [name, []]));
  // The first of each reads files that the system does not hold yet.
  for (let round = 0; round <= starts; round += 1) {
    const started = {
      bare: await firstResponse(() => ServerProcess.start([bareServer('bare-proxy'), upstream.url])),
      ours: await firstResponse(() => ServerProcess.proxy([], { cwd: folder.path })),
    };
    for (const [name, args] of Object.entries(commands)) {
      const millis = runTime(args, name === 'node -e 0' ? {} : env);
      if (round > 0) times.get(name)?.push(millis);
    }
    if (round === 0) continue;
    samples.bare.push(started.bare);
    samples.ours.push(started.ours);
  }
  const pick = (who: keyof typeof samples, what: keyof Started): readonly number[] =>
    samples[who].map((sample) => sample[what]);
  const took = (name: string): readonly number[] => times.get(name) ?? [];
  const figure = (name: string, unit: Figure['unit'], all: readonly number[]): Figure => ({
    name,
    unit,
    ...spreadOf(all),
  });
  return {
    figures: [
      figure('first response, bare http-proxy-middleware', 'ms', pick('bare', 'millis')),
      figure('first response, the proxy', 'ms', pick('ours', 'millis')),
      ...[...times].map(([name, all]) => figure(name, 'ms', all)),
      figure('idle memory, bare http-proxy-middleware', 'MB', pick('bare', 'megabytes')),
      figure('idle memory, the proxy', 'MB', pick('ours', 'megabytes')),
    ],
    measured: {
      start: ratioOf(pick('ours', 'millis'), pick('bare', 'millis')),
      help: ratioOf(took('--help'), took('node -e 0')),
      version: ratioOf(took('--version'), took('node -e 0')),
      idleMemory: ratioOf(pick('ours', 'megabytes'), pick('bare', 'megabytes')),
    },
  };
}

async function firstResponse(serve: () => Promise<ServerProcess>): Promise<Started> {
  const start = performance.now();
  await using server = await serve();
  const status = await statusOf(server.url, CALLS.allowed, KEY);
  if (status !== CALLS.allowed.status) throw new Error(`the first response is ${status}`);
  const millis = performance.now() - start;
  await delay(IDLE_MILLIS);
  return { millis, megabytes: server.residentMegabytes() };
}

/** How long a command takes to its end, in milliseconds. */
function runTime(args: readonly string[], env: Readonly<Record<string, string>>): number {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { env: { ...cleanEnvironment(), ...env } });
  if (status !== 0) throw new Error(String(stderr));
  return performance.now() - start;
}
