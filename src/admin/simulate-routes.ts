import { type Response, Router } from 'express';
import { type ReplayedChange, ReplayRun } from '../commands/replay/replay.ts';
import {
  type AuthorizeSource,
  authorizeCall,
  type CallAuthorization,
} from '../commands/simulate/authorize-call.ts';
import { type RepeatCallOptions, repeatCall } from '../commands/simulate/repeat-call.ts';
import type { Directory } from '../directory/directory.ts';
import { decide } from '../engine/decide.ts';
import { denialMessage } from '../engine/denial-message.ts';
import { err, ok, type Result } from '../lib/result.ts';
import type { DecisionLog } from '../records/decision-log.ts';
import { only } from './admin-router.ts';
import { checkBody, readJsonBody } from './body.ts';
import { type EditDiagnostic, editedDirectory } from './edited-directory.ts';
import { finishInSlices, inSlices } from './in-slices.ts';
import { REPLAY_BODY, SIMULATE_BODY, type SimulationCase } from './requests.ts';

export interface SimulateRoutesOptions {
  readonly log: DecisionLog;
  /** The last valid state of the folder. */
  readonly directory: () => Directory;
  readonly source: Omit<AuthorizeSource, 'directory'>;
}

/** The decision on one case. */
interface Simulated
  extends Pick<CallAuthorization, 'decision' | 'layer' | 'determining' | 'action' | 'resource' | 'message'> {
  /** Of a recorded call: why the decision may differ from that on the call as it was sent. */
  readonly caveats?: readonly string[];
}

export type SimulateOutcome = Simulated | { readonly error: string };

export interface SimulateResponse {
  readonly results: readonly { readonly before: SimulateOutcome; readonly after: SimulateOutcome }[];
}

/** `/_authz/simulate` and `/_authz/replay`: calls under edited policies. Nothing is recorded and nothing changes. */
export function simulateRoutes(options: SimulateRoutesOptions): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router
    .post('/simulate', readJsonBody, async (request, response) => {
      const body = checkBody(SIMULATE_BODY, request.body, response);
      if (body === undefined) return;
      const before = options.directory();
      const after = await finishInSlices(editedDirectory(before, body.policies));
      if (!after.ok) return refuseEdits(response, after.error);
      const results: SimulateResponse['results'][number][] = [];
      await inSlices(body.cases, async (each) => {
        results.push({
          before: await outcomeOf(each, before, options),
          after: await outcomeOf(each, after.value, options),
        });
      });
      response.json({ results } satisfies SimulateResponse);
    })
    .all('/simulate', only('POST'));
  router
    .post('/replay', readJsonBody, async (request, response) => {
      const body = checkBody(REPLAY_BODY, request.body, response);
      if (body === undefined) return;
      const edited = await finishInSlices(editedDirectory(options.directory(), body.policies));
      if (!edited.ok) return refuseEdits(response, edited.error);
      await streamReplay(response, options.log, edited.value);
    })
    .all('/replay', only('POST'));
  return router;
}

/** The body of a 422. */
export interface InvalidEdits {
  readonly error: { readonly code: 'InvalidPolicy'; readonly message: string };
  readonly policies: readonly EditDiagnostic[];
}

const refuseEdits = (response: Response, policies: readonly EditDiagnostic[]): void =>
  void response.status(422).json({
    error: { code: 'InvalidPolicy', message: 'An edited policy is not valid.' },
    policies,
  } satisfies InvalidEdits);

async function outcomeOf(
  asked: SimulationCase,
  directory: Directory,
  { log, source }: SimulateRoutesOptions,
): Promise<SimulateOutcome> {
  if ('decision' in asked) {
    const answer = decideAgain(asked.decision, { ...source, directory }, log);
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

/** A recorded call under a directory; the first check that is not allowed decides. */
function decideAgain(id: string, options: RepeatCallOptions, log: DecisionLog): Result<Simulated, string> {
  const record = log.find(id);
  if (record === undefined) return err(`There is no decision ${id} in memory.`);
  const repeated = repeatCall(record, options);
  if (!repeated.ok) return repeated;
  const { requests, caveats } = repeated.value;
  let last: Simulated | undefined;
  for (const { request, policies } of requests) {
    const { action, resource } = request;
    const { decision, layer, determining } = decide(request, policies);
    last = { decision, layer, determining, action, resource, caveats };
    if (decision !== 'allowed')
      return ok({ ...last, message: denialMessage(request, { decision, layer, determining }) });
  }
  return last ? ok(last) : err('The call has no checks.');
}

/** A line of the response to `POST replay`. */
export type ReplayLine =
  | { readonly type: 'progress'; readonly done: number; readonly total: number }
  | ({
      readonly type: 'change';
      /** How many recorded calls change alike. */
      readonly count: number;
      /** IDs of the first of them. */
      readonly decisions: readonly string[];
    } & Omit<ReplayedChange, 'decisions'>)
  | { readonly type: 'done'; readonly decisions: number; readonly checks: number; readonly changes: number };

const MOST_DECISIONS = 20;

/** One JSON object per line: `progress`, `change` and `done`. Ends where the reader goes away. */
async function streamReplay(response: Response, log: DecisionLog, directory: Directory): Promise<void> {
  const records = log.list();
  const run = new ReplayRun(directory);
  const write = (line: ReplayLine): boolean => response.write(`${JSON.stringify(line)}\n`);
  response.type('application/x-ndjson').setHeader('cache-control', 'no-store');
  write({ type: 'progress', done: 0, total: records.length });
  await inSlices(
    records,
    (record) => {
      if (!response.destroyed) run.add(record);
    },
    (done) => void write({ type: 'progress', done, total: records.length }),
  );
  const { decisions, checks, changes } = run.result;
  await inSlices(changes, ({ decisions: ids, ...change }) => {
    write({ type: 'change', ...change, count: ids.length, decisions: ids.slice(0, MOST_DECISIONS) });
  });
  write({ type: 'done', decisions, checks, changes: changes.length });
  response.end();
}
