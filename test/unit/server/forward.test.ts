import { type EventEmitter, once } from 'node:events';
import { createServer, IncomingMessage, type RequestListener, ServerResponse } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { AwsError } from '../../../src/lib/errors.ts';
import type { HttpResponse } from '../../../src/lib/http-message.ts';
import type { Result } from '../../../src/lib/result.ts';
import { findOperation } from '../../../src/model/load.ts';
import { readBody } from '../../../src/server/read-body.ts';
import { readHead } from '../../../src/server/read-request.ts';
import { type HttpUpstreamOptions, httpUpstream } from '../../../src/upstreams/forward.ts';

const operation = findOperation('personalize', 'ListSchemas');
if (!operation) throw new Error('the models have no ListSchemas');
const route = { operation };

const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A front door that forwards everything to `target` and shows what came back. */
async function door(target: string, options: Partial<HttpUpstreamOptions> = {}) {
  const upstream = httpUpstream({
    description: target,
    target: () => target,
    secure: false,
    timeoutMillis: 5_000,
    ...options,
  });
  open.push(() => void upstream.close());
  const results: Result<HttpResponse, AwsError>[] = [];
  const url = await serve(async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const body = await readBody(incoming, { maxBytes: 20_000_000, take: () => true });
    if (!body.ok) throw new Error(body.error);
    const request = { ...readHead(incoming), body: body.value };
    const result = await upstream.send({ request, route, checks: [] }, { incoming, outgoing });
    results.push(result);
    if (result.ok) outgoing.writeHead(result.value.status, result.value.headers).end(result.value.body);
    else outgoing.writeHead(500).end(JSON.stringify(result.error));
  });
  return { url, results };
}

