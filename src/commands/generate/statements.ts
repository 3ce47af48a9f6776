import type { ContextValue } from '../../engine/request.ts';
import { iamActions } from '../../model/iam-actions.ts';
import { isOneOf } from '../../policy/condition-key.ts';
import type { Draft, DraftStatement } from './draft.ts';
import type { RecordedCheck } from './recorded-calls.ts';
import { type PatternOf, type ResourceScope, withoutCovered } from './resource-scope.ts';

/** An action on a pattern, with the conditions that all calls of it met. */
interface Grant {
  readonly action: string;
  readonly pattern: string;
  readonly conditions: DraftStatement['conditions'];
}

export interface StatementOptions {
  readonly scope: ResourceScope;
  readonly patternOf: PatternOf;
}

/** The statements that allow checks: actions that have the same resources, or resources that have the same actions, together. */
export function statementsFor(checks: readonly RecordedCheck[], options: StatementOptions): Draft {
  const byCondition = Map.groupBy(grantsFor(checks, options), ({ conditions }) => JSON.stringify(conditions));
  return [...byCondition.values()].flatMap(grouped).toSorted(inReadingOrder).map(withSid);
}

function grantsFor(checks: readonly RecordedCheck[], options: StatementOptions): readonly Grant[] {
  const byAction = Map.groupBy(checks, ({ check }) => check.action);
  return [...byAction].flatMap(([action, ofAction]) => {
    const patternOf = ({ check }: RecordedCheck) => options.patternOf(action, check.resource);
    const byPattern = Map.groupBy(ofAction, patternOf);
    const kept = new Set(withoutCovered([...byPattern.keys()]));
    return [...kept].map((pattern) => {
      const covered = byPattern.size === kept.size ? (byPattern.get(pattern) ?? []) : ofAction;
      return { action, pattern, conditions: conditionsOf(action, covered, options.scope) };
    });
  });
}

/** A tag with more values than this does not describe what a job may access. */
const MOST_VALUES = 3;
const PASSED_TO = 'iam:PassedToService';

/**
 * The service that a role is passed to, and the tags that all calls carried: those of the request, or, where resources
 * are not named, those of the resource. Only what AWS gives to the action.
 */
function conditionsOf(
  action: string,
  checks: readonly RecordedCheck[],
  scope: ResourceScope,
): DraftStatement['conditions'] {
  const keys = keysOfAll(checks);
  const requestTags = keys.filter((key) => key.startsWith('aws:RequestTag/'));
  const resourceTags = scope === 'exact' ? [] : keys.filter((key) => key.startsWith('aws:ResourceTag/'));
  const tags = (requestTags.length > 0 ? requestTags : resourceTags).filter((key) => hasKey(action, key));
  const found = [...keys.filter((key) => key === PASSED_TO), ...tags].sort().map((key) => {
    const values = new Set(checks.map(({ check }) => check.context?.[key]).filter(isText));
    return [key, [...values].sort()] as const;
  });
  return Object.fromEntries(
    found.filter(([key, values]) => key === PASSED_TO || values.length <= MOST_VALUES),
  );
}

function keysOfAll([first, ...others]: readonly RecordedCheck[]): readonly string[] {
  const keys = Object.keys(first?.check.context ?? {});
  return keys.filter((key) => others.every(({ check }) => Object.hasOwn(check.context ?? {}, key)));
}

const isText = (value: ContextValue | undefined): value is string => typeof value === 'string';

function hasKey(action: string, key: string): boolean {
  const [service = '', name = ''] = action.split(':');
  return isOneOf(key, new Set(iamActions().describe(service, name)?.conditionKeys));
}

/** In the way that gives fewer statements. */
function grouped(grants: readonly Grant[]): readonly DraftStatement[] {
  const { conditions } = grants[0] ?? { conditions: {} };
  const byResource = together(grants, 'pattern', 'action').map(([resources, actions]) => ({
    actions,
    resources,
    conditions,
  }));
  const byAction = together(grants, 'action', 'pattern').map(([actions, resources]) => ({
    actions,
    resources,
    conditions,
  }));
  return byAction.length < byResource.length ? byAction : byResource;
}

/** The values of one kind that have the same values of the other. */
function together(
  grants: readonly Grant[],
  one: 'action' | 'pattern',
  other: 'action' | 'pattern',
): readonly (readonly [string[], string[]])[] {
  const others = Map.groupBy(grants, (grant) => grant[one]);
  const groups = Map.groupBy(others, ([, each]) => JSON.stringify(each.map((grant) => grant[other]).sort()));
  return [...groups].map(([key, each]) => [each.map(([value]) => value).sort(), JSON.parse(key)] as const);
}

const rankOf = ({ actions, resources }: DraftStatement): number => {
  if (actions.includes('iam:PassRole')) return 1;
  return resources.includes('*') ? 2 : 0;
};

/** What names resources first, then the roles that are passed, then what has no resource. */
const inReadingOrder = (a: DraftStatement, b: DraftStatement): number =>
  rankOf(a) - rankOf(b) || (textOf(a) < textOf(b) ? -1 : 1);

const textOf = ({ resources, actions }: DraftStatement): string => [...resources, ...actions].join(' ');

/** Those that have a name of their own; a Sid is there once. */
function withSid(statement: DraftStatement, _: number, all: readonly DraftStatement[]): DraftStatement {
  const name = SIDS[rankOf(statement)];
  const same = all.filter((each) => rankOf(each) === rankOf(statement));
  if (name === undefined) return statement;
  return { ...statement, sid: same.length > 1 ? `${name}${same.indexOf(statement) + 1}` : name };
}

const SIDS: readonly (string | undefined)[] = [undefined, 'PassRole', 'AnyResource'];
