import type { IncomingMessage } from 'node:http';
import { MAX_OBJECT_BYTES } from '../lib/body-limits.ts';
import type { AwsError } from '../lib/errors.ts';
import type { HttpResponse } from '../lib/http-message.ts';
import { err, ok, type Result } from '../lib/result.ts';
import { HOP_BY_HOP } from './forwarded-headers.ts';
import { upstreamError } from './upstream-error.ts';

/** As large as an object that can be put. */
const MAX_ANSWER_BYTES = MAX_OBJECT_BYTES;

/** Statuses whose responses have no body, even if their headers announce one. */
const BODILESS: ReadonlySet<number> = new Set([204, 304]);

/** Reads an answer to its end; an answer that is cut off, or grows past all measure, is an upstream's failure. */
export function collect(
  answer: IncomingMessage,
  settle: (result: Result<HttpResponse, AwsError>) => void,
  { description, isHead }: { readonly description: string; readonly isHead: boolean },
): void {
  const { statusCode: status = 0 } = answer;
  if (status < 200) settle(err(upstreamError(description, new Error(`the status is ${status}`))));
  const headers = endToEndHeaders(answer, isHead);
  // Nothing is waited for: an upstream that sends a body all the same spoils only its own connection.
  if (isHead || BODILESS.has(status)) settle(ok({ status, headers, body: '' }));
  const chunks: Buffer[] = [];
  let size = 0;
  const fail = (): void => {
    const reason =
      size > MAX_ANSWER_BYTES ? `the answer is over ${MAX_ANSWER_BYTES} bytes` : 'the answer was cut off';
    settle(err(upstreamError(description, new Error(reason))));
  };
  answer.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES) answer.destroy();
  });
  answer.on('end', () => settle(ok({ status, headers, body: Buffer.concat(chunks, size) })));
  // Both come after `end` too, where the matter is settled already.
  answer.on('error', fail);
  answer.on('close', fail);
}

/**
 * The length of a body is counted anew; that of one which HEAD left out can only be told. Of the headers that Node does not
 * join into one (`Set-Cookie`), each stays its own.
 */
function endToEndHeaders(answer: IncomingMessage, isHead: boolean): HttpResponse['headers'] {
  const dropped = new Set([...HOP_BY_HOP, ...(isHead ? [] : ['content-length'])]);
  return Object.fromEntries(
    Object.entries(answer.headers).flatMap(([name, value]) =>
      value === undefined || dropped.has(name) ? [] : [[name, value] as const],
    ),
  );
}
