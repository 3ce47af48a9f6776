import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { findOperation } from '../../../src/model/load.ts';
import { readHead } from '../../../src/server/read-request.ts';
import { httpUpstream } from '../../../src/upstreams/forward.ts';
import { Wire } from '../../e2e/exchange.ts';

const operation = findOperation('personalize', 'ListSchemas');
if (!operation) throw new Error('the models have no ListSchemas');
const route = { operation };

const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
});

/** What an upstream that speaks in bytes does with a request: `index` counts all, `onSocket` those of its connection. */
type Speaker = (socket: Socket, request: { head: string; index: number; onSocket: number }) => void;

/** An upstream that speaks in bytes, and a proxy in front of it that forwards every request as the given action. */
async function between(
  speak: Speaker,
  action = 'personalize:ListSchemas',
  signedHeaders: readonly string[] = [],
) {
  const heads: string[] = [];
  const sockets = new Set<Socket>();
  const raw = createServer((socket) => {
    sockets.add(socket.on('error', () => {}));
    let onSocket = 0;
    socket.on('data', (bytes) => {
      heads.push(String(bytes));
      speak(socket, { head: String(bytes), index: heads.length - 1, onSocket });
      onSocket += 1;
    });
  });
  const target = await portOf(raw);
  const upstream = httpUpstream({
    description: 'the upstream',
    target: () => target,
    secure: false,
    timeoutMillis: 20_000,
    totalMillis: 300,
  });
  const front = createHttpServer(async (incoming, outgoing) => {
    await once(incoming.resume(), 'end');
    const request = readHead(incoming);
    const credential = { signedHeaders } as never;
    const checks = [{ action, resource: '*' }] as never;
    const result = await upstream.send({ request, route, checks, credential }, { incoming, outgoing });
    if (outgoing.destroyed) return;
    if (result.ok) outgoing.writeHead(result.value.status, result.value.headers).end(result.value.body);
    else outgoing.writeHead(result.error.code === 'GatewayTimeout' ? 504 : 502).end(result.error.message);
  });
  const url = await portOf(front);
  open.push(() => {
    void upstream.close();
    for (const socket of sockets) socket.destroy();
    raw.close();
    front.close();
    front.closeAllConnections();
  });
  const ask = async (method: string, headers: Readonly<Record<string, string>> = {}): Promise<string> => {
    const response = await fetch(url, { method, headers });
    return `${response.status} ${await response.text()}`;
  };
  return { ask, heads, url, sockets };
}

async function portOf(server: ReturnType<typeof createServer>): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const isHead = (head: string): boolean => head.startsWith('HEAD ');

