import type { IncomingMessage } from 'node:http';
import type { HttpRequest } from '../lib/http-message.ts';
import { type ClientOf, peerOf } from './client-address.ts';

/** Everything of a request but its body, as it came in. */
export function readHead(incoming: IncomingMessage, clientOf: ClientOf = peerOf): HttpRequest {
  const { rawHeaders } = incoming;
  const headers: [string, string][] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2)
    headers.push([rawHeaders[i] ?? '', rawHeaders[i + 1] ?? '']);
  return {
    method: incoming.method ?? '',
    target: incoming.url ?? '',
    headers,
    body: new Uint8Array(),
    ...clientOf(incoming),
  };
}
