import type { NamedPolicy } from '../engine/policy-set.ts';
import { matchesPrincipal } from '../engine/principal-element.ts';
import { toQuery } from '../engine/query.ts';
import type { PrincipalElement, Statement } from '../policy/ast.ts';
import { principalsOf, STAND_IN } from './principals.ts';

type Entry = PrincipalElement['entries'][number];

/**
 * The policy with a stand-in for each principal that no caller of the engine has: canonical users, origin access identities,
 * the unique IDs of users and roles. The engine has no caller that matches them; on AWS they are principals, so a grant to them counts.
 */
export function withStandIns(named: NamedPolicy): NamedPolicy {
  const { statements } = named.policy;
  if (!statements.some(({ principal }) => principal?.entries.some(isNobody))) return named;
  return { ...named, policy: { ...named.policy, statements: statements.map(inStatement) } };
}

const inStatement = (statement: Statement): Statement =>
  statement.principal === undefined
    ? statement
    : {
        ...statement,
        principal: { ...statement.principal, entries: statement.principal.entries.map(inEntry) },
      };

const inEntry = (entry: Entry): Entry =>
  isNobody(entry)
    ? { type: 'Federated', value: { ...entry.value, text: `${STAND_IN}${entry.type}:${entry.value.text}` } }
    : entry;

/** Whether no caller matches an entry that names one. */
function isNobody(entry: Entry): boolean {
  if (entry.value.text === '*') return false;
  const element = { element: 'Principal', entries: [entry] } as const;
  return !principalsOf(entry.value.text).some((principal) =>
    matchesPrincipal(element, toQuery({ principal, action: '', resource: '*', context: new Map() }, false)),
  );
}
