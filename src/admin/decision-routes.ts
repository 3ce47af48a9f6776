import { Router } from 'express';
import { recordedTests } from '../commands/init/recorded-tests.ts';
import { POLICY_TEST_SCHEMA } from '../commands/init/start-files.ts';
import type { Directory } from '../directory/directory.ts';
import { explainDecision, lastDenial } from '../explanation/explanation.ts';
import { renderExplanation } from '../explanation/render-explanation.ts';
import type { DecisionLog } from '../records/decision-log.ts';
import type { DecisionRecord } from '../records/decision-record.ts';
import { authorizationDocument } from '../services/iam/authorization-document.ts';
import type { AuthorizationMessages } from '../sessions/authorization-messages.ts';
import { only, refuse } from './admin-router.ts';
import { explainView } from './explain-view.ts';
import { recordedCallView } from './recorded-call-view.ts';

export interface DecisionRoutesOptions {
  readonly log: DecisionLog;
  /** The last valid state of the folder: what decisions are explained with. */
  readonly directory: () => Directory;
  readonly messages: AuthorizationMessages;
  /** Of policy tests. */
  readonly region: string;
}

/** What `/_authz` makes of decisions: why one came out as it did. */
export function decisionRoutes({ log, directory, messages, region }: DecisionRoutesOptions): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router.get('/decisions/:id/explain', async (request, response) => {
    const { id } = request.params;
    const record = find(log, id);
    if (record === undefined) return refuse(response, 404, 'NotFound', notFound(id));
    if (request.accepts(['json', 'text']) !== 'text')
      return void response.json(
        request.query.detail === '1'
          ? await explainView(record, directory())
          : explainDecision(record, directory()),
      );
    const text = renderExplanation(explainDecision(record, directory()));
    return void response.type('text').send(`${text}\n`);
  });
  router.get('/decisions/:id/encoded-message', async (request, response) => {
    const { id } = request.params;
    const record = find(log, id);
    if (record === undefined) return refuse(response, 404, 'NotFound', notFound(id));
    const document = authorizationDocument(record, directory());
    if (document === undefined) return refuse(response, 404, 'NotDenied', `No policy denied decision ${id}.`);
    return void response.json({ encodedMessage: await messages.encode(document) });
  });
  router.get('/decisions/:id/call', (request, response) => {
    const { id } = request.params;
    const record = find(log, id);
    if (record === undefined) return refuse(response, 404, 'NotFound', notFound(id));
    const call = recordedCallView(record, directory());
    if (call === undefined)
      return refuse(
        response,
        404,
        'NoInput',
        `The record of decision ${id} does not have the input of a call.`,
      );
    return void response.json(call);
  });
  router.get('/decisions/:id/test', (request, response) => {
    const { id } = request.params;
    const record = find(log, id);
    if (record === undefined) return refuse(response, 404, 'NotFound', notFound(id));
    const schema = POLICY_TEST_SCHEMA;
    const { text, rows, leftOut } = recordedTests({
      records: [record],
      directory: directory(),
      region,
      schema,
    });
    if (rows > 0) return void response.type('application/yaml').send(text);
    const reasons =
      [...leftOut.keys()].join('; ') || 'the request was rejected before any policy was evaluated';
    return refuse(response, 409, 'NoTest', `There is no policy test of decision ${id}: ${reasons}.`);
  });
  router.all(
    [
      '/decisions/:id/test',
      '/decisions/:id/explain',
      '/decisions/:id/encoded-message',
      '/decisions/:id/call',
    ],
    only('GET'),
  );
  return router;
}

/** Stands for the id of the last denial. */
const LAST = 'last';

const notFound = (id: string): string =>
  id === LAST ? 'No denial is in memory.' : `There is no decision ${id} in memory.`;

const find = (log: DecisionLog, id: string): DecisionRecord | undefined =>
  id === LAST ? lastDenial(log.list()) : log.find(id);
