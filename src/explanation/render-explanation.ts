import wrapAnsi from 'wrap-ansi';
import type { DecisionRecord } from '../records/decision-record.ts';
import { LAYER_NAMES, type Paint, PLAIN } from './evaluation-steps.ts';
import type { CheckExplanation, Explanation } from './explanation.ts';
import { renderAdvice, renderCheck, signed } from './render-check.ts';
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

/** A recorded decision for people: the evaluation steps in their order, the failing one with its reasons, and what to do. */
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
    ...(unasked === undefined ? [] : ['', `The policies cannot be asked again: ${unasked}.`, ...missing]),
    ...checks.flatMap((check) => renderRecordedCheck(check, paint)),
  ];
}

function renderRecordedCheck(check: CheckExplanation, paint: Paint): readonly string[] {
  const notes = [
    ...(check.undocumented ? ['AWS does not document this check.'] : []),
    ...(check.decision === check.recorded
      ? []
      : [paint.bad(`The policies have changed since: then it was ${check.recorded}.`)]),
  ];
  return ['', ...renderCheck(check, paint, notes)];
}

function renderRemedy({ request, changes, checks }: Explanation, paint: Paint): readonly string[] {
  const advice = request.flatMap(({ advice: each }) => (each === undefined ? [] : [`  ${each}`]));
  if (advice.length > 0) return ['', 'What to do:', ...advice];
  const denied = checks.filter(({ decision, undocumented }) => decision !== 'allowed' && !undocumented);
  const near = denied.flatMap(({ nearMisses }) => nearMisses);
  return renderAdvice(changes, near, paint);
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
