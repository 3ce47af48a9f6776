import { Router } from 'express';
import type { AuthorizationMessages } from '../identity/authorization-messages.ts';
import type { Directory } from '../identity/directory.ts';
import type { DecisionLog } from '../record/decision-log.ts';
import type { DecisionRecord } from '../record/decision-record.ts';
import { authorizationDocument } from '../tools/authorization-document.ts';
import { explainDecision, lastDenial } from '../tools/explanation.ts';
import { renderExplanation } from '../tools/render-explanation.ts';
import { only, refuse } from './admin.ts';

export interface DecisionRoutesOptions {
  readonly log: DecisionLog;
  /** The last good state of the folder: what decisions are explained with. */
  readonly directory: () => Directory;
  readonly messages: AuthorizationMessages;
}

/** What `/_authz` makes of decisions: why one came out as it did. */
export function decisionRoutes({ log, directory, messages }: DecisionRoutesOptions): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router.get('/decisions/:id/explain', (request, response) => {
    const { id } = request.params;
    const record = find(log, id);
    if (record === undefined) return refuse(response, 404, 'NotFound', notFound(id));
    const explanation = explainDecision(record, directory());
    return void response.format({
      json: () => response.json(explanation),
      text: () => response.send(`${renderExplanation(explanation)}\n`),
    });
  });
  router.get('/decisions/:id/encoded-message', async (request, response) => {
    const { id } = request.params;
    const record = find(log, id);
    if (record === undefined) return refuse(response, 404, 'NotFound', notFound(id));
    const document = authorizationDocument(record, directory());
    if (document === undefined) return refuse(response, 404, 'NotDenied', `No policy denied decision ${id}.`);
    return void response.json({ encodedMessage: await messages.encode(document) });
  });
  router.all(['/decisions/:id/explain', '/decisions/:id/encoded-message'], only('GET'));
  return router;
}

/** Stands for the id of the last denial. */
const LAST = 'last';

const notFound = (id: string): string =>
  id === LAST ? 'No denial is in memory.' : `There is no decision ${id} in memory.`;

const find = (log: DecisionLog, id: string): DecisionRecord | undefined =>
  id === LAST ? lastDenial(log.list()) : log.find(id);
