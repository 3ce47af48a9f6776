import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, createServer, type RequestListener, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RequestHandler } from 'express';
import type { FrontParts } from '../open-front.ts';

/** Where the primary answers `/_authz` for its workers. */
export interface AdminSocket extends AsyncDisposable {
  readonly path: string;
}

/** Listens in a folder that only this user may enter. */
export async function openAdminSocket(listener: RequestListener): Promise<AdminSocket> {
  const folder = mkdtempSync(join(tmpdir(), 'authz-workers-'));
  const path = process.platform === 'win32' ? `\\\\.\\pipe\\${folder}` : join(folder, 'admin.sock');
  const server = createServer(listener).listen(path);
  await once(server, 'listening');
  return {
    path,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Headers of the connection, not of the message. */
const OF_CONNECTION = ['connection', 'keep-alive', 'transfer-encoding'];

/** The own pages of a worker: requests below `/_authz` go to the primary, whose responses are streamed. */
export const pagesOfPrimary =
  (socketPath: string): FrontParts['openPages'] =>
  async (calls) => {
    const { createPages } = await import('../../server/pages.ts');
    const { landingPage } = await import('../../admin/landing-page.ts');
    const { Router } = await import('express');
    return createPages({ admin: Router().use(passingTo(socketPath)), landing: landingPage, calls });
  };

const UNAVAILABLE = { code: 'PrimaryUnavailable', message: 'The primary process does not answer.' };

function passingTo(socketPath: string): RequestHandler {
  const agent = new Agent({ keepAlive: true });
  return (incoming, outgoing) => {
    const { method, originalUrl, headers } = incoming;
    const sent = { ...headers };
    for (const name of OF_CONNECTION) delete sent[name];
    const passed = request({ socketPath, agent, method, path: originalUrl, headers: sent }, (response) => {
      const received = { ...response.headers };
      for (const name of OF_CONNECTION) delete received[name];
      outgoing.writeHead(response.statusCode ?? 502, received);
      response.pipe(outgoing);
    });
    passed.on('error', () => {
      if (outgoing.headersSent) outgoing.destroy();
      else outgoing.status(502).json({ error: UNAVAILABLE });
    });
    outgoing.on('close', () => passed.destroy());
    incoming.pipe(passed);
  };
}
