import { createClient } from 'redis';
import { UnavailableError } from '../lib/unavailable-error.ts';
import { redisLabel } from './redis-label.ts';

type Client = ReturnType<typeof createClient>;

const CONNECT_TIMEOUT_MILLIS = 5_000;
/** A server that is connected and does not reply for this long counts as away. */
const SILENCE_MILLIS = 3_000;
const PING_MILLIS = 1_000;
const MOST_RECONNECT_MILLIS = 1_000;

/** A connection to a Redis that may go away and come back. */
export interface RedisConnection {
  /** Why Redis cannot be used now, naming setting and address; `undefined` while it can. */
  readonly problem: string | undefined;
  /** Runs a command; rejects at once while Redis is away, naming it. */
  run<T>(command: (client: Client) => Promise<T>): Promise<T>;
  /** Calls `listener` for each message of a channel, and after each reconnection, since messages may have been missed. */
  listen(channel: string, listener: () => void): Promise<void>;
  /** Calls `listener` after each reconnection. */
  onReturn(listener: () => void): void;
  close(): void;
}

/**
 * Connects to a Redis. Rejects where it cannot be reached; later it reconnects by itself.
 * @param setting what names it in messages: `stub.store`
 */
export async function connectToRedis(url: string, setting: string): Promise<RedisConnection> {
  const where = `${setting}: ${redisLabel(url)}`;
  let started = false;
  let problem: string | undefined;
  const fail = (cause: unknown): string => {
    problem = `${where} cannot be used: ${reasonOf(cause)}`;
    return problem;
  };
  const client = createClient({
    url,
    // A call that waited for Redis to come back would be answered long after its client gave up.
    disableOfflineQueue: true,
    pingInterval: PING_MILLIS,
    socket: {
      connectTimeout: CONNECT_TIMEOUT_MILLIS,
      socketTimeout: SILENCE_MILLIS,
      reconnectStrategy: (retries, cause) =>
        started ? Math.min(2 ** retries * 10, MOST_RECONNECT_MILLIS) : cause,
    },
  });
  const opened: Client[] = [client];
  client.on('error', (cause: unknown) => {
    fail(cause);
  });
  client.on('ready', () => {
    problem = undefined;
  });
  const close = (): void => {
    for (const one of opened) if (one.isOpen) one.destroy();
  };
  try {
    await client.connect();
  } catch (cause) {
    close();
    throw cause;
  }
  started = true;
  return {
    get problem() {
      return problem;
    },
    async run(command) {
      // The reason of the failure is more useful than the report that there is no connection.
      if (!client.isReady) throw new UnavailableError(problem ?? fail('it is not connected'));
      try {
        return await command(client);
      } catch (cause) {
        throw new UnavailableError(
          client.isReady ? `${where} cannot be used: ${reasonOf(cause)}` : fail(cause),
        );
      }
    },
    async listen(channel, listener) {
      const subscriber = client.duplicate({ pingInterval: 0 });
      opened.push(subscriber);
      subscriber.on('error', () => {});
      await subscriber.connect();
      await subscriber.subscribe(channel, listener);
      subscriber.on('ready', listener);
    },
    onReturn: (listener) => void client.on('ready', listener),
    close,
  };
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  // Several addresses of one name that all refuse have no message of their own.
  const { message, code } = cause as NodeJS.ErrnoException;
  return message || code || cause.name;
}
