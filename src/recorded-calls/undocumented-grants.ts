import type { Directory, Role, User } from '../directory/directory.ts';
import type { NamedPolicy } from '../engine/policy-set.ts';
import { matchesPattern, parsePattern } from '../lib/wildcard.ts';
import { iamActions } from '../model/iam-actions.ts';
import { LIST_PARENTS, UNDOCUMENTED } from '../model/undocumented.ts';
import type { Statement } from '../policy/ast.ts';
import { overlaps } from '../policy/pattern-overlap.ts';
import { completeArn } from '../policy/resource-pattern.ts';

/** A grant that is sufficient here if undocumented checks are only reported, and may not be on AWS. */
export interface UndocumentedGrant {
  /** `role/recommender` */
  readonly principal: string;
  /** `personalize:GetRecommendations` */
  readonly action: string;
  /**
   * Resource types on which no policy grants the action: `filter`; `*` for a List that is granted on its parent only.
   */
  readonly types: readonly string[];
}

/**
 * Actions that principals are granted on the documented resources but on none of the resources that AWS may check in
 * addition. Derived from the Allow statements, ignoring conditions: whether AWS performs these checks is unknown.
 */
export function undocumentedGrants(
  { users, roles, account, partition }: Directory,
  region: string,
  of: readonly (User | Role)[] = [...users.values(), ...roles.values()],
): readonly UndocumentedGrant[] {
  const where = { Account: account, Partition: partition, Region: region };
  return of.flatMap((identity) => {
    const groups = identity.kind === 'user' ? identity.groups : [];
    const policies = [identity, ...groups].flatMap((holder) => [
      ...holder.managedPolicies,
      ...holder.inlinePolicies,
    ]);
    return grantsOf(policies, where).map((grant) => ({
      principal: `${identity.kind}/${identity.name}`,
      ...grant,
    }));
  });
}

/** The values of the placeholders of an ARN template. */
type Where = Readonly<Record<string, string>>;

function grantsOf(
  policies: readonly NamedPolicy[],
  where: Where,
): readonly Omit<UndocumentedGrant, 'principal'>[] {
  const allowing = policies
    .flatMap(({ policy }) => policy.statements)
    .filter(({ effect }) => effect === 'Allow');
  return [...Object.keys(UNDOCUMENTED), ...Object.keys(LIST_PARENTS)].flatMap((name) => {
    const { resourceArns = [], undocumentedArns = [] } = iamActions().describe('personalize', name) ?? {};
    const action = `personalize:${name}`;
    const statements = allowing.filter((statement) => mayMean(statement, action));
    const isGranted = (template: string): boolean =>
      statements.some((statement) => mayReach(statement, anyOf(template, where)));
    // A recommender instead of a campaign is an alternative resource, not an additional check.
    const besides = undocumentedArns.filter((arn) => !arn.includes(':recommender/'));
    if (Object.hasOwn(LIST_PARENTS, name)) {
      const onParentOnly = undocumentedArns.some(isGranted) && !statements.some(mayReachNone);
      return onParentOnly ? [{ action, types: ['*'] }] : [];
    }
    if (!resourceArns.some(isGranted)) return [];
    const types = besides.filter((arn) => !isGranted(arn)).map(typeOf);
    return types.length > 0 ? [{ action, types }] : [];
  });
}

/** NotAction and NotResource may match anything. */
const mayMean = ({ action: { element, patterns } }: Statement, action: string): boolean =>
  element === 'NotAction' ||
  patterns.some(({ text }) => matchesPattern(parsePattern(text.toLowerCase()), action.toLowerCase()));

const mayReach = ({ resource }: Statement, arn: string): boolean =>
  resource?.element !== 'Resource' || resource.patterns.some(({ text }) => overlaps(completeArn(text), arn));

/** Only `*` matches an action without a resource. */
const mayReachNone = ({ resource }: Statement): boolean =>
  resource?.element !== 'Resource' || resource.patterns.some(({ text }) => /^\*+$/.test(text));

/** With real values in the other parts; otherwise `solution/*` could match across ARN parts. */
const anyOf = (template: string, where: Where): string =>
  template.replace(/\$\{(\w+)\}/g, (_, placeholder: string) => where[placeholder] ?? '*');

const typeOf = (arn: string): string => arn.slice(arn.lastIndexOf(':') + 1, arn.lastIndexOf('/'));
