import type { Change, SuggestedStatement } from '../engine/change.ts';
import { adviceToSend } from './advice-to-send.ts';
import { type CheckStep, type CheckSteps, explainSteps, type NearMiss } from './check-steps.ts';
import {
  LAYER_NAMES,
  nameOfLayer,
  PLAIN,
  placeOf,
  renderStatement,
  type Styles,
} from './evaluation-steps.ts';
import type { PlacedChange, Simulation } from './simulation.ts';

const OUTCOMES: Readonly<Record<Simulation['decision'], string>> = {
  allowed: 'ALLOWED',
  explicitDeny: 'DENIED (explicit deny)',
  implicitDeny: 'DENIED (implicit deny)',
};

const VERDICTS: Readonly<Record<Simulation['decision'], string>> = {
  allowed: 'allowed',
  explicitDeny: 'denied explicitly',
  implicitDeny: 'not allowed',
};

/**
 * Checks of one call for people: the outcome of the first, each with its evaluation steps in the order in which AWS asks
 * the layers, and what would allow all of them.
 */
export function renderSimulations(checks: readonly Simulation[], styles: Styles = PLAIN): string {
  const [first] = checks;
  if (first === undefined) return '';
  const mark = first.decision === 'allowed' ? styles.good : styles.bad;
  const explained = checks.map((check) => ({ ...check, ...explainSteps(check) }));
  const changes = distinct(checks.flatMap((check) => check.changes));
  const near = explained.flatMap(({ nearMisses }) => nearMisses);
  return [
    `${mark(OUTCOMES[first.decision])} by the ${LAYER_NAMES[first.layer]}`,
    `  ${first.principal}`,
    ...explained.flatMap((check) => ['', ...renderCheck(check, styles)]),
    ...renderAdvice(changes, near, styles),
  ].join('\n');
}

/** Changes that several checks need are one. */
export const distinct = (changes: readonly PlacedChange[]): readonly PlacedChange[] => [
  ...new Map(changes.map((change) => [JSON.stringify(change), change])).values(),
];

type RenderedCheck = CheckSteps &
  Pick<Simulation, 'action' | 'resource' | 'decision' | 'missingKeys' | 'cause'>;

/** One check with its evaluation steps; `notes` are sentences about it. */
export function renderCheck(
  { action, resource, decision, missingKeys, cause, steps }: RenderedCheck,
  styles: Styles,
  notes: readonly string[] = [],
): readonly string[] {
  const mark = decision === 'allowed' ? styles.good : styles.bad;
  return [
    `${mark(VERDICTS[decision])} ${action} on ${resource}`,
    ...notes.map((note) => `  ${note}`),
    ...(cause === undefined ? [] : [`  ${styles.bad(`The engine failed: ${cause}`)}`]),
    ...steps.flatMap((step) => renderStep(step, styles)),
    ...(missingKeys.length > 0 ? [`  ${styles.faint(`not in the request: ${missingKeys.join(', ')}`)}`] : []),
  ];
}

const SIGNS = { passed: '✓', failed: '✗', open: '·', notReached: '·' } as const;

/** A line with the sign of its verdict. */
export function signed(verdict: keyof typeof SIGNS, text: string, styles: Styles): string {
  const color = { passed: styles.good, failed: styles.bad, open: styles.faint, notReached: styles.faint }[
    verdict
  ];
  return `${color(SIGNS[verdict])} ${text}`;
}

function renderStep(step: CheckStep, styles: Styles): readonly string[] {
  const text = `${nameOfStep(step)}: ${verdictOf(step)}`;
  return [
    `  ${signed(step.verdict, text, styles)}`,
    ...step.statements.map((statement) => `      ${renderStatement(statement, styles)}`),
  ];
}

const nameOfStep = ({ step, level }: CheckStep): string =>
  step === 'deny' ? 'explicit deny' : nameOfLayer({ layer: step, ...(level !== undefined && { level }) });

function verdictOf({ step, verdict }: CheckStep): string {
  if (step === 'deny') return verdict === 'failed' ? 'denies' : 'none';
  if (step === 'resourceControl') return 'can only deny';
  if (verdict === 'passed') return 'allows';
  return 'does not allow';
}

/** What to do about denials: to the request first, then to policies; then the statements that were near. */
export function renderAdvice(
  changes: readonly PlacedChange[],
  near: readonly NearMiss[],
  styles: Styles,
): readonly string[] {
  if (changes.length === 0) return [];
  const [impossible] = changes.filter((change) => change.kind === 'impossible');
  if (impossible) return ['', styles.bad(`No policy can allow it: ${impossible.because}.`)];
  const sent = changes.filter((change) => change.kind === 'sendContext');
  const asked = new Set(sent.flatMap(({ statements }) => statements.map(placeOf)));
  const others = near.filter((each) => !asked.has(placeOf(each)));
  const places = Map.groupBy(
    changes.filter((change) => change.kind !== 'sendContext'),
    placeOfChange,
  );
  return [
    '',
    'To allow it:',
    ...sent.flatMap(({ entries, statements }) => [
      ...entries.map((entry) => `  - ${styles.good(adviceToSend(entry))}`),
      ...statements.map((each) => `      ${styles.faint(`required by ${placeOf(each)}`)}`),
    ]),
    ...[...places].flatMap(([place, made]) => [
      `  - ${place}`,
      ...made.flatMap((each) => parts(each, styles)),
    ]),
    ...(others.length > 0 ? ['Or:', ...others.map(renderNearMiss)] : []),
  ];
}

function placeOfChange(change: PlacedChange): string {
  if (change.kind === 'removeDeny') return `remove or narrow in the ${nameOfLayer(change)}:`;
  const because = change.kind === 'cannotAllow' ? ` (${change.because})` : '';
  return `add to the ${nameOfLayer(change)}${because}${fileOf(change)}:`;
}

/** The file to edit, as terminals and editors make links of it. */
function fileOf(change: PlacedChange): string {
  const target = 'target' in change ? change.target : undefined;
  if (target === undefined) return '';
  const line = target.line === undefined ? '' : `:${target.line}`;
  return target.file === undefined ? `, e.g. to ${target.policy}` : `, e.g. in ${target.file}${line}`;
}

const parts = (change: Change, styles: Styles): readonly string[] => {
  if (change.kind === 'removeDeny')
    return change.statements.map((each) => `      ${styles.bad(`Deny in ${placeOf(each)}`)}`);
  return 'statement' in change ? [`      ${styles.good(textOf(change.statement))}`] : [];
};

const textOf = (statement: SuggestedStatement): string => JSON.stringify(statement);

function renderNearMiss({ mismatch, ...ref }: NearMiss): string {
  if (mismatch.element !== 'Condition')
    return `  - let the ${mismatch.element} of ${placeOf(ref)} take in ${mismatch.found}`;
  return `  - meet the condition of ${placeOf(ref)}: ${mismatch.operator} ${mismatch.key} ${mismatch.wanted.join(' or ')}`;
}
