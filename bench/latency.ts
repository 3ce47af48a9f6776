import { CALLS, signedRequest } from './calls.ts';
import { digits, type Section, type Spread, spreadOf } from './figures.ts';
import { LoadGenerator } from './load.ts';
import type { Plan } from './plan.ts';
import { Servers } from './servers/start-servers.ts';

const SERVERS = {
  stub: 'the stub alone',
  embedded: 'the proxy with the embedded stub',
  http: 'bare node:http',
  bareProxy: 'bare http-proxy-middleware in front of it',
  forwarding: 'the proxy in front of it',
} as const;

type Key = keyof typeof SERVERS;

/** The latency of calls over one connection, one after the other: no call waits for another. */
export async function benchLatency({ latencyRounds, latencySeconds }: Plan): Promise<Section> {
  await using servers = new Servers();
  await using generator = new LoadGenerator();
  const keys = Object.keys(SERVERS) as Key[];
  const millis = new Map<Key, number[]>(keys.map((key) => [key, []]));
  for (let round = 0; round <= latencyRounds; round += 1)
    for (const key of keys) {
      const { url, credentials } = await servers.get(key);
      const request = signedRequest(url, CALLS.allowed, credentials);
      const load = { ...request, connections: 1, seconds: latencySeconds };
      const { perSecond } = await generator.run(load, CALLS.allowed.status);
      // The first round warms up.
      if (round > 0) millis.get(key)?.push(1000 / perSecond);
    }
  const added = (key: Key, base: Key): Spread =>
    spreadOf((millis.get(key) ?? []).map((each, round) => each - (millis.get(base)?.[round] ?? Number.NaN)));
  const forwarding = added('forwarding', 'http');
  return {
    figures: keys.map((key) => ({
      name: `one connection, ${SERVERS[key]}`,
      unit: 'ms',
      ...spreadOf(millis.get(key) ?? []),
      ...(key === 'forwarding' && { note: `adds ${digits(forwarding.median)} ms` }),
      ...(key === 'bareProxy' && { note: `adds ${digits(added('bareProxy', 'http').median)} ms` }),
    })),
    measured: { latency: added('embedded', 'stub') },
  };
}
