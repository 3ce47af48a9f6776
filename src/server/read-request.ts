import type { IncomingMessage } from 'node:http';
import getRawBody from 'raw-body';
import { type AwsError, awsError } from '../lib/errors.ts';
import type { HttpRequest } from '../lib/http-message.ts';
import { err, ok, type Result } from '../lib/result.ts';
import { claimsS3 } from '../wire/s3-target.ts';
import { type ClientOf, peerOf } from './client-address.ts';

/** Personalize takes 10 MB at the most; STS refuses more than 10,000,000 bytes. */
export const MAX_BODY_BYTES = 16 * 1024 * 1024;

/** An object, or a part of one, comes in one request. */
export const MAX_OBJECT_BYTES = 128 * 1024 * 1024;

const limitOf = ({ headers, url }: IncomingMessage): number =>
  claimsS3(headers.authorization ?? '', url ?? '') ? MAX_OBJECT_BYTES : MAX_BODY_BYTES;

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
export const declaresTooMuch = (incoming: IncomingMessage): boolean =>
  Number(incoming.headers['content-length'] ?? 0) > limitOf(incoming);

/** The body's raw bytes; an error for a body that is too large. @throws where the client went away. */
export async function readBody(incoming: IncomingMessage): Promise<Result<Buffer, AwsError>> {
  const limit = limitOf(incoming);
  if (declaresTooMuch(incoming)) return err(tooLarge(limit));
  try {
    return ok(await getRawBody(incoming, { limit }));
  } catch (cause) {
    if ((cause as { type?: unknown }).type !== 'entity.too.large') throw cause;
    return err(tooLarge(limit));
  }
}

const tooLarge = (limit: number): AwsError =>
  awsError('RequestEntityTooLarge', `The request body is over ${limit} bytes.`);
