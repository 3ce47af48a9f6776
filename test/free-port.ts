import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the ports that systems give out (Linux from 32768): no other server or connection gets one between two uses. */
const [LOWEST, HIGHEST] = [20_000, 32_767];

/** A port of this machine on which nothing listens. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(LOWEST, HIGHEST + 1);
    const server = createServer().listen(port, '127.0.0.1');
    try {
      await once(server, 'listening');
    } catch {
      continue;
    }
    server.close();
    await once(server, 'close');
    return port;
  }
}

/**
 * Where nothing listens: no service has this port, and `fetch` accepts it. The port of a server that was closed can be
 * another one's in the meantime.
 */
export const NOWHERE = 'http://127.0.0.1:4';
