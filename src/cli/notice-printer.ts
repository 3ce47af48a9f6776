import type { Writable } from 'node:stream';
import type { Notice } from '../app/proxy-options.ts';
import type { DecisionRecord } from '../records/decision-record.ts';
import { faultLine } from './exit.ts';
import { LineLimit, type LineLimitOptions } from './line-limit.ts';

export interface NoticePrinterOptions extends Pick<LineLimitOptions, 'later'> {
  readonly stderr: Pick<Writable, 'write' | 'writableLength'>;
  /** The address of the console, once it is known. */
  readonly pages: { readonly url?: string };
}

/** Limit for unread notices, in characters; further notices are dropped, their decisions are still logged. */
const MOST_UNREAD = 1_000_000;

/**
 * Writes notices for the person at the terminal: denials, reloads that succeeded or failed, advice, and failures. Lines
 * about requests are limited, others are not.
 */
export function noticePrinter({ stderr, later, pages }: NoticePrinterOptions): (notice: Notice) => void {
  const write = (line: string): void => {
    if (stderr.writableLength < MOST_UNREAD) stderr.write(`${line}\n`);
  };
  const requests = new LineLimit({ write, later });
  return (notice) => {
    if (notice.kind === 'failure' && notice.isOfRequest)
      return requests.print('failed', () => noticeText(notice));
    if (notice.kind !== 'decision') return write(noticeText(notice));
    const { record } = notice;
    const { error } = record;
    if (error) requests.print(record.outcome, () => denialLine(record, error, pages.url));
  };
}

/** It ends with the address of the explanation in the console: terminals make a link of it. */
function denialLine(
  { outcome, id, checks }: DecisionRecord,
  { message, code }: NonNullable<DecisionRecord['error']>,
  url: string | undefined,
): string {
  const { cause } = checks.find((check) => check.cause !== undefined) ?? {};
  const reason = cause === undefined ? '' : `; ${cause}`;
  const page = url === undefined ? '' : ` ${url}/_authz/d/${id}`;
  return `${outcome}: ${message.split('\n')[0]} (${code}, decision ${id})${reason}${page}`;
}

function noticeText(notice: Exclude<Notice, { readonly kind: 'decision' }>): string {
  switch (notice.kind) {
    case 'reloaded':
      return 'Reloaded principals and policies.';
    case 'reloaded-fixtures':
      return 'Reloaded the fixtures of the stub.';
    case 'problems':
      return [
        'Reload failed; keeping the last valid configuration:',
        ...notice.diagnostics.map((diagnostic) => `  ${faultLine(diagnostic)}`),
      ].join('\n');
    case 'advice':
      return notice.message;
    case 'failure':
      return `Failure: ${notice.message}`;
  }
}
