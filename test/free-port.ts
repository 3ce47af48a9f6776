import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the ephemeral ports (Linux: from 32768): no other server or connection is given one between two uses. */
const [LOWEST, HIGHEST] = [20_000, 32_767];

/** A port of this machine on which no server listens. */
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
 * An address at which no server listens: its port is assigned to no service, and `fetch` accepts it. The port of a server
 * that a test has closed can be given to another server.
 */
export const CLOSED_URL = 'http://127.0.0.1:4';
