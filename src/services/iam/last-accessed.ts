import type { Directory } from '../../directory/directory.ts';
import { type ActionMatcher, compileAction, matchesAction } from '../../engine/action.ts';
import type { AwsError } from '../../lib/errors.ts';
import { ok, type Result } from '../../lib/result.ts';
import { iamActions } from '../../model/iam-actions.ts';
import type { Policy } from '../../policy/ast.ts';
import { parsePolicy } from '../../policy/parse.ts';
import type { DecisionRecord } from '../../records/decision-record.ts';
import { type Entity, membersOf, policySource } from './entities.ts';
import { entitiesOf, findPolicy, isAttached } from './managed-policy.ts';
import { noSuchPolicy } from './refusals.ts';

/** What a report is about: an entity, or a managed policy. */
export interface Subject {
  /** Those that can grant something. */
  readonly policies: readonly Policy[];
  /** The ARNs of the users and roles whose calls count. */
  readonly callers: ReadonlySet<string>;
}

/** The last call of a service, or of an action; of several callers that of the last one. */
export interface Access {
  readonly time: Date;
  /** ARN of the user or role. */
  readonly entity: string;
  readonly region?: string;
}

/** The user, group, role or managed policy that an ARN names. */
export function subjectOf(directory: Directory, arn: string): Result<Subject, AwsError> {
  if (arn.includes(':policy/')) {
    const managed = findPolicy(directory, arn);
    if (!managed) return noSuchPolicy(arn);
    const parsed = parsePolicy(managed.text(), { format: 'json' });
    const holders = entitiesOf(directory).filter((entity) => isAttached(entity, managed));
    return ok({
      policies: parsed.ok ? [parsed.value.policy] : [],
      callers: new Set(holders.flatMap((holder) => callersOf(directory, holder))),
    });
  }
  const source = policySource(directory, arn);
  if (!source.ok) return source;
  const holders = source.value.kind === 'user' ? [source.value, ...source.value.groups] : [source.value];
  return ok({
    policies: holders.flatMap(({ managedPolicies, inlinePolicies }) =>
      [...managedPolicies, ...inlinePolicies].map(({ policy }) => policy),
    ),
    callers: new Set(callersOf(directory, source.value)),
  });
}

const callersOf = (directory: Directory, entity: Entity): readonly string[] =>
  entity.kind === 'group' ? membersOf(directory, entity).map(({ arn }) => arn) : [entity.arn];

/**
 * The services that the policies grant anything of, by prefix, with the actions that they grant. Denies, boundaries and
 * organizations do not count, as on AWS.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_last-accessed.html
 */
export function grantedActions({ policies }: Subject): ReadonlyMap<string, readonly string[]> {
  const matchers = policies
    .flatMap(({ statements }) => statements)
    .filter(({ effect }) => effect === 'Allow')
    .map(({ action }): ActionMatcher => compileAction(action));
  const reference = iamActions();
  const granted = [...reference.services].sort().map((service) => {
    const names = [...(reference.actionsOf(service) ?? [])].filter((name) =>
      matchers.some((matcher) => matchesAction(matcher, `${service}:${name}`.toLowerCase())),
    );
    return [service, names] as const;
  });
  return new Map(granted.filter(([, names]) => names.length > 0));
}

/**
 * The last call of each of the subject's callers, by what `keyOf` makes of the call's action. Denied calls count: AWS reports
 * of attempts too. Those whose caller was not proved do not.
 */
export function accesses(
  { callers }: Subject,
  records: readonly DecisionRecord[],
  keyOf: (action: string) => string,
): ReadonlyMap<string, readonly Access[]> {
  const last = new Map<string, Map<string, Access>>();
  for (const { principal, checks, request, time } of records) {
    const entity = principal && (principal.roleArn ?? principal.arn);
    const action = checks[0]?.action ?? (request.service && `${request.service}:${request.operation}`);
    if (entity === undefined || action === undefined || !callers.has(entity)) continue;
    const key = keyOf(action);
    const found = last.get(key) ?? new Map<string, Access>();
    const { region } = request;
    found.set(entity, { time: new Date(time), entity, ...(region !== undefined && { region }) });
    last.set(key, found);
  }
  return new Map([...last].map(([key, found]) => [key, [...found.values()].sort(latestFirst)]));
}

const latestFirst = (one: Access, other: Access): number => other.time.getTime() - one.time.getTime();
