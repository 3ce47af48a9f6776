import type { Directory } from '../../directory/directory.ts';
import { decide } from '../../engine/decide.ts';
import type { Decision, StatementRef } from '../../engine/decision.ts';
import { denialMessage } from '../../engine/denial-message.ts';
import { LAYER_NAMES, PLAIN, placeOf, type Styles } from '../../explanation/evaluation-steps.ts';
import { recordedQuestions } from '../../recorded-calls/recorded-request.ts';
import type { CheckRecord, DecisionRecord } from '../../records/decision-record.ts';

/** Checks that came out alike then and come out alike now. */
export interface ReplayedChange {
  /** ARN; of a web identity its provider. */
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  readonly was: ReplayedDecision;
  /** Absent where the caller is gone, so that nothing is asked any more: see `because`. */
  readonly now?: ReplayedDecision;
  /** AWS's message for the current denial, or why there is no caller. */
  readonly because?: string;
  /** AWS does not document this check: it does not count for the exit code. */
  readonly undocumented: boolean;
  /** Ids of the recorded decisions, the oldest first. */
  readonly decisions: readonly string[];
}

export type ReplayedDecision = Pick<Decision, 'decision' | 'layer' | 'determining'>;

export interface Replay {
  readonly decisions: number;
  readonly checks: number;
  /** Only what changes. */
  readonly changes: readonly ReplayedChange[];
}

/** Puts recorded checks to the policies of a directory, one record after the other. */
export class ReplayRun {
  readonly #ask: ReturnType<typeof recordedQuestions>;
  readonly #changes = new Map<string, ReplayedChange & { readonly decisions: string[] }>();
  #decisions = 0;
  #checks = 0;

  constructor(directory: Directory) {
    this.#ask = recordedQuestions(directory);
  }

  add(record: DecisionRecord): void {
    this.#decisions += 1;
    for (const check of record.checks) this.#again(record, check, false);
    for (const check of record.undocumented) this.#again(record, check, true);
  }

  get result(): Replay {
    return { decisions: this.#decisions, checks: this.#checks, changes: [...this.#changes.values()] };
  }

  #again(record: DecisionRecord, check: CheckRecord, undocumented: boolean): void {
    this.#checks += 1;
    const change = changeOf(record, check, this.#ask(record, check));
    if (change === undefined) return;
    const key = JSON.stringify([change, undocumented]);
    const known = this.#changes.get(key) ?? { ...change, undocumented, decisions: [] };
    known.decisions.push(record.id);
    this.#changes.set(key, known);
  }
}

/** Re-evaluates recorded checks against the policies of a directory, and returns those whose decision changes. */
export function replay(records: readonly DecisionRecord[], directory: Directory): Replay {
  const run = new ReplayRun(directory);
  for (const record of records) run.add(record);
  return run.result;
}

type Change = Omit<ReplayedChange, 'undocumented' | 'decisions'>;

function changeOf(
  { principal }: DecisionRecord,
  { action, resource, context, ...was }: CheckRecord,
  question: ReturnType<ReturnType<typeof recordedQuestions>>,
): Change | undefined {
  const provider = context?.['aws:PrincipalServiceName'] ?? context?.['aws:FederatedProvider'];
  const about = {
    principal: principal?.arn ?? String(provider ?? 'anonymous'),
    action,
    resource,
    was: decisionOf(was),
  };
  if (!question.ok) return was.decision === 'allowed' ? { ...about, because: question.error } : undefined;
  const { request, policies } = question.value;
  const now = decide(request, policies);
  if (now.decision === was.decision) return undefined;
  return {
    ...about,
    now: decisionOf(now),
    ...(now.decision !== 'allowed' && { because: now.cause ?? denialMessage(request, now) }),
  };
}

const decisionOf = ({ decision, layer, determining }: ReplayedDecision): ReplayedDecision => ({
  decision,
  layer,
  determining,
});

/** The changes as text, one after the other; empty if there are none. */
export const renderReplay = ({ changes }: Replay, styles: Styles = PLAIN): string =>
  changes.map((change) => `${renderChange(change, styles)}\n`).join('\n');

function renderChange(change: ReplayedChange, styles: Styles): string {
  const { was, now, action, resource, principal, because, decisions, undocumented } = change;
  const mark = now?.decision === 'allowed' ? styles.good : styles.bad;
  const [first = ''] = decisions;
  const times = decisions.length === 1 ? '' : ` and ${decisions.length - 1} more`;
  return [
    `${mark(`${was.decision} -> ${now?.decision ?? 'no caller'}`)}  ${action} on ${resource}`,
    `  by ${principal} (decision ${first}${times})${undocumented ? ', a check that AWS does not document' : ''}`,
    `  then: ${renderDecision(was)}`,
    `  now:  ${now === undefined ? because : renderDecision(now)}`,
    ...(now !== undefined && because !== undefined ? [`  ${styles.faint(because)}`] : []),
  ].join('\n');
}

function renderDecision({ decision, layer, determining }: ReplayedDecision): string {
  const places: readonly StatementRef[] = determining;
  if (places.length > 0) return places.map(placeOf).join('; ');
  return decision === 'allowed' ? 'allowed' : `not allowed by the ${LAYER_NAMES[layer]}`;
}
