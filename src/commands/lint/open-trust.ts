import { matchesPattern, parsePattern } from '../../lib/wildcard.ts';
import type { Condition, Statement } from '../../policy/ast.ts';
import { type Finding, warn } from './finding.ts';
import type { Subject } from './subject.ts';

const GITHUB = 'token.actions.githubusercontent.com';

/** Trust policies that callers of any account, or workflows of any repository, can use. */
export function openTrust(subject: Subject): readonly Finding[] {
  if (!subject.kinds.has('trust')) return [];
  return subject.policy.statements
    .filter(({ effect }) => effect === 'Allow')
    .flatMap((statement) => [...anyAccount(subject, statement), ...anyRepository(subject, statement)]);
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-anonymous */
function anyAccount(subject: Subject, statement: Statement): readonly Finding[] {
  const anyone = statement.principal?.entries.find(({ type, value }) => type === 'AWS' && value.text === '*');
  if (anyone === undefined || statement.conditions.length > 0) return [];
  const message =
    'every principal of every AWS account can assume this role; name principals, or add a condition';
  return [warn(subject, statement, 'open-trust', message, { position: anyone.value.position })];
}

/**
 * GitHub's tokens are the same for all of GitHub but for what they say of the repository. AWS refuses a trust policy that
 * does not look at it.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html
 */
function anyRepository(subject: Subject, statement: Statement): readonly Finding[] {
  const provider = statement.principal?.entries.find(
    ({ type, value }) => type === 'Federated' && value.text.endsWith(`:oidc-provider/${GITHUB}`),
  );
  if (provider === undefined) return [];
  const claims = statement.conditions.filter(({ key }) => isClaim(key.text));
  const subjects = claims.filter(({ key }) => key.text.toLowerCase() === `${GITHUB}:sub`);
  if (claims.length === 0) {
    const message = `workflows of every repository of GitHub can assume this role: a condition on "${GITHUB}:sub" is missing`;
    const finding = warn(subject, statement, 'open-oidc-trust', message, {
      position: provider.value.position,
    });
    return [{ ...finding, severity: 'error' }];
  }
  if (subjects.length === 0 || claims.length > subjects.length || !subjects.every(isOpen)) return [];
  const message = `workflows of every repository of GitHub can assume this role: "${subjects[0]?.values[0]?.text}" names no owner; name one, as in repo:OWNER/REPOSITORY:*`;
  return [warn(subject, statement, 'open-oidc-trust', message, { position: subjects[0]?.key.position })];
}

/** The audience is the same for all. */
const isClaim = (key: string): boolean => key.toLowerCase().startsWith(`${GITHUB}:`) && !/:o?aud$/i.test(key);

/** Whether one of the values takes in repositories of unknown owners. */
function isOpen({ operator, values }: Condition): boolean {
  if (operator.includes('Not')) return true;
  return values.some(({ text }) => STRANGERS.every((name) => matchesPattern(parsePattern(text), name)));
}

const STRANGERS = ['repo:stranger/any:ref:refs/heads/main', 'repo:other-one/thing:ref:refs/heads/main'];
