import type { CheckRecord, DecisionRecord, Outcome } from '../../records/decision-record.ts';

/** Checks that came out the same, with the first decision of them. */
export interface CheckGroup {
  readonly count: number;
  /** Operations of the calls. */
  readonly operations: readonly string[];
  readonly record: DecisionRecord;
  readonly check: CheckRecord;
}

/** Requests that were refused before any policy was asked. */
export interface RejectionGroup {
  readonly count: number;
  readonly record: DecisionRecord;
}

/** What Personalize did with the roles that it was given: the calls that passed them are counted as calls. */
export interface SecondHops {
  readonly total: number;
  readonly refused: number;
}

/** What one operation came to. */
export interface OperationCount {
  /** Who called: `role/recommender`, or an ARN. */
  readonly principal: string;
  readonly operation: string;
  readonly calls: number;
  readonly denied: number;
}

const OUTCOMES: readonly Outcome[] = ['forwarded', 'answered', 'denied', 'audited', 'rejected'];

/** So many decisions are kept as they are; of later ones only those that are like none before. */
const MOST_KEPT = 20_000;

/** Counts the decisions of a run as they come, so that a long run needs hardly more room than a short one. */
export class RunTally {
  readonly #outcomes = new Map<Outcome, number>(OUTCOMES.map((outcome) => [outcome, 0]));
  readonly #denied = new Map<string, CheckGroup>();
  readonly #undocumented = new Map<string, CheckGroup>();
  readonly #rejected = new Map<string, RejectionGroup>();
  readonly #operations = new Map<string, OperationCount>();
  readonly #kinds = new Set<string>();
  readonly #records: DecisionRecord[] = [];
  #secondHops: SecondHops = { total: 0, refused: 0 };

  add(record: DecisionRecord): void {
    const refused = refusedChecks(record);
    if (isSecondHop(record)) this.#addSecondHop(refused.length > 0);
    else this.#addCall(record, refused.length > 0);
    for (const check of refused) addCheck(this.#denied, record, check);
    const open = record.undocumented.filter((check) => isRefused(check) && !refused.includes(check));
    for (const check of open) addCheck(this.#undocumented, record, check);
    this.#keep(record);
  }

  /** Enough of them to measure what they used. */
  get records(): readonly DecisionRecord[] {
    return this.#records;
  }

  countOf(outcome: Outcome): number {
    return this.#outcomes.get(outcome) ?? 0;
  }

  get total(): number {
    return [...this.#outcomes.values()].reduce((sum, count) => sum + count, 0);
  }

  /** Checks for which requests were denied, or would have been in `mode: enforce`. */
  get denied(): readonly CheckGroup[] {
    return [...this.#denied.values()].toSorted(byCount);
  }

  /** Checks that AWS may make, does not document, and would refuse. */
  get undocumented(): readonly CheckGroup[] {
    return [...this.#undocumented.values()].toSorted(byCount);
  }

  get rejected(): readonly RejectionGroup[] {
    return [...this.#rejected.values()].toSorted(byCount);
  }

  get operations(): readonly OperationCount[] {
    return [...this.#operations.values()];
  }

  get secondHops(): SecondHops {
    return this.#secondHops;
  }

  #addSecondHop(isRefused: boolean): void {
    const { total, refused } = this.#secondHops;
    this.#secondHops = { total: total + 1, refused: refused + Number(isRefused) };
  }

  #addCall(record: DecisionRecord, isDenied: boolean): void {
    const { outcome } = record;
    this.#outcomes.set(outcome, this.countOf(outcome) + 1);
    if (outcome === 'rejected') this.#addRejection(record);
    this.#addOperation(record, isDenied);
  }

  #keep(record: DecisionRecord): void {
    const { principal, session, checks, undocumented } = record;
    const asked = [...checks, ...undocumented].map(({ action, resource, determining }) => [
      action,
      resource,
      determining,
    ]);
    const kind = JSON.stringify([principal?.arn, session?.policies, asked]);
    if (this.#records.length < MOST_KEPT || !this.#kinds.has(kind)) this.#records.push(record);
    this.#kinds.add(kind);
  }

  #addRejection(record: DecisionRecord): void {
    const key = JSON.stringify([record.error?.code, record.request.operation, record.request.accessKeyId]);
    const before = this.#rejected.get(key);
    this.#rejected.set(key, { count: (before?.count ?? 0) + 1, record: before?.record ?? record });
  }

  #addOperation(record: DecisionRecord, isDenied: boolean): void {
    const operation = record.request.operation ?? 'unknown';
    const principal = callerOf(record);
    const key = JSON.stringify([principal, operation]);
    const { calls = 0, denied = 0 } = this.#operations.get(key) ?? {};
    this.#operations.set(key, { principal, operation, calls: calls + 1, denied: denied + Number(isDenied) });
  }
}

/** The principal whose permissions a call had: `role/recommender` for its sessions. */
export function callerOf({ principal, session }: DecisionRecord): string {
  if (session) return session.holder;
  if (principal?.userName !== undefined) return `user/${principal.userName}`;
  const role = principal?.roleArn?.split('/').at(-1);
  return role === undefined ? (principal?.arn ?? 'unknown') : `role/${role}`;
}

/** For calls of a service, the source address is the service's name. */
const isSecondHop = ({ request }: DecisionRecord): boolean => request.sourceIp.endsWith('.amazonaws.com');

/** All of them, not only the one that AWS answers with: each needs its grant. */
function refusedChecks({ outcome, checks, undocumented }: DecisionRecord): readonly CheckRecord[] {
  if (outcome !== 'denied' && outcome !== 'audited') return [];
  const documented = checks.filter(isRefused);
  return documented.length > 0 ? documented : undocumented.filter(isRefused);
}

const isRefused = ({ decision }: CheckRecord): boolean => decision !== 'allowed';

function addCheck(groups: Map<string, CheckGroup>, record: DecisionRecord, check: CheckRecord): void {
  const { request } = record;
  const key = JSON.stringify([callerOf(record), check.action, check.resource, check.decision, check.layer]);
  const before = groups.get(key) ?? { count: 0, operations: [], record, check };
  const operations = new Set([...before.operations, request.operation ?? 'unknown']);
  groups.set(key, { ...before, count: before.count + 1, operations: [...operations] });
}

const byCount = (a: { readonly count: number }, b: { readonly count: number }): number => b.count - a.count;