describe('an upstream that breaks the rules of HTTP', () => {
  it.each([
    ['at once', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello', ''],
    [
      'later, as another response',
      'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n',
      'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil',
    ],
    [
      'later, as the head of a response that never ends',
      'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n',
      'HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n',
    ],
    ['in chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n', ''],
  ])('and sends a body after HEAD (%s) spoils no other request', async (_, response, rest) => {
    const { ask } = await between((socket, { head }) => {
      if (!isHead(head)) return void socket.write(OK);
      socket.write(response);
      setImmediate(() => socket.write(rest));
    });
    for (const method of ['HEAD', 'GET', 'HEAD', 'HEAD', 'GET', 'GET'])
      expect(await ask(method)).toBe(method === 'HEAD' ? '200 ' : '200 ok');
  });

  it('and sends more than it announced has its connection closed, and not its rest read as a response', async () => {
    const { ask, sockets } = await between((socket, { index }) => {
      socket.write(OK);
      if (index === 0) setImmediate(() => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil'));
    });
    expect(await ask('GET')).toBe('200 ok');
    await expect.poll(() => [...sockets].every(({ closed }) => closed)).toBe(true);
    expect(await ask('GET')).toBe('200 ok');
    expect(sockets.size).toBe(2);
  });

  it('has its kept connection closed before the time that it announces to close it', async () => {
    const { ask, sockets } = await between(
      (socket) =>
        void socket.write('HTTP/1.1 200 OK\r\nKeep-Alive: timeout=2\r\nContent-Length: 2\r\n\r\nok'),
    );
    expect(await ask('POST')).toBe('200 ok');
    expect(await ask('POST')).toBe('200 ok');
    expect(sockets.size).toBe(1);
    await expect.poll(() => [...sockets].every(({ closed }) => closed), { timeout: 10_000 }).toBe(true);
    expect(await ask('POST')).toBe('200 ok');
  });

  it('and sends a byte now and then gets 504 when the time for a whole answer is over', async () => {
    const { ask } = await between((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n');
      const drip = setInterval(() => socket.write('x'), 20);
      socket.once('close', () => clearInterval(drip));
    });
    expect(await ask('GET')).toBe(
      '504 The upstream the upstream did not answer: no complete answer within 0.3 seconds',
    );
  });
});

describe('a kept connection that the upstream resets before it answers', () => {
  const resetsTheSecond: Speaker = (socket, { onSocket }) =>
    onSocket === 0 ? void socket.write(OK) : void socket.resetAndDestroy();

  it('costs nothing where the call only reads: it is sent once more, on a new connection', async () => {
    const { ask, heads } = await between(resetsTheSecond);
    expect(await ask('POST')).toBe('200 ok');
    expect(await ask('POST')).toBe('200 ok');
    expect(heads).toHaveLength(3);
    expect(heads[2]).toMatch(/connection: close/i);
  });

  it('is a 502 for a call that writes, which says that it may have been processed', async () => {
    const { ask, heads } = await between(resetsTheSecond, 'personalize:CreateSchema');
    await ask('POST');
    expect(await ask('POST')).toMatch(
      /^502 The connection to the upstream the upstream was reset before it answered; it may have processed the call/,
    );
    expect(heads).toHaveLength(2);
  });

  it('is tried once more and not again', async () => {
    const { ask, heads } = await between((socket, { index }) =>
      index === 0 ? void socket.write(OK) : void socket.resetAndDestroy(),
    );
    await ask('POST');
    expect(await ask('POST')).toMatch(/^502 /);
    expect(heads).toHaveLength(3);
  });

  it('is no reset where the response had begun', async () => {
    const { ask, heads } = await between((socket, { onSocket }) =>
      onSocket === 0
        ? void socket.write(OK)
        : void socket.write('HTTP/1.1 2', () => socket.resetAndDestroy()),
    );
    await ask('POST');
    expect(await ask('POST')).toMatch(/^502 /);
    expect(heads).toHaveLength(2);
  });
});

describe('headers on their way', () => {
  it('keep two Set-Cookie headers two', async () => {
    const { url } = await between(
      (socket) =>
        void socket.write(
          'HTTP/1.1 200 OK\r\nSet-Cookie: a=1; Expires=Thu, 01 Jan 2026\r\nSet-Cookie: b=2\r\nContent-Length: 0\r\n\r\n',
        ),
    );
    expect((await fetch(url)).headers.getSetCookie()).toEqual(['a=1; Expires=Thu, 01 Jan 2026', 'b=2']);
  });

  it('are not taken out by Connection where they are signed, or are the signature', async () => {
    const { url, heads } = await between((socket) => void socket.write(OK), 'personalize:ListSchemas', [
      'host',
      'te',
      'x-mine',
    ]);
    using wire = await Wire.open(url);
    wire.socket.write(
      'GET / HTTP/1.1\r\nHost: x\r\nConnection: close, Authorization, X-Mine, X-Hop, TE\r\nAuthorization: AWS4\r\nX-Mine: 1\r\nX-Hop: 2\r\nTE: trailers\r\n\r\n',
    );
    await wire.closed;
    expect(heads[0]).toMatch(/^authorization: AWS4\r$/im);
    expect(heads[0]).toMatch(/^x-mine: 1\r$/im);
    expect(heads[0]).toMatch(/^te: trailers\r$/im);
    expect(heads[0]).not.toMatch(/^x-hop:/im);
  });
});
