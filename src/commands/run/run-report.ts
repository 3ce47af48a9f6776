import type { Directory } from '../../directory/directory.ts';
import { findCaller } from '../../directory/find-caller.ts';
import { type Simulation, simulate } from '../../explanation/simulation.ts';
import { recordedQuestions } from '../../recorded-calls/recorded-request.ts';
import type { Outcome } from '../../records/decision-record.ts';
import type { Coverage, UnusedGrant } from '../coverage/coverage.ts';
import { coveragePrincipals, measureCoverage } from '../coverage/measure.ts';
import { type CheckGroup, callerOf, type OperationCount, type RunTally, type SecondHops } from './tally.ts';

/** A check that was refused in a run, and why. */
export interface RefusedCheck {
  readonly count: number;
  readonly operations: readonly string[];
  /** The id of the first decision. */
  readonly decision: string;
  readonly principal: string;
  /** The principal whose permissions the call had: `role/recommender` for its sessions. */
  readonly caller: string;
  readonly action: string;
  readonly resource: string;
  /** Absent where the question cannot be asked again: the caller is not in the folder any more. */
  readonly explanation?: Simulation;
}

export interface RejectedRequests {
  readonly count: number;
  readonly decision: string;
  readonly operation?: string;
  readonly code: string;
  readonly message: string;
}

/** What a run came to: what `run` prints, and `--report json` writes. */
export interface RunReport {
  /** The configuration file, as people open it. */
  readonly configuration: string;
  readonly command: readonly string[];
  /** As `--as` names it. */
  readonly principal: string;
  readonly exitCode: number;
  /** Everyone with whose permissions the command called, `--as` first. */
  readonly callers: readonly Caller[];
  readonly calls: Readonly<Record<Outcome | 'total', number>>;
  readonly operations: readonly OperationCount[];
  readonly secondHops: SecondHops;
  readonly denied: readonly RefusedCheck[];
  readonly undocumented: readonly RefusedCheck[];
  readonly rejected: readonly RejectedRequests[];
  /** What the callers' policies grant and the command did not use. */
  readonly unused: readonly UnusedGrant[];
  /** Of all policies that bear on the callers. */
  readonly coverage: Coverage;
}

/** A principal of a run. */
export interface Caller {
  /** `role/recommender` */
  readonly principal: string;
  readonly calls: number;
  /** Where statements can be added: the files of its own policies. */
  readonly policyFiles: readonly string[];
}

export interface RunEnd {
  /** The configuration file, as people open it. */
  readonly configuration: string;
  readonly command: readonly string[];
  readonly principal: string;
  readonly exitCode: number;
}

/** Explains what was refused with the policies of the directory. */
export function runReport(tally: RunTally, directory: Directory, end: RunEnd): RunReport {
  const ask = recordedQuestions(directory);
  const explained = ({ count, operations, record, check }: CheckGroup): RefusedCheck => {
    const question = ask(record, check);
    return {
      count,
      operations,
      decision: record.id,
      principal: record.principal?.arn ?? 'an unknown principal',
      caller: callerOf(record),
      action: check.action,
      resource: check.resource,
      ...(question.ok && {
        explanation: simulate({ ...question.value.request, policies: question.value.policies }),
      }),
    };
  };
  const callers = callersOf(tally, directory, end);
  const only = callers.map(({ principal }) => principal);
  const coverage = measureCoverage({ directory, records: tally.records, only });
  const of = (outcome: Outcome): number => tally.countOf(outcome);
  return {
    ...end,
    callers,
    calls: {
      total: tally.total,
      forwarded: of('forwarded'),
      answered: of('answered'),
      denied: of('denied'),
      audited: of('audited'),
      rejected: of('rejected'),
    },
    operations: tally.operations,
    secondHops: tally.secondHops,
    denied: tally.denied.map(explained),
    undocumented: tally.undocumented.map(explained),
    rejected: tally.rejected.map(({ count, record: { id, request, error } }) => ({
      count,
      decision: id,
      ...(request.operation !== undefined && { operation: request.operation }),
      code: error?.code ?? 'unknown',
      message: error?.message.split('\n')[0] ?? '',
    })),
    unused: coverage.principals.flatMap(({ unused }) => unused),
    coverage,
  };
}

function callersOf(
  { operations, denied }: RunTally,
  directory: Directory,
  { principal }: RunEnd,
): readonly Caller[] {
  const calls = Map.groupBy(operations, (each) => each.principal);
  const named = [principal, ...calls.keys(), ...denied.map(({ record }) => callerOf(record))].flatMap(
    (name) => {
      const found = coveragePrincipals(directory, [name]);
      return found.ok ? found.value : [];
    },
  );
  return [...new Set(named)].map((name) => ({
    principal: name,
    calls: (calls.get(name) ?? []).reduce((sum, each) => sum + each.calls, 0),
    policyFiles: policyFilesOf(directory, name),
  }));
}

function policyFilesOf(directory: Directory, principal: string): readonly string[] {
  const caller = findCaller(directory, principal);
  if (!caller.ok) return [];
  return [...new Set(caller.value.policySet.identity.flatMap(({ file }) => file ?? []))];
}
