import { readdirSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { startProxy } from '../../src/index.ts';
import type { Report, Request } from './messages.ts';

/*
 * The proxy of a soak, in a process of its own: its memory and descriptors are those of a proxy and of nothing else.
 * Arguments: the configuration file.
 */

const send = (report: Report): void => void process.send?.(report);

let offset = 0;
const proxy = await startProxy({
  config: process.argv[2] ?? '',
  clock: () => Date.now() + offset,
  onNotice: (notice) => {
    if (notice.kind !== 'reloaded') return;
    const edited = notice.directory.policies.find(({ policy }) => policy.name === 'team');
    const version = edited?.policy.policy.statements[0]?.sid?.text;
    send({ kind: 'loaded', version: version ?? '' });
  },
});

process.on('message', async (request: Request) => {
  switch (request.kind) {
    case 'clock':
      offset = request.offset;
      return send({ kind: 'clock', offset });
    case 'measure':
      return send({ kind: 'measured', measurement: await measure() });
    case 'close':
      await proxy.close();
      process.disconnect();
  }
});
send({ kind: 'ready', url: proxy.url });

async function measure() {
  // Sockets that were closed are gone after a turn; a second collection takes what the first finalized.
  for (let turn = 0; turn < 3; turn += 1) {
    await setTimeout(100);
    globalThis.gc?.();
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  return {
    heapUsed: heapUsed + external,
    rss,
    descriptors: descriptorCount(),
    handles: process.getActiveResourcesInfo().length,
  };
}

/** 0 where the system has no /proc. */
function descriptorCount(): number {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch {
    return 0;
  }
}
