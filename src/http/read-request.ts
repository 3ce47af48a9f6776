import type { IncomingMessage } from 'node:http';
import getRawBody from 'raw-body';
import { type AwsError, awsError } from '../errors.ts';
import type { HttpRequest } from '../http-message.ts';
import { err, ok, type Result } from '../lib/result.ts';
import { type ClientOf, peerOf } from './client-address.ts';

/** Personalize takes 10 MB at the most; STS refuses more than 10,000,000 bytes. */
export const MAX_BODY_BYTES = 16 * 1024 * 1024;

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

/** Whether the request says itself that its body is over the limit. */
export const declaresTooMuch = ({ headers }: IncomingMessage): boolean =>
  Number(headers['content-length'] ?? 0) > MAX_BODY_BYTES;

/** The body's raw bytes; an error for a body that is too large. @throws where the client went away. */
export async function readBody(incoming: IncomingMessage): Promise<Result<Buffer, AwsError>> {
  if (declaresTooMuch(incoming)) return err(TOO_LARGE);
  try {
    return ok(await getRawBody(incoming, { limit: MAX_BODY_BYTES }));
  } catch (cause) {
    if ((cause as { type?: unknown }).type !== 'entity.too.large') throw cause;
    return err(TOO_LARGE);
  }
}

const TOO_LARGE = awsError('RequestEntityTooLarge', `The request body is over ${MAX_BODY_BYTES} bytes.`);
