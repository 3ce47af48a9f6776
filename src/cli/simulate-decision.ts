import { answerOf } from '../commands/simulate/call-authorization.ts';
import { type RepeatCallOptions, repeatCall } from '../commands/simulate/repeat-call.ts';
import type { Config } from '../config/read-config.ts';
import type { Decision } from '../engine/decision.ts';
import { renderSimulations } from '../explanation/render-check.ts';
import { simulate } from '../explanation/simulation.ts';
import type { DecisionRecord } from '../records/decision-record.ts';
import { configuredUrl, originOf } from './address.ts';
import { hasDecisions, recordedDecisions } from './decisions.ts';
import { CommandError, EXIT } from './exit.ts';
import { findDecision } from './find-decision.ts';
import type { Invocation } from './invocation.ts';
import { fetchAdmin } from './proxy-client.ts';

/** Where the record of a decision is. */
export interface DecisionSource {
  readonly decisions: readonly string[];
  readonly url?: string | undefined;
}

/** What the current policies decide about a recorded call. */
export interface SimulatedDecision {
  readonly id: string;
  readonly operation?: string;
  readonly principal: string;
  /** The outcome then. */
  readonly recorded: DecisionRecord['outcome'];
  readonly decision: Decision['decision'];
  readonly layer: Decision['layer'];
  readonly determining: Decision['determining'];
  /** The check that decided: the first that is refused, or the last. */
  readonly action: string;
  readonly resource: string;
  readonly message?: string;
  /** Why the decision may differ from that on the call as it was sent. */
  readonly caveats: readonly string[];
  readonly explanation: string;
}

/** Asks a recorded call again, from its record's input. @throws CommandError if the record is not there, or not of a call */
export async function simulateDecision(
  id: string,
  source: DecisionSource,
  options: Omit<RepeatCallOptions, 'region' | 'undocumentedChecks'>,
  { config, io }: { readonly config: Config; readonly io: Invocation },
): Promise<SimulatedDecision> {
  const record = await readDecision(id, source, config, io);
  const { region, undocumentedChecks } = config;
  const repeated = repeatCall(record, { ...options, region, undocumentedChecks });
  if (!repeated.ok) throw new CommandError(EXIT.usage, repeated.error);
  const { requests, caveats } = repeated.value;
  const checks = requests.map(({ request, policies }) => simulate({ ...request, policies }));
  const { decision, layer, determining, check, refused } = answerOf(checks);
  const { principal, action, resource, message } = check;
  const { operation } = record.request;
  return {
    id: record.id,
    ...(operation !== undefined && { operation }),
    ...{ principal, recorded: record.outcome, decision, layer, determining, action, resource },
    ...(message !== undefined && { message }),
    caveats,
    explanation: renderSimulations(refused.length > 0 ? refused : [check], io.styles),
  };
}

/** The explanation, what was decided then, and what the record does not have. */
export const renderSimulatedDecision = (
  { id, operation = 'call', recorded, caveats, explanation }: SimulatedDecision,
  { styles }: Pick<Invocation, 'styles'>,
): string =>
  [
    explanation,
    '',
    `Decision ${id}, ${operation}: ${recorded} when it was recorded.`,
    ...caveats.map((caveat) => styles.bad(`The decision on the call as it was sent may differ: ${caveat}.`)),
  ].join('\n');

async function readDecision(
  id: string,
  { decisions, url }: DecisionSource,
  config: Config,
  io: Invocation,
): Promise<DecisionRecord> {
  if (url !== undefined && decisions.length > 0)
    throw new CommandError(EXIT.usage, 'name either --url or --decisions');
  if (url === undefined && hasDecisions(decisions, config))
    return findDecision(await recordedDecisions(decisions, config, io), id);
  const base = url === undefined ? configuredUrl(config) : originOf(url);
  return fetchAdmin(base, `/_authz/decisions/${encodeURIComponent(id)}`);
}
