import { shortList } from '../../lib/short-list.ts';
import { matchesPattern, parsePattern } from '../../lib/wildcard.ts';
import { iamActions } from '../../model/iam-actions.ts';
import type { Condition, Located, Statement } from '../../policy/ast.ts';
import { namedActions } from '../../policy/named-actions.ts';
import { type Finding, warn } from './finding.ts';
import { isIdentityPolicy, type Subject } from './subject.ts';

const PASS_ROLE = 'iam:passrole';
const PASSED_TO = 'iam:passedtoservice';

/** Grants that reach further than a list of actions would: wildcards that write, NotAction, PassRole without limits. */
export function broadGrants(subject: Subject): readonly Finding[] {
  if (!isIdentityPolicy(subject)) return [];
  return subject.policy.statements
    .filter(({ effect }) => effect === 'Allow')
    .flatMap((statement) => [
      ...wildcardWrites(subject, statement),
      ...allowNotAction(subject, statement),
      ...passRole(subject, statement),
    ]);
}

function wildcardWrites(subject: Subject, statement: Statement): readonly Finding[] {
  if (statement.action.element === 'NotAction') return [];
  return statement.action.patterns.flatMap(({ text, position }) => {
    const granted = /[*?]/.test(text) ? writesOf(text) : undefined;
    if (granted === undefined) return [];
    const message = `"${text}" grants ${granted}; list the actions that are needed`;
    return [warn(subject, statement, 'wildcard-write', message, { position })];
  });
}

/** Describes the write actions that a wildcard grants; `undefined` if it is known to grant none. */
function writesOf(pattern: string): string | undefined {
  const [service = '', name = '*'] = pattern.split(':');
  const isWhole = /^\*+$/.test(name);
  if (service.includes('*') && isWhole) return 'every action of every service';
  const services = service.includes('*') ? [...iamActions().services] : [service];
  const named = services.flatMap((each) => namedActions(`${each}:${name}`, iamActions()) ?? []);
  const detailed = named.filter(({ description }) => description !== undefined);
  // Of most services only the names are known: all of them together write in any case.
  if (named.length > 0 && detailed.length === 0 && isWhole) return `every action of ${service}`;
  const writes = detailed.filter(({ action }) => isWrite(action)).map(({ action }) => action);
  return writes.length === 0 ? undefined : `${count(writes.length)} (${shortList(writes)})`;
}

function isWrite(action: string): boolean {
  const [service = '', name = ''] = action.split(':');
  const { access = '' } = iamActions().describe(service, name) ?? {};
  return /Write|Permissions management|Tagging/.test(access);
}

const count = (writes: number): string =>
  writes === 1 ? '1 action that writes' : `${writes} actions that write`;

function allowNotAction(subject: Subject, statement: Statement): readonly Finding[] {
  const { element, patterns } = statement.action;
  if (element === 'Action') return [];
  const message = `Allow with NotAction grants every action but ${shortList(patterns.map(({ text }) => text))}, those of services to come among them`;
  return [warn(subject, statement, 'allow-not-action', message, { position: patterns[0]?.position })];
}

function passRole(subject: Subject, statement: Statement): readonly Finding[] {
  const pattern = passRolePattern(statement);
  if (pattern === undefined) return [];
  const { position } = pattern;
  const findings: Finding[] = [];
  if (!statement.conditions.some(limitsService)) {
    const message =
      'iam:PassRole without a condition on iam:PassedToService: the role can be passed to any service that takes it';
    findings.push(warn(subject, statement, 'pass-role-any-service', message, { position }));
  }
  if (statement.resource?.element === 'NotResource') {
    const message =
      'iam:PassRole with NotResource hands out the rights of every role that it does not name; name the roles';
    findings.push(warn(subject, statement, 'pass-role-any-role', message, { position }));
  }
  const anyRole = statement.resource?.patterns.find(({ text }) => isAnyRole(text));
  if (anyRole && statement.resource?.element === 'Resource') {
    const message = `iam:PassRole on "${anyRole.text}" hands out the rights of every role of the account; name the role`;
    findings.push(
      warn(subject, statement, 'pass-role-any-role', message, { position: anyRole.position ?? position }),
    );
  }
  return findings;
}

function passRolePattern({ action: { element, patterns } }: Statement): Located | undefined {
  if (element === 'NotAction') return undefined;
  // A grant of all actions, or of all IAM actions, is already reported.
  return patterns.find(
    ({ text }) =>
      !/^(?:\*+|iam:\*+)$/i.test(text) && matchesPattern(parsePattern(text.toLowerCase()), PASS_ROLE),
  );
}

/** A condition that holds only where the key is there and has one of some values. */
const limitsService = ({ operator, qualifier, ifExists, key, values }: Condition): boolean =>
  key.text.toLowerCase() === PASSED_TO &&
  /^String(?:Equals|EqualsIgnoreCase|Like)$/.test(operator) &&
  qualifier !== 'ForAllValues' &&
  !ifExists &&
  values.every(({ text }) => !/^\*+$/.test(text));

const isAnyRole = (text: string): boolean => /^(?:\*+|arn:[^:]*:iam::[^:]*:(?:\*|role\/)\*?)$/.test(text);