async function readAll(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

const listenersOf = (emitter: EventEmitter): number =>
  emitter.eventNames().reduce((sum, name) => sum + emitter.listenerCount(name), 0);

describe('forwarding over HTTP', () => {
  it('carries the same bytes on the same path', async () => {
    const seen: { url?: string; body?: Buffer } = {};
    const target = await serve(async (incoming, outgoing) => {
      seen.url = incoming.url ?? '';
      seen.body = await readAll(incoming);
      outgoing.end('{}');
    });
    const { url } = await door(target);
    const body = Buffer.from([0, 255, 1, 254, ...Buffer.from('{"a" : 1}')]);
    await fetch(`${url}/recommendations?x=%2F&y=+`, { method: 'POST', body });
    expect(seen).toEqual({ url: '/recommendations?x=%2F&y=+', body });
  });

  it.each(['//[', '/a/../b', '/%', '/?x=http://['])('sends the path %s as it came', async (path) => {
    let seen: string | undefined;
    const target = await serve((incoming, outgoing) => {
      seen = incoming.url;
      outgoing.end('{}');
    });
    const { url } = await door(target);
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.end(`GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`).resume();
    await once(socket, 'close');
    expect(seen).toBe(path);
  });

  it("leaves no listener on the client's messages, however often they are asked about", async () => {
    const target = await serve((incoming, outgoing) => {
      incoming.resume().on('end', () => outgoing.end('{}'));
    });
    const upstream = httpUpstream({
      description: target,
      target: () => target,
      secure: false,
      timeoutMillis: 5_000,
    });
    open.push(() => void upstream.close());
    const counts: number[] = [];
    const url = await serve(async (incoming, outgoing) => {
      await readAll(incoming);
      const request = { ...readHead(incoming), body: Buffer.from('{}') };
      for (let i = 0; i < 3; i++) {
        await upstream.send({ request, route, checks: [] }, { incoming, outgoing });
        counts.push(listenersOf(incoming) + listenersOf(outgoing) + listenersOf(incoming.socket));
      }
      outgoing.end();
    });
    await (await fetch(url, { method: 'POST', body: '{}' })).text();
    expect(counts).toHaveLength(3);
    expect(new Set(counts).size).toBe(1);
  });

  it('names the upstream as host and leaves hop-by-hop headers behind', async () => {
    let headers: IncomingMessage['headers'] = {};
    const target = await serve((incoming, outgoing) => {
      headers = incoming.headers;
      incoming.resume();
      outgoing.end('{}');
    });
    const { url } = await door(target);
    await new Promise<void>((resolve) => {
      const socket = connect(Number(new URL(url).port), '127.0.0.1', () =>
        socket.write(
          'POST / HTTP/1.1\r\nHost: example\r\nConnection: close, X-Hop, If-None-Match, X-Amz-Target, Host\r\nX-Hop: 1\r\nIf-None-Match: *\r\nTE: trailers\r\nX-Amz-Target: T\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n',
        ),
      );
      socket.on('close', () => resolve()).resume();
    });
    expect(headers.host).toBe(new URL(target).host);
    // What was authorized is forwarded, whatever the caller names in `Connection`.
    expect(headers['x-amz-target']).toBe('T');
    expect(headers['if-none-match']).toBe('*');
    expect(headers['content-length']).toBe('2');
    expect(['x-hop', 'te', 'transfer-encoding'].filter((name) => name in headers)).toEqual([]);
  });

  it('gives back status, headers and bytes of the answer', async () => {
    const target = await serve((incoming, outgoing) => {
      incoming.resume();
      outgoing.writeHead(409, { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': 'theirs' });
      outgoing.end('{"__type":"ResourceInUseException"}');
    });
    const { url } = await door(target);
    const response = await fetch(url, { method: 'POST', body: '{}' });
    expect(response.status).toBe(409);
    expect(response.headers.get('x-amzn-requestid')).toBe('theirs');
    expect(await response.text()).toBe('{"__type":"ResourceInUseException"}');
  });

  it('carries 10 MB there and back', async () => {
    const target = await serve(async (incoming, outgoing) => outgoing.end(await readAll(incoming)));
    const { url } = await door(target);
    const body = Buffer.alloc(10 * 1024 * 1024, 'x');
    const response = await fetch(url, { method: 'POST', body });
    expect(Buffer.from(await response.arrayBuffer()).equals(body)).toBe(true);
  });

  it('keeps its connection to the upstream', async () => {
    const ports = new Set<number | undefined>();
    const target = await serve((incoming, outgoing) => {
      ports.add(incoming.socket.remotePort);
      incoming.resume();
      outgoing.end('{}');
    });
    const { url } = await door(target);
    for (let i = 0; i < 5; i++) await (await fetch(url, { method: 'POST', body: '{}' })).text();
    expect(ports.size).toBe(1);
  });

  it('forwards a request with Expect: 100-continue', async () => {
    const target = await serve(async (incoming, outgoing) => outgoing.end(await readAll(incoming)));
    const { url } = await door(target);
    const text = await new Promise<string>((resolve) => {
      let received = '';
      const socket = connect(Number(new URL(url).port), '127.0.0.1', () =>
        socket.write(
          'POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}',
        ),
      );
      socket.on('data', (chunk) => {
        received += String(chunk);
      });
      socket.on('close', () => resolve(received));
    });
    expect(text).toContain('200 OK');
    expect(text).toContain('{}');
  });

  it('says that an upstream is down', async () => {
    const { url, results } = await door('http://127.0.0.1:1');
    await fetch(url, { method: 'POST', body: '{}' });
    expect(results).toMatchObject([
      { ok: false, error: { code: 'BadGateway', message: expect.stringContaining('ECONNREFUSED') } },
    ]);
  });

  it('says that an upstream is silent for too long', async () => {
    const target = await serve((incoming) => void incoming.resume());
    const { url, results } = await door(target, { timeoutMillis: 50 });
    await fetch(url, { method: 'POST', body: '{}' });
    expect(results).toMatchObject([{ ok: false, error: { code: 'GatewayTimeout' } }]);
  });

  it('reports an upstream that does not respond while it connects over TLS', async () => {
    const silent = createTcpServer((socket) => void socket.on('error', () => {}));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    open.push(() => void silent.close());
    const target = `https://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const { url, results } = await door(target, { secure: true, timeoutMillis: 50 });
    await fetch(url, { method: 'POST', body: '{}' });
    expect(results).toMatchObject([{ ok: false, error: { code: 'GatewayTimeout' } }]);
  });

  it('says that an answer was cut off, and gives no half of it', async () => {
    const target = await serve((incoming, outgoing) => {
      incoming.resume();
      outgoing.writeHead(200, { 'content-length': 100 }).write('{"half"', () => outgoing.destroy());
    });
    const { url, results } = await door(target);
    await fetch(url, { method: 'POST', body: '{}' });
    expect(results).toMatchObject([
      { ok: false, error: { code: 'BadGateway', message: expect.stringContaining('cut off') } },
    ]);
  });

  it('carries a header of several lines on as many', async () => {
    let seen: readonly string[] = [];
    const target = await serve((incoming, outgoing) => {
      seen = incoming.rawHeaders;
      incoming.resume();
      outgoing.end();
    });
    const { url } = await door(target);
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    const lines = [
      'host: x',
      'X-Trace: a',
      'x-other: 1',
      'x-trace: b, c',
      'content-length: 0',
      'connection: close',
    ];
    socket.end(`POST / HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`).resume();
    await once(socket, 'close');
    const values = seen.filter((_, index) => seen[index - 1]?.toLowerCase() === 'x-trace');
    expect(values).toEqual(['a', 'b, c']);
  });

  it("replaces the caller's signature where the request is signed anew", async () => {
    let seen: Readonly<Record<string, readonly string[] | undefined>> = {};
    const target = await serve((incoming, outgoing) => {
      seen = incoming.headersDistinct;
      incoming.resume();
      outgoing.end();
    });
    const sign = async () => ({ authorization: 'of the proxy', 'x-amz-date': 'now' });
    const { url } = await door(target, { sign });
    await fetch(url, {
      method: 'POST',
      headers: {
        authorization: 'of the caller',
        'x-amz-date': 'then',
        'x-amz-security-token': 'of the caller',
        'x-amz-content-sha256': 'of the caller',
      },
    });
    expect(seen).toMatchObject({ authorization: ['of the proxy'], 'x-amz-date': ['now'] });
    expect(JSON.stringify(seen)).not.toContain('of the caller');
  });

  it('lets go of the upstream when the client leaves', async () => {
    const left = Promise.withResolvers<void>();
    const abort = new AbortController();
    const target = await serve((incoming) => {
      incoming.resume();
      incoming.socket.on('close', () => left.resolve());
      abort.abort();
    });
    const { url } = await door(target);
    await expect(fetch(url, { method: 'POST', body: '{}', signal: abort.signal })).rejects.toThrow();
    await left.promise;
  });

  it('sends nothing for a client that leaves before the end of the turn', async () => {
    const paths: (string | undefined)[] = [];
    const target = await serve((incoming, outgoing) => {
      paths.push(incoming.url);
      outgoing.end('{}');
    });
    const upstream = httpUpstream({
      description: 'the upstream',
      target: () => target,
      secure: false,
      timeoutMillis: 5_000,
    });
    open.push(() => void upstream.close());
    const sendTo = (path: string) => {
      const socket = new Socket();
      const incoming = new IncomingMessage(socket);
      Object.assign(incoming, { method: 'POST', url: path });
      const outgoing = new ServerResponse(incoming);
      outgoing.assignSocket(socket);
      const result = upstream.send(
        { request: readHead(incoming), route, checks: [] },
        { incoming, outgoing },
      );
      return { result, socket };
    };
    const left = sendTo('/left');
    left.socket.destroy();
    const stayed = sendTo('/stayed');

    expect(await left.result).toMatchObject({
      ok: false,
      error: { message: expect.stringContaining('the client closed the connection') },
    });
    expect(await stayed.result).toMatchObject({ ok: true });
    expect(paths).toEqual(['/stayed']);
  });
});
