import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { expect, it, vi } from 'vitest';
import { createApp } from '../../../src/server/app.ts';

it('writes the responses of one turn of the event loop after it has handled all requests of the turn', async () => {
  const order: string[] = [];
  const written = Promise.withResolvers<void>();
  const exchanges = ['/1', '/2', '/3'].map((path) => {
    const incoming = new IncomingMessage(new Socket());
    Object.assign(incoming, { method: 'POST', url: path, headers: { 'content-length': '2' } });
    const outgoing = new ServerResponse(incoming);
    vi.spyOn(outgoing, 'end').mockImplementation(() => {
      order.push(`wrote ${path}`);
      if (path === '/3') written.resolve();
      return outgoing;
    });
    return { incoming, outgoing };
  });
  /** The rest of the next request arrives: in this turn, and not before the promises of the last one are settled. */
  const waiting = exchanges.map(({ incoming }) => incoming);
  const receiveNext = (): void => {
    const incoming = waiting.shift();
    incoming?.push('{}');
    incoming?.push(null);
  };
  const app = createApp({
    admit: () => Promise.reject(new Error('no body is large')),
    refuse: () => Promise.reject(new Error('no body is refused')),
    run: async ({ target }) => {
      order.push(`handled ${target}`);
      process.nextTick(receiveNext);
      return { status: 200, headers: {}, body: '{}' };
    },
  });

  for (const { incoming, outgoing } of exchanges) app(incoming, outgoing);
  receiveNext();
  await written.promise;
  expect(order).toEqual(['handled /1', 'handled /2', 'handled /3', 'wrote /1', 'wrote /2', 'wrote /3']);
});
