import { Router } from 'express';
import type { Directory } from '../identity/directory.ts';
import type { DecisionLog } from '../record/decision-log.ts';
import type { DecisionRecord } from '../record/decision-record.ts';
import { explainDecision, lastDenial } from '../tools/explanation.ts';
import { renderExplanation } from '../tools/render-explanation.ts';
import { only, refuse } from './admin.ts';

export interface DecisionRoutesOptions {
  readonly log: DecisionLog;
  /** The last good state of the folder: what decisions are explained with. */
  readonly directory: () => Directory;
}

/** What `/_authz` makes of decisions: why one came out as it did. */
export function decisionRoutes({ log, directory }: DecisionRoutesOptions): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router.get('/decisions/:id/explain', (request, response) => {
    const { id } = request.params;
    const record = find(log, id);
    if (record === undefined) {
      const message = id === LAST ? 'No denial is in memory.' : `There is no decision ${id} in memory.`;
      return refuse(response, 404, 'NotFound', message);
    }
    const explanation = explainDecision(record, directory());
    return void response.format({
      json: () => response.json(explanation),
      text: () => response.send(`${renderExplanation(explanation)}\n`),
    });
  });
  router.all('/decisions/:id/explain', only('GET'));
  return router;
}

/** Stands for the id of the last denial. */
const LAST = 'last';

const find = (log: DecisionLog, id: string): DecisionRecord | undefined =>
  id === LAST ? lastDenial(log.list()) : log.find(id);
