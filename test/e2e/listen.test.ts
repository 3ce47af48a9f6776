import { expect, it } from 'vitest';
import { listen } from '../../src/server/listen.ts';
import { Wire } from './exchange.ts';

const GRACE_MILLIS = 600_000;
const REQUEST = 'GET / HTTP/1.1\r\nhost: x\r\n\r\n';

it('closes a kept connection that is busy when the server stops right after its response', async () => {
  const arrived = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const server = await listen(
    async ({ url }, outgoing) => {
      outgoing.setHeader('connection', 'keep-alive');
      if (url === '/') return void outgoing.end('first');
      arrived.resolve();
      await release.promise;
      outgoing.end('second');
    },
    { host: '127.0.0.1', port: 0 },
  );
  using wire = await Wire.open(server.url);
  wire.socket.write(REQUEST);
  await wire.receives(/first$/);
  wire.socket.write(REQUEST.replace('/', '/busy'));
  await arrived.promise;

  const closed = server.close(GRACE_MILLIS);
  release.resolve();
  await wire.receives(/second$/);
  await expect.poll(() => wire.socket.closed, { timeout: 10_000 }).toBe(true);
  await closed;
});

it('ends a connection on which CONNECT follows a request with a streamed answer', async () => {
  await using server = await listen(
    (_, outgoing) => {
      outgoing.setHeader('content-length', 100);
      outgoing.write('never complete');
    },
    { host: '127.0.0.1', port: 0 },
  );
  using wire = await Wire.open(server.url);
  wire.socket.write(`${REQUEST}CONNECT x:1 HTTP/1.1\r\nhost: x\r\n\r\n`);
  await wire.closed;
  expect(wire.text).toMatch(/never complete$/);
});
