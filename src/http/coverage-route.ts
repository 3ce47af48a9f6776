import { Router } from 'express';
import type { Directory } from '../identity/directory.ts';
import type { DecisionLog } from '../record/decision-log.ts';
import { measureCoverage } from '../tools/coverage/measure.ts';
import { renderCoveragePage } from '../tools/coverage/render-page.ts';
import { renderCoverage } from '../tools/coverage/render-text.ts';
import { only } from './admin.ts';

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
