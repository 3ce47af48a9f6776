import type { IncomingMessage } from 'node:http';
import type { HttpRequest } from '../lib/http-message.ts';
import { type ClientOf, peerOf } from './client-address.ts';

/** Everything of a request but its body, as it came in. */
export function readHead(incoming: IncomingMessage, clientOf: ClientOf = peerOf): HttpRequest {
  const { rawHeaders } = incoming;
  const headers: [string, string][] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2)
    headers.push([rawHeaders[i] ?? '', rawHeaders[i + 1] ?? '']);
  const { method = '', url: target = '' } = incoming;
  const { remoteAddress, secure } = clientOf(incoming);
  return { method, target, headers, body: NO_BYTES, remoteAddress, secure };
}

const NO_BYTES = new Uint8Array();
