import { Router } from 'express';
import { z } from 'zod';
import type { Coverage } from '../commands/coverage/coverage.ts';
import { CoverageRun } from '../commands/coverage/measure.ts';
import { renderCoveragePage } from '../commands/coverage/render-page.ts';
import { renderCoverage } from '../commands/coverage/render-text.ts';
import type { Directory } from '../directory/directory.ts';
import { findIdentity } from '../directory/find-caller.ts';
import { err, ok, type Result } from '../lib/result.ts';
import type { DecisionLog } from '../records/decision-log.ts';
import type { DecisionRecord } from '../records/decision-record.ts';
import { type AccessCell, AccessMatrix } from './access-matrix.ts';
import { only, refuse } from './admin-router.ts';
import { checkBody, readJsonBody } from './body.ts';
import { inSlices } from './in-slices.ts';
import { type Mark, Marks } from './marks.ts';
import { COVERAGE_QUERY, MARK_BODY } from './requests.ts';

export interface CoverageRouteOptions {
  readonly log: DecisionLog;
  /** The last valid state of the folder: the policies that are measured. */
  readonly directory: () => Directory;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

/** `/_authz/coverage` and `/_authz/marks`: what the decisions in memory used of the policies, since a moment. */
export function coverageRoute({ log, directory, clock }: CoverageRouteOptions): Router {
  const marks = new Marks();
  const router = Router({ caseSensitive: true, strict: true });
  router.get('/coverage', async (request, response) => {
    const query = COVERAGE_QUERY.safeParse(request.query);
    if (!query.success) return refuse(response, 400, 'InvalidFilter', z.prettifyError(query.error));
    const policies = directory();
    const since = timeOf(query.data.since, marks);
    if (!since.ok) return refuse(response, 400, 'InvalidFilter', since.error);
    const { as } = query.data;
    const identity = as === undefined ? undefined : findIdentity(policies, as);
    if (identity?.ok === false) return refuse(response, 404, 'NotFound', identity.error);
    const name = identity && `${identity.value.kind}/${identity.value.name}`;
    const records = log.list(since.value === undefined ? {} : { since: since.value });
    const { coverage, matrix } = await measure(policies, records, name);
    switch (request.accepts(['json', 'html', 'text'])) {
      case 'html':
        return void response.type('html').send(await renderCoveragePage(coverage, policies));
      case 'text':
        return void response.type('text').send(`${renderCoverage(coverage)}\n`);
      default:
        return void response.json({ ...coverage, matrix } satisfies CoverageView);
    }
  });
  router.all('/coverage', only('GET'));
  router
    .get('/marks', (_, response) => void response.json({ marks: marks.list() } satisfies MarkList))
    .post('/marks', readJsonBody, (request, response) => {
      const body = checkBody(MARK_BODY, request.body, response);
      if (body) response.status(201).json(marks.set(body.name, clock()));
    })
    .all('/marks', only('GET', 'POST'));
  return router;
}

/** The response to `GET coverage`. */
export interface CoverageView extends Coverage {
  readonly matrix: readonly AccessCell[];
}

/** The response to `GET marks`. */
export interface MarkList {
  readonly marks: readonly Mark[];
}

async function measure(
  directory: Directory,
  records: readonly DecisionRecord[],
  name: string | undefined,
): Promise<{ readonly coverage: Coverage; readonly matrix: readonly AccessCell[] }> {
  const run = new CoverageRun({ directory, ...(name !== undefined && { only: [name] }) });
  const matrix = new AccessMatrix(directory, name);
  await inSlices(records, (record) => {
    run.add(record);
    matrix.add(record);
  });
  return { coverage: run.result(), matrix: matrix.cells() };
}

function timeOf(since: string | undefined, marks: Marks): Result<string | undefined, string> {
  if (since === undefined) return ok(undefined);
  const mark = marks.find(since);
  if (mark) return ok(mark.time);
  const isTime = z.iso.datetime({ offset: true }).safeParse(since).success;
  return isTime ? ok(since) : err(`"${since}" is neither a mark nor a time such as 2026-01-31T12:00:00Z.`);
}
