import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { RunningProxy } from '../../src/index.ts';
import type { Operation } from '../../src/model/shape.ts';
import { signRequest } from '../../src/sigv4/verify.ts';

/** Who signs, and for which proxy. */
export interface Signatory {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

export interface Call {
  readonly path?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/** A call of awsJson1.1. */
export const jsonCall = (operation: string, input: unknown = {}): Call => ({
  headers: {
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': `AmazonPersonalize.${operation}`,
  },
  body: JSON.stringify(input),
});

/** A call of restJson1. */
export const restCall = (path: string, input: unknown): Call => ({
  path,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(input),
});

/** A call of an operation of Personalize, in its protocol. */
export const callOf = ({ service, name, path }: Operation, input: unknown): Call =>
  service.protocol === 'awsJson1.1' ? jsonCall(name, input) : restCall(path, input);

/** A user of a proxy who signs with their key. */
export const signatory = (proxy: RunningProxy, user: string): Signatory =>
  proxy.clientConfig<`user/${string}`>(`user/${user}`);

/** The headers of a call, with its signature. */
export function signedHeaders(
  { endpoint, region, credentials }: Signatory,
  { path = '/', headers, body }: Call,
): Record<string, string> {
  const host = new URL(endpoint).host;
  return signRequest(
    { method: 'POST', target: path, headers: { host, ...headers }, body: Buffer.from(body) },
    { ...credentials, region, service: 'personalize', now: Date.now() },
  );
}

/** Sends a signed call with `fetch`. */
export async function send(who: Signatory, call: Call): Promise<Response> {
  const { host: _, 'content-length': __, ...headers } = signedHeaders(who, call);
  const body = call.body.length > 0 ? call.body : null;
  return fetch(`${who.endpoint}${call.path ?? '/'}`, { method: 'POST', headers, body });
}

/** A signed call as the bytes that go over the wire. */
export function rawCall(who: Signatory, call: Call, more: readonly string[] = []): Buffer {
  const signed = Object.entries(signedHeaders(who, call)).map(([name, value]) => `${name}: ${value}`);
  const head = [`POST ${call.path ?? '/'} HTTP/1.1`, ...signed, ...more].join('\r\n');
  return Buffer.concat([Buffer.from(`${head}\r\n\r\n`), Buffer.from(call.body)]);
}

/** A client that speaks in bytes. */
export class Wire implements Disposable {
  readonly socket: Socket;
  readonly closed: Promise<unknown>;
  text = '';
  #wake = (): void => {};

  constructor(socket: Socket) {
    this.socket = socket;
    this.closed = new Promise<void>((resolve) =>
      socket.once('close', () => {
        this.#wake();
        resolve();
      }),
    );
    socket.setEncoding('latin1').on('data', (chunk) => {
      this.text += chunk;
      this.#wake();
    });
    // A reset is a way to close.
    socket.on('error', () => {});
  }

  static async open(url: string): Promise<Wire> {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    await once(socket, 'connect');
    return new Wire(socket);
  }

  /** Resolves once what came back matches. @throws where the connection closes first */
  async receives(pattern: RegExp): Promise<string> {
    while (!pattern.test(this.text)) {
      if (this.socket.closed) throw new Error(`closed after ${JSON.stringify(this.text.slice(0, 1000))}`);
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      await promise;
    }
    return this.text;
  }

  [Symbol.dispose](): void {
    this.socket.destroy();
  }
}

/** Sends bytes, and gives what came back when the server closed. */
export async function exchange(url: string, bytes: string | Buffer): Promise<string> {
  using wire = await Wire.open(url);
  wire.socket.write(bytes);
  await wire.closed;
  return wire.text;
}

/** A server of the test's own. */
export async function serve(listener: RequestListener): Promise<{ url: string } & AsyncDisposable> {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
