import type { CheckRecord, DecisionRecord, Outcome } from '../../records/decision-record.ts';

type Styles = Readonly<Record<'good' | 'bad' | 'faint', (text: string) => string>>;

const PAINT: Readonly<Record<Outcome, keyof Styles>> = {
  forwarded: 'good',
  answered: 'good',
  denied: 'bad',
  rejected: 'bad',
  audited: 'bad',
};

const OUTCOME_WIDTH = 10;
const ID_LENGTH = 8;

/** One decision as one line: when, how it ended, who called what on which resource, and why it was refused. */
export function decisionLine(record: DecisionRecord, styles: Styles): string {
  const { time, outcome, request, id, error } = record;
  const check = decidingCheck(record);
  const parts = [
    styles.faint(time),
    styles[PAINT[outcome]](outcome.padEnd(OUTCOME_WIDTH)),
    callerOf(record),
    check?.action ?? ([request.service, request.operation].filter(Boolean).join(':') || 'unknown call'),
    ...(check === undefined || check.resource === '*' ? [] : [check.resource]),
    ...(error === undefined ? [] : [`${error.code}: ${error.message.split('\n')[0]}`]),
    styles.faint(`(${id.slice(0, ID_LENGTH)})`),
  ];
  return parts.join('  ');
}

/** The first check that is not allowed, or the first. */
const decidingCheck = ({ checks }: DecisionRecord): CheckRecord | undefined =>
  checks.find(({ decision }) => decision !== 'allowed') ?? checks[0];

/** `role/recommender`, `user/alice`, or the ARN of others. */
function callerOf({ principal, request }: DecisionRecord): string {
  if (principal === undefined) return request.accessKeyId ?? 'not identified';
  const { roleArn, userName, arn } = principal;
  if (roleArn !== undefined) return `role/${roleArn.split('/').at(-1)}`;
  return userName === undefined ? arn : `user/${userName}`;
}

/** Whether a principal is the caller, by the names that commands take: `recommender`, `role/recommender` or an ARN. */
export function matchesCaller(record: DecisionRecord, name: string): boolean {
  const { principal } = record;
  if (principal === undefined) return record.request.accessKeyId === name;
  const { arn, roleArn } = principal;
  const caller = callerOf(record);
  return [arn, roleArn, caller, caller.split('/').at(-1)].includes(name);
}
