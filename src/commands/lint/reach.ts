import { parseDate } from '../../lib/date-text.ts';
import { compareDecimals, type Decimal, parseDecimal } from '../../lib/decimal.ts';
import { iamActions } from '../../model/iam-actions.ts';
import type { Condition, Statement } from '../../policy/ast.ts';
import { areDisjoint } from '../../proof/statement-proofs.ts';
import { type Finding, labelOf, warn } from './finding.ts';
import { claimsIn, isIdentityPolicy, type Subject } from './subject.ts';

/** Statements that no request ever reaches, each proven. */
export function unreachable(subject: Subject): readonly Finding[] {
  return subject.policy.statements.flatMap((statement) => [
    ...unreachableDeny(subject, statement),
    ...impossibleConditions(subject, statement),
  ]);
}

/** Only Personalize is known to have no resource-based policies: there, what no identity-based policy allows is denied. */
const PERSONALIZE = /^personalize:/i;

function unreachableDeny(subject: Subject, statement: Statement): readonly Finding[] {
  const { effect, action } = statement;
  const { holders } = subject;
  if (effect === 'Allow' || !isIdentityPolicy(subject) || holders.length === 0) return [];
  if (action.element === 'NotAction' || !action.patterns.every(({ text }) => PERSONALIZE.test(text)))
    return [];
  const denied = { statement, version: subject.policy.version };
  const reached = holders.some(({ policies }) => {
    const allows = claimsIn(policies.identity).filter((claim) => claim.statement.effect === 'Allow');
    return !areDisjoint(denied, allows, iamActions());
  });
  if (reached) return [];
  const message = `no principal that has this policy is allowed what ${labelOf(statement)} denies, so it is denied anyway`;
  return [warn(subject, statement, 'unreachable-deny', message)];
}

function impossibleConditions(subject: Subject, statement: Statement): readonly Finding[] {
  const keys = Map.groupBy(statement.conditions, ({ key }) => key.text.toLowerCase());
  return [...keys.values()].flatMap((conditions) => {
    const why = absentAndCompared(conditions) ?? emptyRange(conditions);
    const last = conditions.at(-1);
    if (why === undefined || last === undefined) return [];
    const message = `no request can meet the conditions on ${last.key.text}: ${why}`;
    return [warn(subject, statement, 'impossible-condition', message, { position: last.key.position })];
  });
}

/** `Null` wants the key to be absent, and another operator does not hold without it. */
function absentAndCompared(conditions: readonly Condition[]): string | undefined {
  const absent = conditions.some(
    ({ operator, qualifier, values }) =>
      operator === 'Null' && !qualifier && values.length > 0 && values.every(({ text }) => isTrue(text)),
  );
  const needed = conditions.find(
    ({ operator, qualifier, ifExists }) =>
      operator !== 'Null' && !operator.includes('Not') && qualifier !== 'ForAllValues' && !ifExists,
  );
  return absent && needed ? `Null wants it to be absent, ${needed.operator} to be there` : undefined;
}

const isTrue = (text: string): boolean => text.toLowerCase() === 'true';

const RANGE = /^(Numeric|Date)(LessThan|GreaterThan)(Equals)?$/;

interface Bound {
  readonly side: string;
  readonly value: Decimal;
  readonly included: boolean;
  readonly text: string;
}

/** The least upper bound lies below the greatest lower one. */
function emptyRange(conditions: readonly Condition[]): string | undefined {
  const bounds = conditions.flatMap((condition) => boundOf(condition) ?? []);
  for (const lower of bounds.filter(({ side }) => side === 'GreaterThan'))
    for (const upper of bounds.filter(({ side }) => side === 'LessThan')) {
      const order = compareDecimals(lower.value, upper.value);
      if (order > 0 || (order === 0 && !(lower.included && upper.included)))
        return `nothing lies after ${lower.text} and before ${upper.text}`;
    }
  return undefined;
}

/** Values are ORed: the widest counts. */
function boundOf({ operator, qualifier, ifExists, values }: Condition): Bound | undefined {
  const [, family, side = '', equals] = RANGE.exec(operator) ?? [];
  if (family === undefined || qualifier !== undefined || ifExists) return undefined;
  const read = (text: string): Decimal | undefined =>
    parseDecimal(family === 'Date' ? String(parseDate(text)) : text);
  const bounds = values.flatMap(({ text }) => {
    const value = read(text);
    return value === undefined ? [] : [{ value, text }];
  });
  const widest = bounds
    .toSorted((a, b) => compareDecimals(a.value, b.value))
    .at(side === 'GreaterThan' ? 0 : -1);
  return widest && bounds.length === values.length
    ? { ...widest, side, included: equals !== undefined }
    : undefined;
}
