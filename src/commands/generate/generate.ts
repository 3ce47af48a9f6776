import type { Directory } from '../../directory/directory.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import type { Policy } from '../../policy/ast.ts';
import type { DecisionRecord } from '../../records/decision-record.ts';
import { type Draft, documentOf, policyOf, removals } from './draft.ts';
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

/** Why there is no policy; a proof that failed is a failure of this program or of the other layers, all else of what was asked. */
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
 * @returns the reason where there is nothing to generate from, or where the proof fails
 */
export function generatePolicy(options: GenerateOptions): Result<Generated, NotGenerated> {
  const { directory, as, records, resources: scope, names = false } = options;
  const identity = identityOf(directory, as);
  if (!identity.ok) return err({ reason: 'question', message: identity.error });
  const calls = callsOf(directory, identity.value, records);
  const trial = new Trial(directory, identity.value);
  const beyond = beyondReach(trial, calls.audited);
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
  const draftFor = (checks: readonly RecordedCheck[], under: Draft): Draft => {
    const decisionOf = trial.under([named(policyOf(under))]);
    const needed = checks.filter((recorded) => decisionOf(recorded) !== 'allowed');
    return statementsFor(needed, { scope, patternOf });
  };
  const own = draftFor(documented, []);
  const extra = draftFor(undocumented, own).map((statement, index, { length }) => ({
    ...statement,
    sid: length > 1 ? `Undocumented${index + 1}` : 'Undocumented',
  }));
  const all = mostTellingFirst([...documented, ...undocumented]);
  const draft = withoutNeedless([...own, ...extra], all, trial);
  const flaw = flawOf(draft, all, trial);
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
function beyondReach(trial: Trial, records: readonly DecisionRecord[]): readonly RecordedCheck[] {
  const decisionOf = trial.under([named(policyOf(EVERYTHING))]);
  return documentedChecks(records).filter((recorded) => decisionOf(recorded) !== 'allowed');
}

/** Takes out, one after the other, what no check needs. */
function withoutNeedless(draft: Draft, checks: readonly RecordedCheck[], trial: Trial): Draft {
  const needless = removals(draft).find(
    ({ without }) => trial.firstRefused([named(policyOf(without))], checks) === undefined,
  );
  return needless === undefined ? draft : withoutNeedless(needless.without, checks, trial);
}

/** The proof: why the draft is not the smallest policy under which all checks pass; `undefined` where it is. */
function flawOf(draft: Draft, checks: readonly RecordedCheck[], trial: Trial): string | undefined {
  const refused = trial.firstRefused([named(policyOf(draft))], checks);
  if (refused) {
    const { record, check } = refused;
    return `${check.action} on ${check.resource} was allowed (decision ${record.id}), and no identity-based policy allows it under the present boundary, session and organization policies`;
  }
  const needless = removals(draft).find(
    ({ without }) => trial.firstRefused([named(policyOf(without))], checks) === undefined,
  );
  return needless && `every recorded call passes without ${needless.what} too`;
}
