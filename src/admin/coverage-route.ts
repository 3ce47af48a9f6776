import { Router } from 'express';
import { measureCoverage } from '../commands/coverage/measure.ts';
import { renderCoveragePage } from '../commands/coverage/render-page.ts';
import { renderCoverage } from '../commands/coverage/render-text.ts';
import type { Directory } from '../directory/directory.ts';
import type { DecisionLog } from '../records/decision-log.ts';
import { only } from './admin-router.ts';

export interface CoverageRouteOptions {
  readonly log: DecisionLog;
  /** The last good state of the folder: the policies that are measured. */
  readonly directory: () => Directory;
}

/** `/_authz/coverage`: what the decisions in memory used of the policies. */
export function coverageRoute({ log, directory }: CoverageRouteOptions): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router.get('/coverage', async (_, response) => {
    const policies = directory();
    const coverage = measureCoverage({ directory: policies, records: log.list() });
    const page = await renderCoveragePage(coverage, policies);
    return void response.format({
      json: () => response.json(coverage),
      html: () => response.send(page),
      text: () => response.send(`${renderCoverage(coverage)}\n`),
    });
  });
  router.all('/coverage', only('GET'));
  return router;
}
