import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A relay to a Redis: its connections can be interrupted and restored while that Redis keeps running. */
export class RedisRelay implements AsyncDisposable {
  readonly #target: number;
  readonly #open = new Set<Socket>();
  #server: Server | undefined;
  #port = 0;

  private constructor(target: number) {
    this.#target = target;
  }

  static async to(port: number): Promise<RedisRelay> {
    const relay = new RedisRelay(port);
    await relay.restore();
    return relay;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.#port}`;
  }

  async cut(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    const closed = once(server, 'close');
    server.close();
    for (const socket of this.#open) socket.destroy();
    await closed;
  }

  async restore(): Promise<void> {
    const server = createServer((socket) => {
      const beyond = connect(this.#target, '127.0.0.1');
      for (const each of [socket, beyond]) {
        this.#open.add(each);
        each.on('error', () => {});
        each.on('close', () => {
          this.#open.delete(each);
          socket.destroy();
          beyond.destroy();
        });
      }
      socket.pipe(beyond).pipe(socket);
    }).listen(this.#port, '127.0.0.1');
    await once(server, 'listening');
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.cut();
  }
}
