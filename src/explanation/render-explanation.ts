import wrapAnsi from 'wrap-ansi';
import type { Change } from '../engine/change.ts';
import type { DecisionRecord } from '../records/decision-record.ts';
import { LAYER_NAMES, nameOfLayer, type Paint, PLAIN, placeOf, renderStatement } from './evaluation-steps.ts';
import type { CheckExplanation, CheckRung, Explanation, NearMiss } from './explanation.ts';
import type { RequestRung } from './request-steps.ts';

export interface RenderOptions {
  readonly paint?: Paint;
  /** Columns of the terminal; lines are not broken without it. */
  readonly width?: number;
}

const OUTCOMES: Readonly<Record<DecisionRecord['outcome'], string>> = {
  denied: 'DENIED',
  rejected: 'REJECTED',
  audited: 'DENIED, and forwarded all the same (mode: audit)',
  forwarded: 'ALLOWED, and forwarded',
  answered: 'ALLOWED, and answered by this proxy',
};

/** An explanation for people: the ladder from the top down, the failing rung with its reasons, what to do at the foot. */
export function renderExplanation(
  explanation: Explanation,
  { paint = PLAIN, width }: RenderOptions = {},
): string {
  const lines = [
    ...renderHead(explanation.decision, paint),
    '',
    ...explanation.request.map((rung) => renderRequestRung(rung, paint)),
    ...renderChecks(explanation, paint),
    ...renderRemedy(explanation, paint),
  ];
  return (width === undefined ? lines : lines.map((line) => wrapped(line, width))).join('\n');
}

function renderHead(record: DecisionRecord, paint: Paint): readonly string[] {
  const { id, time, outcome, principal, request, error } = record;
  const mark = outcome === 'forwarded' || outcome === 'answered' ? paint.good : paint.bad;
  const operation = request.operation ?? 'a request that is no operation';
  const who = principal?.arn ?? request.sourceIp;
  const sentence = error?.message.split('\n', 1)[0];
  return [
    mark(`${OUTCOMES[outcome]}: ${operation}`),
    `  ${who}`,
    ...(error ? [`  ${error.status} ${error.code}: ${sentence}`] : []),
    `  ${paint.faint(`${time}, decision ${id}`)}`,
  ];
}

const SIGNS = { passed: '✓', failed: '✗', open: '·', notReached: '·' } as const;

function signed(verdict: keyof typeof SIGNS, text: string, paint: Paint): string {
  const color = { passed: paint.good, failed: paint.bad, open: paint.faint, notReached: paint.faint }[
    verdict
  ];
  return `${color(SIGNS[verdict])} ${text}`;
}

function renderRequestRung({ rung, verdict, says }: RequestRung, paint: Paint): string {
  return signed(verdict, `${rung}: ${says}`, paint);
}

function renderChecks({ checks, unasked, decision }: Explanation, paint: Paint): readonly string[] {
  const recorded = [...decision.checks, ...decision.undocumented];
  const missing = recorded
    .slice(0, recorded.length - checks.length)
    .map(
      (check) =>
        `  then: ${check.action} on ${check.resource}: ${check.decision} by the ${LAYER_NAMES[check.layer]}`,
    );
  return [
    ...(unasked === undefined ? [] : ['', `The policies can not be asked again: ${unasked}.`, ...missing]),
    ...checks.flatMap((check) => renderCheck(check, paint)),
  ];
}

function renderCheck(check: CheckExplanation, paint: Paint): readonly string[] {
  const { action, resource, undocumented, missingKeys, cause } = check;
  const note = undocumented ? ' (AWS does not document this check)' : '';
  return [
    '',
    `${verdictOf(check, paint)} ${action} on ${resource}${note}`,
    ...(check.decision === check.recorded
      ? []
      : [`  ${paint.bad(`The policies have changed since: then it was ${check.recorded}.`)}`]),
    ...(cause === undefined ? [] : [`  ${paint.bad(`The engine failed: ${cause}`)}`]),
    ...check.rungs.flatMap((rung) => renderCheckRung(rung, paint)),
    ...(missingKeys.length > 0 ? [`  ${paint.faint(`not in the request: ${missingKeys.join(', ')}`)}`] : []),
  ];
}

function verdictOf({ decision }: CheckExplanation, paint: Paint): string {
  if (decision === 'allowed') return paint.good('allowed');
  return paint.bad(decision === 'explicitDeny' ? 'denied explicitly' : 'not allowed');
}

function renderCheckRung(rung: CheckRung, paint: Paint): readonly string[] {
  const text = `${nameOfRung(rung)}: ${saysOf(rung)}`;
  return [
    `  ${signed(rung.verdict, text, paint)}`,
    ...rung.statements.map((statement) => `      ${renderStatement(statement, paint)}`),
  ];
}

const nameOfRung = ({ rung, level }: CheckRung): string =>
  rung === 'deny' ? 'explicit deny' : nameOfLayer({ layer: rung, ...(level !== undefined && { level }) });

function saysOf({ rung, verdict }: CheckRung): string {
  if (rung === 'deny') return verdict === 'failed' ? 'denies' : 'none';
  if (rung === 'resourceControl') return 'can only deny';
  if (verdict === 'passed') return 'allows';
  return 'does not allow';
}

function renderRemedy({ request, changes, checks }: Explanation, paint: Paint): readonly string[] {
  const advice = request.flatMap(({ advice: each }) => (each === undefined ? [] : [`  ${each}`]));
  if (advice.length > 0) return ['', 'What to do:', ...advice];
  if (changes.length === 0) return [];
  const denied = checks.filter(({ decision, undocumented }) => decision !== 'allowed' && !undocumented);
  const near = denied.flatMap(({ nearMisses }) => nearMisses);
  const places = Map.groupBy(changes, placeOfChange);
  return [
    '',
    'To allow it:',
    ...[...places].flatMap(([place, made]) => [
      `  - ${place}`,
      ...made.flatMap((each) => parts(each, paint)),
    ]),
    ...(near.length > 0 ? ['Or:', ...near.map(renderNearMiss)] : []),
  ];
}

function placeOfChange(change: Change): string {
  if (change.kind === 'removeDeny') return `remove or narrow in the ${nameOfLayer(change)}:`;
  const because = change.kind === 'cannotAllow' ? ` (${change.because})` : '';
  return `add to the ${nameOfLayer(change)}${because}:`;
}

const parts = (change: Change, paint: Paint): readonly string[] =>
  change.kind === 'removeDeny'
    ? change.statements.map((each) => `      ${paint.bad(`Deny in ${placeOf(each)}`)}`)
    : [`      ${paint.good(JSON.stringify(change.statement))}`];

function renderNearMiss({ mismatch, ...ref }: NearMiss): string {
  if (mismatch.element !== 'Condition')
    return `  - let the ${mismatch.element} of ${placeOf(ref)} take in ${mismatch.found}`;
  return `  - meet the condition of ${placeOf(ref)}: ${mismatch.operator} ${mismatch.key} ${mismatch.wanted.join(' or ')}`;
}

const HANGING = 2;

/** Broken at spaces, what follows indented a little deeper; a word that is too long stays whole, to be copied. */
function wrapped(line: string, width: number): string {
  const indent = /^ */.exec(line)?.[0].length ?? 0;
  const room = Math.max(20, width - indent - HANGING);
  const [first = '', ...rest] = wrapAnsi(line.slice(indent), room, { trim: true }).split('\n');
  const deeper = ' '.repeat(indent + HANGING);
  return [' '.repeat(indent) + first, ...rest.map((each) => deeper + each)].join('\n');
}
