import type { Directory } from '../../directory/directory.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { finish, type Steps } from '../../lib/steps.ts';
import type { Policy } from '../../policy/ast.ts';
import type { DecisionRecord } from '../../records/decision-record.ts';
import { type Draft, documentOf, policyOf, type Removal, removals } from './draft.ts';
import { type GeneratedName, generatedNames, namePattern } from './generated-names.ts';
import {
  callsOf,
  documentedChecks,
  identityOf,
  type RecordedCalls,
  type RecordedCheck,
  undocumentedChecks,
} from './recorded-calls.ts';
import { patternsFor, type ResourceScope } from './resource-scope.ts';
import { statementsFor } from './statements.ts';
import { mostTellingFirst, named, Trial } from './trial.ts';

export interface GenerateOptions {
  readonly directory: Directory;
  /** `alice`, `user/alice`, `role/recommender` or an ARN. */
  readonly as: string;
  readonly records: readonly DecisionRecord[];
  readonly resources: ResourceScope;
  /** Whether what looks generated in a name becomes a wildcard. */
  readonly names?: boolean;
}

/** Why there is no policy: `proof` is a failure of this program or of other layers; anything else, of the input. */
export interface NotGenerated {
  readonly reason: 'question' | 'nothing' | 'proof';
  readonly message: string;
}

/** A least-privilege policy and what was proved of it. */
export interface Generated {
  readonly calls: RecordedCalls;
  /** The policy document, as JSON. */
  readonly text: string;
  readonly policy: Policy;
  /** How many recorded checks pass under it. */
  readonly checks: number;
  /** How many statements, actions and resources it has; without any of them a recorded check fails. */
  readonly elements: number;
  /** Recorded calls that no identity-based policy can allow. */
  readonly beyond: readonly RecordedCheck[];
  readonly undocumentedStatements: number;
  /** Names in it that look generated: the next call will have another. */
  readonly generatedNames: readonly GeneratedName[];
}

/**
 * The smallest policy under which every recorded call of a principal passes that passed, and every undocumented check of
 * it. Nothing is believed of it: all are put to the engine again, with and without each element.
 * @returns the reason if there is nothing to generate from, or where the proof fails
 */
export const generatePolicy = (options: GenerateOptions): Result<Generated, NotGenerated> =>
  finish(generateInSteps(options));

/** The same, for a process that has requests to handle in between. */
export function* generateInSteps(options: GenerateOptions): Steps<Result<Generated, NotGenerated>> {
  const { directory, as, records, resources: scope, names = false } = options;
  const identity = identityOf(directory, as);
  if (!identity.ok) return err({ reason: 'question', message: identity.error });
  const calls = yield* callsOf(directory, identity.value, records);
  const trial = new Trial(directory, identity.value);
  const beyond = yield* beyondReach(trial, calls.audited);
  const unreachable = new Set(beyond.map(({ record }) => record));
  const granted = [...calls.passed, ...calls.audited.filter((record) => !unreachable.has(record))];
  if (granted.length === 0) {
    const message = `no recorded call of ${as} has passed: there is nothing to allow`;
    return err({ reason: 'nothing', message });
  }

  const documented = documentedChecks(granted);
  const undocumented = undocumentedChecks(granted);
  const patternOf = patternsFor(
    scope,
    [...documented, ...undocumented].map(({ check }) => check.resource),
    names ? namePattern : undefined,
  );
  function* draftFor(checks: readonly RecordedCheck[], under: Draft): Steps<Draft> {
    const needed = yield* trial.refused([named(policyOf(under))], checks);
    yield;
    return statementsFor(needed, { scope, patternOf });
  }
  const own = yield* draftFor(documented, []);
  const extra = (yield* draftFor(undocumented, own)).map((statement, index, { length }) => ({
    ...statement,
    sid: length > 1 ? `Undocumented${index + 1}` : 'Undocumented',
  }));
  const all = mostTellingFirst([...documented, ...undocumented]);
  const draft = yield* withoutNeedless([...own, ...extra], all, trial);
  const flaw = yield* flawOf(draft, all, trial);
  if (flaw !== undefined) return err({ reason: 'proof', message: `the proof failed: ${flaw}` });
  return ok({
    calls,
    text: JSON.stringify(documentOf(draft), null, 2),
    policy: policyOf(draft),
    checks: all.length,
    elements: removals(draft).length,
    beyond,
    generatedNames: generatedNames(draft.flatMap(({ resources }) => resources)),
    undocumentedStatements: draft.filter(({ sid }) => sid?.startsWith('Undocumented')).length,
  });
}

const EVERYTHING: Draft = [{ actions: ['*'], resources: ['*'], conditions: {} }];

/** Denied calls of audit mode that would be denied whatever the principal's own policies say. */
const beyondReach = (trial: Trial, records: readonly DecisionRecord[]): Steps<readonly RecordedCheck[]> =>
  trial.refused([named(policyOf(EVERYTHING))], documentedChecks(records));

/** The first element that no check needs. */
function* needlessOf(
  draft: Draft,
  checks: readonly RecordedCheck[],
  trial: Trial,
): Steps<Removal | undefined> {
  for (const removal of removals(draft)) {
    const refused = yield* trial.firstRefused([named(policyOf(removal.without))], checks);
    if (refused === undefined) return removal;
  }
  return undefined;
}

/** Takes out, one after the other, what no check needs. */
function* withoutNeedless(draft: Draft, checks: readonly RecordedCheck[], trial: Trial): Steps<Draft> {
  let rest = draft;
  for (let next = yield* needlessOf(rest, checks, trial); next; next = yield* needlessOf(rest, checks, trial))
    rest = next.without;
  return rest;
}

/** The proof: why the draft is not the smallest policy under which all checks pass; `undefined` where it is. */
function* flawOf(draft: Draft, checks: readonly RecordedCheck[], trial: Trial): Steps<string | undefined> {
  const refused = yield* trial.firstRefused([named(policyOf(draft))], checks);
  if (refused) {
    const { record, check } = refused;
    return `${check.action} on ${check.resource} was allowed (decision ${record.id}), and no identity-based policy allows it under the present boundary, session and organization policies`;
  }
  const needless = yield* needlessOf(draft, checks, trial);
  return needless && `every recorded call passes without ${needless.what} too`;
}
