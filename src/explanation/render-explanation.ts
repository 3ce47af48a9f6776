import wrapAnsi from 'wrap-ansi';
import type { DecisionRecord } from '../records/decision-record.ts';
import { LAYER_NAMES, PLAIN, type Styles } from './evaluation-steps.ts';
import type { CheckExplanation, Explanation } from './explanation.ts';
import { renderAdvice, renderCheck, signed } from './render-check.ts';
import type { RequestStep } from './request-steps.ts';

export interface RenderOptions {
  readonly styles?: Styles;
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
  { styles = PLAIN, width }: RenderOptions = {},
): string {
  const lines = [
    ...renderHead(explanation.decision, styles),
    '',
    ...explanation.request.map((step) => renderRequestStep(step, styles)),
    ...renderChecks(explanation, styles),
    ...renderRemedy(explanation, styles),
  ];
  return (width === undefined ? lines : lines.map((line) => wrapped(line, width))).join('\n');
}

function renderHead(record: DecisionRecord, styles: Styles): readonly string[] {
  const { id, time, outcome, principal, request, error } = record;
  const mark = outcome === 'forwarded' || outcome === 'answered' ? styles.good : styles.bad;
  const operation = request.operation ?? 'a request that is no operation';
  const who = principal?.arn ?? request.sourceIp;
  const sentence = error?.message.split('\n', 1)[0];
  return [
    mark(`${OUTCOMES[outcome]}: ${operation}`),
    `  ${who}`,
    ...(error ? [`  ${error.status} ${error.code}: ${sentence}`] : []),
    `  ${styles.faint(`${time}, decision ${id}`)}`,
  ];
}

function renderRequestStep({ step, verdict, says }: RequestStep, styles: Styles): string {
  return signed(verdict, `${step}: ${says}`, styles);
}

function renderChecks({ checks, unasked, decision }: Explanation, styles: Styles): readonly string[] {
  const recorded = [...decision.checks, ...decision.undocumented];
  const missing = recorded
    .slice(0, recorded.length - checks.length)
    .map(
      (check) =>
        `  then: ${check.action} on ${check.resource}: ${check.decision} by the ${LAYER_NAMES[check.layer]}`,
    );
  return [
    ...(unasked === undefined ? [] : ['', `The policies cannot be asked again: ${unasked}.`, ...missing]),
    ...checks.flatMap((check) => renderRecordedCheck(check, styles)),
  ];
}

function renderRecordedCheck(check: CheckExplanation, styles: Styles): readonly string[] {
  const notes = [
    ...(check.undocumented ? ['AWS does not document this check.'] : []),
    ...(check.decision === check.recorded
      ? []
      : [styles.bad(`The policies have changed since: then it was ${check.recorded}.`)]),
  ];
  return ['', ...renderCheck(check, styles, notes)];
}

function renderRemedy({ request, changes, checks }: Explanation, styles: Styles): readonly string[] {
  const advice = request.flatMap(({ advice: each }) => (each === undefined ? [] : [`  ${each}`]));
  if (advice.length > 0) return ['', 'What to do:', ...advice];
  const denied = checks.filter(({ decision, undocumented }) => decision !== 'allowed' && !undocumented);
  const near = denied.flatMap(({ nearMisses }) => nearMisses);
  return renderAdvice(changes, near, styles);
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
