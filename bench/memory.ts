import { CALLS, signedRequest } from './calls.ts';
import { type Section, single } from './figures.ts';
import { LoadGenerator } from './load.ts';
import type { Plan } from './plan.ts';
import { Servers } from './servers/start-servers.ts';

const CONNECTIONS = 48;

/** Memory of the proxy after load, with as many decision records as it keeps. */
export async function benchMemory({ loadSeconds }: Plan): Promise<Section> {
  await using servers = new Servers();
  await using generator = new LoadGenerator();
  const { server, url, credentials } = await servers.get('embedded');
  const request = signedRequest(url, CALLS.allowed, credentials);
  const load = { ...request, connections: CONNECTIONS, seconds: loadSeconds };
  const { responses } = await generator.run(load, CALLS.allowed.status);
  const megabytes = single(server.residentMegabytes());
  const note = `${responses.toLocaleString('en-US')} requests in ${loadSeconds} s`;
  return {
    figures: [{ name: 'memory after load, 10,000 records kept', unit: 'MB', ...megabytes, note }],
    measured: responses < 10_000 ? {} : { loadedMemory: megabytes },
  };
}
