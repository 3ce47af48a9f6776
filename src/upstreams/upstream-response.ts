import type { IncomingMessage } from 'node:http';
import { MAX_OBJECT_BYTES } from '../lib/body-limits.ts';
import type { AwsError } from '../lib/errors.ts';
import type { HttpResponse } from '../lib/http-message.ts';
import { ok, type Result } from '../lib/result.ts';
import { HOP_BY_HOP } from './forwarded-headers.ts';

/** As large as an object that can be put. */
const MAX_ANSWER_BYTES = MAX_OBJECT_BYTES;

/** Statuses whose responses have no body, even if their headers announce one. */
const BODILESS: ReadonlySet<number> = new Set([204, 304]);

/** Who waits for an answer. */
interface Waiting {
  readonly method: string;
  readonly isSettled: boolean;
  settle(result: Result<HttpResponse, AwsError>): void;
  fail(cause: unknown): void;
}

/** Reads an answer to its end; an answer that is cut off, or grows past all measure, is an upstream's failure. */
export function collect(answer: IncomingMessage, waiting: Waiting): void {
  const { statusCode: status = 0 } = answer;
  const isHead = waiting.method === 'HEAD';
  if (status < 200) waiting.fail(new Error(`the status is ${status}`));
  const headers = endToEndHeaders(answer, isHead);
  // Nothing is waited for: an upstream that sends a body all the same spoils only its own connection.
  if (isHead || BODILESS.has(status)) waiting.settle(ok({ status, headers, body: '' }));
  const chunks: Buffer[] = [];
  let size = 0;
  answer.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES) answer.destroy();
  });
  answer.on('end', () => {
    const [only] = chunks;
    const body = chunks.length === 1 && only ? only : Buffer.concat(chunks, size);
    waiting.settle(ok({ status, headers, body }));
  });
  // It comes after `end` too, where the matter is settled already. Node emits an error only where someone listens.
  answer.on('close', () => {
    if (waiting.isSettled) return;
    const isTooLarge = size > MAX_ANSWER_BYTES;
    waiting.fail(
      new Error(isTooLarge ? `the answer is over ${MAX_ANSWER_BYTES} bytes` : 'the answer was cut off'),
    );
  });
}

/**
 * The length of a body is counted anew; that of one which HEAD left out can only be told. Of the headers that Node does not
 * join into one (`Set-Cookie`), each stays its own.
 */
function endToEndHeaders({ headers }: IncomingMessage, isHead: boolean): HttpResponse['headers'] {
  const kept: Record<string, string | string[]> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value === undefined || HOP_BY_HOP.has(name) || (name === 'content-length' && !isHead)) continue;
    kept[name] = value;
  }
  return kept;
}
