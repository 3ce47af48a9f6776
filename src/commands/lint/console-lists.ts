import { shortList } from '../../lib/short-list.ts';
import { matchesPattern, parsePattern } from '../../lib/wildcard.ts';
import { iamActions } from '../../model/iam-actions.ts';
import type { Located, Statement } from '../../policy/ast.ts';
import { namedActions } from '../../policy/named-actions.ts';
import { overlaps } from '../../policy/pattern-overlap.ts';
import { completeArn } from '../../policy/resource-pattern.ts';
import { type Finding, warn } from './finding.ts';
import { claimsIn, claimsOf, isIdentityPolicy, type Subject } from './subject.ts';

const DESCRIBE = 'personalize:Describe';

/**
 * What a user may describe, but not list: the Personalize console shows a resource only where it could list it before.
 * A role of an application needs no lists, and is not asked for them.
 */
export function missingLists(subject: Subject): readonly Finding[] {
  const { holders, policy } = subject;
  if (!isIdentityPolicy(subject)) return [];
  const users = holders.filter(({ kind }) => kind === 'user');
  if (holders.length > 0 && users.length === 0) return [];
  const scopes =
    users.length > 0
      ? users.map(({ policies }) => claimsIn(policies.identity).map(({ statement }) => statement))
      : [claimsOf(policy).map(({ statement }) => statement)];
  return policy.statements.flatMap((statement) => {
    const described = describedBy(statement);
    const missing = described.filter(({ list }) => !scopes.every((all) => all.some(lists(list))));
    const [first] = missing;
    if (first === undefined) return [];
    const names = [...new Set(missing.map(({ list }) => list))];
    const message = `the console cannot show what may be described here: ${shortList(names)} must be allowed on "*"`;
    return [warn(subject, statement, 'missing-list', message, { position: first.pattern.position })];
  });
}

/** Each Describe action that an Allow names, with the List action of the same resources, if there is one. */
function describedBy({
  effect,
  action,
}: Statement): readonly { readonly list: string; readonly pattern: Located }[] {
  if (effect === 'Deny' || action.element === 'NotAction') return [];
  const known = iamActions().actionsOf('personalize') ?? new Set();
  return action.patterns.flatMap((pattern) =>
    (namedActions(pattern.text, iamActions()) ?? []).flatMap((named) => {
      if (!named.action.startsWith(DESCRIBE)) return [];
      const list = `List${named.action.slice(DESCRIBE.length)}s`;
      return known.has(list) ? [{ list: `personalize:${list}`, pattern }] : [];
    }),
  );
}

/** Whether a statement allows a List: on `*`, or where the List takes a parent on parents. */
const lists =
  (list: string) =>
  ({ effect, action, resource }: Statement): boolean =>
    effect === 'Allow' &&
    action.patterns.some(({ text }) =>
      matchesPattern(parsePattern(text.toLowerCase()), list.toLowerCase()),
    ) !==
      (action.element === 'NotAction') &&
    resource !== undefined &&
    (resource.element === 'NotResource'
      ? !resource.patterns.some(({ text }) => /^\*+$/.test(text))
      : resource.patterns.some(({ text }) => /^\*+$/.test(text) || reachesParent(text, list)));

function reachesParent(pattern: string, list: string): boolean {
  const parents = iamActions().describe('personalize', list.slice(list.indexOf(':') + 1))?.undocumentedArns;
  return (parents ?? []).some((arn) => overlaps(completeArn(pattern), arn));
}
