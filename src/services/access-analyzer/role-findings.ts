import { matchesPattern, parsePattern } from '../../lib/wildcard.ts';
import type { Statement } from '../../policy/ast.ts';
import { type Finding, finding, type IssueCode } from './finding.ts';
import type { PolicyText } from './locate.ts';

/** Actions that must not reach every role. */
const ROLE_ACTIONS = [
  { action: 'iam:passrole', code: 'PASS_ROLE', limits: 'iam:passedtoservice' },
  { action: 'iam:createservicelinkedrole', code: 'CREATE_SLR', limits: undefined },
] as const;

const ANY_ROLE = /^(?:\*+|arn:[^:]*:iam::[^:]*:(?:\*+|role\/\*+))$/;

/** Statements that let roles be passed, or made, without a limit to some. */
export const openRoles = (statement: Statement, policy: PolicyText): readonly Finding[] =>
  statement.effect === 'Deny' ? [] : ROLE_ACTIONS.flatMap((row) => openRole(row, statement, policy));

function openRole(
  { action, code, limits }: (typeof ROLE_ACTIONS)[number],
  { action: { element, patterns }, resource, conditions }: Statement,
  policy: PolicyText,
): readonly Finding[] {
  const matched = patterns.find(({ text }) => matchesPattern(parsePattern(text.toLowerCase()), action));
  const isNegated = element === 'NotAction';
  if (resource === undefined || (matched !== undefined) === isNegated) return [];
  const isNotResource = resource.element === 'NotResource';
  const open = isNotResource
    ? resource.patterns[0]
    : resource.patterns.find(({ text }) => ANY_ROLE.test(text));
  const isLimited = limits !== undefined && conditions.some(({ key }) => key.text.toLowerCase() === limits);
  if (open === undefined || (isLimited && !isNotResource)) return [];
  const how = isNegated ? 'NOT_ACTION' : matched && /[*?]/.test(matched.text) ? 'STAR_IN_ACTION' : 'ACTION';
  const issue: IssueCode = `${code}_WITH_${ISSUES[isNotResource ? 'NotResource' : 'Resource'][how]}`;
  const places = [(matched ?? patterns[0])?.position, open.position];
  return [
    finding(
      issue,
      places.map((place) => policy.at(place).location),
    ),
  ];
}

const ISSUES = {
  Resource: {
    ACTION: 'STAR_IN_RESOURCE',
    STAR_IN_ACTION: 'STAR_IN_ACTION_AND_RESOURCE',
    NOT_ACTION: 'STAR_IN_RESOURCE_AND_NOT_ACTION',
  },
  NotResource: {
    ACTION: 'NOT_RESOURCE',
    STAR_IN_ACTION: 'STAR_IN_ACTION_AND_NOT_RESOURCE',
    NOT_ACTION: 'NOT_ACTION_AND_NOT_RESOURCE',
  },
} as const;
