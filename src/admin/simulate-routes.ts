import { type Response, Router } from 'express';
import { ReplayRun } from '../commands/replay/replay.ts';
import {
  type AuthorizeSource,
  authorizeCall,
  type CallAuthorization,
} from '../commands/simulate/authorize-call.ts';
import type { Directory } from '../directory/directory.ts';
import { decide } from '../engine/decide.ts';
import { denialMessage } from '../engine/denial-message.ts';
import { err, ok, type Result } from '../lib/result.ts';
import { recordedQuestions } from '../recorded-calls/recorded-request.ts';
import type { DecisionLog } from '../records/decision-log.ts';
import { only } from './admin-router.ts';
import { checkBody, readJsonBody } from './body.ts';
import { type EditDiagnostic, editedDirectory } from './edited-directory.ts';
import { inSlices } from './in-slices.ts';
import { REPLAY_BODY, SIMULATE_BODY, type SimulationCase } from './requests.ts';

export interface SimulateRoutesOptions {
  readonly log: DecisionLog;
  /** The last good state of the folder. */
  readonly directory: () => Directory;
  readonly source: Omit<AuthorizeSource, 'directory'>;
}

/** The decision on one case. */
type Simulated = Pick<
  CallAuthorization,
  'decision' | 'layer' | 'determining' | 'action' | 'resource' | 'message'
>;

type Outcome = Simulated | { readonly error: string };

/** `/_authz/simulate` and `/_authz/replay`: calls under edited policies. Nothing is recorded and nothing changes. */
export function simulateRoutes(options: SimulateRoutesOptions): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router
    .post('/simulate', readJsonBody, async (request, response) => {
      const body = checkBody(SIMULATE_BODY, request.body, response);
      if (body === undefined) return;
      const before = options.directory();
      const after = editedDirectory(before, body.policies);
      if (!after.ok) return refuseEdits(response, after.error);
      const results: { readonly before: Outcome; readonly after: Outcome }[] = [];
      for (const each of body.cases) {
        results.push({
          before: await outcomeOf(each, before, options),
          after: await outcomeOf(each, after.value, options),
        });
      }
      response.json({ results });
    })
    .all('/simulate', only('POST'));
  router
    .post('/replay', readJsonBody, async (request, response) => {
      const body = checkBody(REPLAY_BODY, request.body, response);
      if (body === undefined) return;
      const edited = editedDirectory(options.directory(), body.policies);
      if (!edited.ok) return refuseEdits(response, edited.error);
      await streamReplay(response, options.log, edited.value);
    })
    .all('/replay', only('POST'));
  return router;
}

const refuseEdits = (response: Response, policies: readonly EditDiagnostic[]): void =>
  void response.status(422).json({
    error: { code: 'InvalidPolicy', message: 'An edited policy is not valid.' },
    policies,
  });

async function outcomeOf(
  asked: SimulationCase,
  directory: Directory,
  { log, source }: SimulateRoutesOptions,
): Promise<Outcome> {
  if ('decision' in asked) {
    const answer = decideAgain(asked.decision, directory, log);
    return answer.ok ? answer.value : { error: answer.error };
  }
  const { principal, operation, input, context } = asked;
  const answer = await authorizeCall(
    { ...source, directory: () => directory },
    principal,
    { operation, input },
    { context },
  );
  if (!answer.ok) return { error: answer.error };
  const { decision, layer, determining, action, resource, message } = answer.value;
  return { decision, layer, determining, action, resource, ...(message !== undefined && { message }) };
}

/** The checks of a recorded decision under a directory; the first that is not allowed decides. */
function decideAgain(id: string, directory: Directory, log: DecisionLog): Result<Simulated, string> {
  const record = log.find(id);
  if (record === undefined) return err(`There is no decision ${id} in memory.`);
  const ask = recordedQuestions(directory);
  let last: Simulated | undefined;
  for (const check of record.checks) {
    const question = ask(record, check);
    if (!question.ok) return question;
    const { request, policies } = question.value;
    const { decision, layer, determining } = decide(request, policies);
    last = { decision, layer, determining, action: check.action, resource: check.resource };
    if (decision !== 'allowed')
      return ok({ ...last, message: denialMessage(request, { decision, layer, determining }) });
  }
  return last ? ok(last) : err('The request was rejected before any policy was evaluated.');
}

/** One JSON object per line: `progress`, `change` and `done`. Ends where the reader goes away. */
async function streamReplay(response: Response, log: DecisionLog, directory: Directory): Promise<void> {
  const records = log.list();
  const run = new ReplayRun(directory);
  const write = (line: object): boolean => response.write(`${JSON.stringify(line)}\n`);
  response.type('application/x-ndjson').setHeader('cache-control', 'no-store');
  write({ type: 'progress', done: 0, total: records.length });
  await inSlices(
    records,
    (record) => !response.destroyed && run.add(record),
    (done) => void write({ type: 'progress', done, total: records.length }),
  );
  const { decisions, checks, changes } = run.result;
  for (const { decisions: ids, ...change } of changes)
    write({ type: 'change', ...change, count: ids.length, decisions: ids.slice(0, 20) });
  write({ type: 'done', decisions, checks, changes: changes.length });
  response.end();
}
