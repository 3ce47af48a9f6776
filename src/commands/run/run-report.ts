import type { Directory } from '../../directory/directory.ts';
import { findCaller } from '../../directory/find-caller.ts';
import { type Simulation, simulate } from '../../explanation/simulation.ts';
import { recordedQuestions } from '../../recorded-calls/recorded-request.ts';
import type { Outcome } from '../../records/decision-record.ts';
import type { Coverage, UnusedGrant } from '../coverage/coverage.ts';
import { coveragePrincipals, measureCoverage } from '../coverage/measure.ts';
import type { CheckGroup, OperationCount, RunTally, SecondHops } from './tally.ts';

/** A check that was refused in a run, and why. */
export interface RefusedCheck {
  readonly count: number;
  readonly operations: readonly string[];
  /** The id of the first decision. */
  readonly decision: string;
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  /** Absent where the question can not be asked again: the caller is not in the folder any more. */
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
  /** Where statements can be added: the files of the principal's own policies. */
  readonly policyFiles: readonly string[];
  readonly calls: Readonly<Record<Outcome | 'total', number>>;
  readonly operations: readonly OperationCount[];
  readonly secondHops: SecondHops;
  readonly denied: readonly RefusedCheck[];
  readonly undocumented: readonly RefusedCheck[];
  readonly rejected: readonly RejectedRequests[];
  /** What the principal's policies grant and the command did not use. */
  readonly unused: readonly UnusedGrant[];
  /** Of all policies that bear on the principal. */
  readonly coverage: Coverage;
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
      principal: record.principal?.arn ?? 'nobody who is known',
      action: check.action,
      resource: check.resource,
      ...(question.ok && {
        explanation: simulate({ ...question.value.request, policies: question.value.policies }),
      }),
    };
  };
  const coverage = measureCoverage({ directory, records: tally.records, only: holdersOf(directory, end) });
  const of = (outcome: Outcome): number => tally.countOf(outcome);
  return {
    ...end,
    policyFiles: policyFilesOf(directory, end.principal),
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

function holdersOf(directory: Directory, { principal }: RunEnd): readonly string[] {
  const found = coveragePrincipals(directory, [principal]);
  return found.ok ? found.value : [];
}

function policyFilesOf(directory: Directory, principal: string): readonly string[] {
  const caller = findCaller(directory, principal);
  if (!caller.ok) return [];
  return [...new Set(caller.value.policySet.identity.flatMap(({ file }) => file ?? []))];
}
