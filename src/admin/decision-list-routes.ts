import { once } from 'node:events';
import { type Response, Router } from 'express';
import { z } from 'zod';
import type { DecisionLog } from '../records/decision-log.ts';
import type { DecisionRecord } from '../records/decision-record.ts';
import { only, refuse } from './admin-router.ts';
import type { DecisionStreams } from './decision-stream.ts';
import { type DecisionSummary, mentions, summarize } from './decision-summary.ts';
import { inSlices } from './in-slices.ts';
import { DECISIONS_QUERY, STREAM_QUERY } from './requests.ts';

export interface DecisionListOptions {
  readonly log: DecisionLog;
  readonly streams: DecisionStreams;
  readonly instance: () => string;
  readonly clear: () => void | Promise<void>;
}

/** The response to `GET decisions?view=summary`. */
export interface DecisionPage {
  readonly instance: string;
  /** Sequence numbers of the newest and oldest decisions in memory. */
  readonly newest: number;
  readonly oldest: number;
  /** Newest first. */
  readonly decisions: readonly DecisionSummary[];
  /** The next page's `before`; absent on the last page. */
  readonly next?: number;
}

const PAGE = 500;
const MOST_IN_PAGE = 10_000;

/** `/_authz/decisions`: the decisions in memory, as records, as summaries and as a stream. */
export function decisionListRoutes(options: DecisionListOptions): Router {
  const { log, streams } = options;
  const router = Router({ caseSensitive: true, strict: true });
  router
    .get('/decisions', async (request, response) => {
      const query = DECISIONS_QUERY.safeParse(request.query);
      if (!query.success) return refuse(response, 400, 'InvalidFilter', z.prettifyError(query.error));
      if (query.data.view === 'summary') return sendSummaries(response, query.data, options);
      const { view: _, outcome, q: __, before: ___, after: ____, limit, ...rest } = query.data;
      const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
      const found = log.list(given).filter((record) => outcome?.includes(record.outcome) ?? true);
      return sendRecords(response, limit === undefined ? found : found.slice(-limit));
    })
    .delete('/decisions', async (_, response) => {
      await options.clear();
      response.status(204).end();
    })
    .all('/decisions', only('GET', 'DELETE'));
  router
    .get('/decisions/stream', (request, response) => {
      const query = STREAM_QUERY.safeParse(request.query);
      if (!query.success) return refuse(response, 400, 'InvalidFilter', z.prettifyError(query.error));
      if (!streams.hasRoom)
        return refuse(response, 503, 'TooManyStreams', 'Too many pages follow the decisions. Close one.');
      return streams.open(response, request.get('last-event-id') ?? query.data.after);
    })
    .all('/decisions/stream', only('GET'));
  router
    .get('/decisions/:id', (request, response) => {
      const record = log.find(request.params.id);
      if (!record)
        return refuse(response, 404, 'NotFound', `There is no decision ${request.params.id} in memory.`);
      return void response.json(record);
    })
    .all('/decisions/:id', only('GET'));
  return router;
}

/** All of them are ten megabytes: they are written in slices, as fast as they are read. */
async function sendRecords(response: Response, records: readonly DecisionRecord[]): Promise<void> {
  let text = '{"decisions":[';
  let separator = '';
  response.type('json');
  await inSlices(
    records,
    (record) => {
      if (response.destroyed) return;
      text += separator + JSON.stringify(record);
      separator = ',';
    },
    async () => {
      const isRead = response.destroyed || response.write(text);
      text = '';
      if (!isRead) await Promise.race([once(response, 'drain'), once(response, 'close')]);
    },
  );
  response.end(`${text}]}`);
}

function sendSummaries(
  response: Response,
  { outcome, q, before, after = 0, limit = PAGE }: z.output<typeof DECISIONS_QUERY>,
  { log, instance }: DecisionListOptions,
): void {
  const found: DecisionSummary[] = [];
  const most = Math.min(limit, MOST_IN_PAGE);
  let sequence = Math.min(before ?? log.newest + 1, log.newest + 1) - 1;
  const first = Math.max(log.oldest, after + 1);
  for (; sequence >= first && found.length < most; sequence -= 1) {
    const record = log.at(sequence);
    if (record === undefined || !(outcome?.includes(record.outcome) ?? true)) continue;
    const summary = summarize(record, sequence);
    if (q === undefined || mentions(summary, q)) found.push(summary);
  }
  response.json({
    instance: instance(),
    newest: log.newest,
    oldest: log.oldest,
    decisions: found,
    ...(sequence >= first && { next: sequence + 1 }),
  } satisfies DecisionPage);
}
