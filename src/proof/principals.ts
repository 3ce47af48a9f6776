import { parsePrincipalArn } from '../directory/principal-arn.ts';
import { namesInStatement } from '../engine/missing-keys.ts';
import { nameOf, type Principal } from '../engine/principal.ts';
import { matchesPrincipal } from '../engine/principal-element.ts';
import { toQuery } from '../engine/query.ts';
import { accountId, arnOf } from '../lib/identifiers.ts';
import type { Statement } from '../policy/ast.ts';

/** An account that policies are not likely to name. */
export const STRANGERS_ACCOUNT = accountId('999999999999');
const STRANGER: Principal = {
  type: 'User',
  arn: arnOf(`arn:aws:iam::${STRANGERS_ACCOUNT}:user/anyone`),
  accountId: STRANGERS_ACCOUNT,
  userName: 'anyone',
};
/** Begins the provider that stands in for a principal (`stand-ins.ts`); no policy names a provider like that. */
export const STAND_IN = 'principal:';

/** Whether a provider stands in for a principal of which nothing but its name is known. */
export const isStandIn = (provider: string): boolean => provider.startsWith(STAND_IN);

/** How a policy names a principal, stand-ins included. */
export const writtenName = (principal: Principal): string => nameOf(principal).replace(/^principal:\w+:/, '');

/** Keys whose values are those of the principal. */
const OWN_KEY = /^aws:(?:principal|user)/i;

/** Whether a principal stands for every member of its account. */
export const isAnyone = (principal: Principal): boolean =>
  principal.type === 'User' && principal.userName === 'anyone';

const ACCOUNT = /^(?:arn:([a-z-]+):iam::)?(\d{12})(?::root)?$/;
const ROLE = /^arn:([a-z-]+):iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/;

/** Who a public grant reaches: a member of any account, and a caller without credentials. */
export const publicPrincipals = (): readonly Principal[] => [STRANGER, { type: 'Anonymous' }];

/**
 * Principals, one at least for each set that the statements distinguish: every principal that they name, other members of the
 * accounts that they name, sessions of the roles, and a stranger. Without a Principal element anywhere it is one.
 */
export function principalsNamed(statements: readonly Statement[]): readonly Principal[] {
  const elements = statements.flatMap(({ principal }) => (principal ? [principal] : []));
  if (elements.length === 0) return [STRANGER];
  const candidates = [
    STRANGER,
    ...elements.flatMap(({ entries }) => entries.flatMap(({ value }) => principalsOf(value.text))),
    { type: 'Anonymous' } as const,
  ];
  // Where conditions ask who calls, each of the named is a case of its own.
  const asks = statements.some((statement) => namesInStatement(statement).some((key) => OWN_KEY.test(key)));
  const classes = new Map<string, Principal>();
  for (const principal of candidates) {
    const query = toQuery({ principal, action: '', resource: '*', context: new Map() }, false);
    const matched = elements.map((element) => (matchesPrincipal(element, query) ? 1 : 0)).join('');
    const key = `${'accountId' in principal} ${matched} ${asks ? nameOf(principal) : ''}`;
    if (!classes.has(key)) classes.set(key, principal);
  }
  return [...classes.values()];
}

/** Callers that a principal of a policy names, one at least of each kind; none if the engine has no caller that matches it. */
export function principalsOf(text: string): readonly Principal[] {
  const account = ACCOUNT.exec(text);
  if (account) {
    const [, partition = 'aws', digits = ''] = account;
    const root = `arn:${partition}:iam::${digits}`;
    const member = { accountId: accountId(digits) };
    return [
      { type: 'User', arn: arnOf(`${root}:user/anyone`), ...member, userName: 'anyone' },
      { type: 'Root', arn: arnOf(`${root}:root`), ...member },
    ];
  }
  const role = ROLE.exec(text);
  if (role) {
    const [, partition, digits = '', name] = role;
    const arn = arnOf(`arn:${partition}:sts::${digits}:assumed-role/${name}/anyone`);
    return [
      { type: 'AssumedRole', arn, accountId: accountId(digits), roleArn: arnOf(text), sessionName: 'anyone' },
    ];
  }
  const named = isStandIn(text)
    ? ({ type: 'WebIdentity', provider: text } as const)
    : parsePrincipalArn(text);
  return named ? [named] : [];
}
