import { CALLS, signedRequest } from './calls.ts';
import { digits, type Figure, ratioOf, type Section, type Spread, spreadOf } from './figures.ts';
import { LoadGenerator, type LoadResult } from './load.ts';
import type { HttpLoad, Plan } from './plan.ts';
import { type Endpoint, Servers } from './servers/start-servers.ts';

interface Subject {
  readonly name: string;
  readonly server: Parameters<Servers['get']>[0];
  readonly call: keyof typeof CALLS;
}

/** In the order of a round: what is compared is next to each other. */
const SUBJECTS = {
  http: { name: 'bare node:http', server: 'http', call: 'allowed' },
  express: { name: 'bare Express', server: 'express', call: 'allowed' },
  denied: { name: 'denied', server: 'embedded', call: 'denied' },
  allowed: { name: 'allowed, embedded stub', server: 'embedded', call: 'allowed' },
  session: { name: 'allowed, session token', server: 'session', call: 'allowed' },
  bareProxy: { name: 'bare http-proxy-middleware', server: 'bareProxy', call: 'allowed' },
  forwarded: { name: 'allowed, forwarded over HTTP', server: 'forwarding', call: 'allowed' },
  tls: { name: 'allowed, over TLS', server: 'tls', call: 'allowed' },
  workers: { name: 'allowed, --workers 2', server: 'workers', call: 'allowed' },
  workersDenied: { name: 'denied, --workers 2', server: 'workers', call: 'denied' },
  workersForwarded: {
    name: 'forwarded over HTTP, --workers 2',
    server: 'forwardingWorkers',
    call: 'allowed',
  },
  largeBareProxy: { name: 'bare http-proxy-middleware, 100 kB', server: 'bareProxy', call: 'large' },
  largeForwarded: { name: 'forwarded over HTTP, 100 kB', server: 'forwarding', call: 'large' },
  nginx: { name: 'nginx, proxy_pass', server: 'nginx', call: 'allowed' },
  moto: { name: 'moto, IAM enforced', server: 'moto', call: 'allowed' },
} as const satisfies Record<string, Subject>;

type Key = keyof typeof SUBJECTS;

/** What `--quick` measures: the ratios that have a target. */
const QUICK: readonly Key[] = ['express', 'denied', 'allowed', 'session', 'bareProxy', 'forwarded'];
/** The variants that no published ratio uses. */
const REFERENCES: readonly Key[] = ['tls', 'largeBareProxy', 'largeForwarded', 'nginx', 'moto'];
const REFERENCE_LOAD: HttpLoad = { warmUpSeconds: 1, rounds: 3, seconds: 1 };
const CONNECTIONS = 48;

interface Round extends LoadResult {
  /** Of the measured server, for one request. */
  readonly cpuMicros: number;
}

/** Requests a second over 48 kept connections, the variants in turns. */
export async function benchHttp({ quick, http }: Plan): Promise<Section> {
  await using servers = new Servers();
  await using generator = new LoadGenerator();
  const keys = quick ? QUICK : (Object.keys(SUBJECTS) as Key[]);
  const { endpoints, skipped } = await start(servers, keys);
  const rounds = new Map<Key, Round[]>([...endpoints.keys()].map((key) => [key, []]));
  const loadOf = (key: Key): HttpLoad => (REFERENCES.includes(key) ? REFERENCE_LOAD : http);
  for (const [key, endpoint] of endpoints)
    await runFor(generator, endpoint, SUBJECTS[key], loadOf(key).warmUpSeconds);
  for (let round = 0; round < http.rounds; round += 1)
    for (const [key, endpoint] of endpoints) {
      const { rounds: most, seconds } = loadOf(key);
      if (round < most) rounds.get(key)?.push(await runFor(generator, endpoint, SUBJECTS[key], seconds));
    }
  return {
    figures: [...rounds].map(([key, all]) => figureOf(SUBJECTS[key].name, all)),
    skipped,
    measured: measured(rounds),
  };
}

async function start(
  servers: Servers,
  keys: readonly Key[],
): Promise<{ readonly endpoints: Map<Key, Endpoint>; readonly skipped: NonNullable<Section['skipped']> }> {
  const endpoints = new Map<Key, Endpoint>();
  const skipped = [];
  for (const key of keys) {
    const { name, server } = SUBJECTS[key];
    try {
      endpoints.set(key, await servers.get(server));
    } catch (cause) {
      skipped.push({ name, reason: cause instanceof Error ? cause.message : String(cause) });
    }
  }
  return { endpoints, skipped };
}

async function runFor(
  generator: LoadGenerator,
  { server, url, credentials }: Endpoint,
  { call: name }: Subject,
  seconds: number,
): Promise<Round> {
  const call = CALLS[name];
  // Signed anew for each load: a signature counts for five minutes.
  const request = signedRequest(url, call, credentials);
  const before = server.cpuMillis();
  // A bare server answers a call that is denied elsewhere, too.
  const result = await generator.run({ ...request, connections: CONNECTIONS, seconds }, call.status);
  return { ...result, cpuMicros: ((server.cpuMillis() - before) * 1000) / result.responses };
}

function figureOf(name: string, rounds: readonly Round[]): Figure {
  const median = (pick: (round: Round) => number): number => spreadOf(rounds.map(pick)).median;
  const cpu = median(({ cpuMicros }) => cpuMicros);
  const notes = [
    `p50 ${digits(median(({ p50 }) => p50))} ms`,
    `p99 ${digits(median(({ p99 }) => p99))} ms`,
    // Not where the system does not report it.
    ...(cpu > 0 ? [`${digits(cpu)} µs of CPU a request`] : []),
  ];
  return {
    name,
    unit: 'requests/s',
    ...spreadOf(rounds.map(({ perSecond }) => perSecond)),
    ...(cpu > 0 && { cpuMicros: cpu }),
    note: notes.join(', '),
  };
}

function measured(rounds: ReadonlyMap<Key, readonly Round[]>): Readonly<Record<string, Spread>> {
  const rates = (key: Key): readonly number[] => (rounds.get(key) ?? []).map(({ perSecond }) => perSecond);
  return {
    allowed: ratioOf(rates('allowed'), rates('bareProxy')),
    forwarded: ratioOf(rates('forwarded'), rates('bareProxy')),
    denied: ratioOf(rates('denied'), rates('express')),
    session: ratioOf(rates('session'), rates('allowed')),
    tail: spreadOf((rounds.get('allowed') ?? []).map(({ p50, p99 }) => p99 / p50)),
  };
}
