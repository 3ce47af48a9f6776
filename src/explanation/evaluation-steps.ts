import type { Change } from '../engine/change.ts';
import type { Layer, StatementRef } from '../engine/decision.ts';
import type { LayerTrace, Mismatch, StatementTrace } from '../engine/trace.ts';
import type { Simulation } from './simulation.ts';

/** How parts of a text stand out; a terminal brings its colours, the default none. */
export interface Paint {
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly faint: (text: string) => string;
}

const plain = (text: string): string => text;
export const PLAIN: Paint = { good: plain, bad: plain, faint: plain };

export const LAYER_NAMES: Readonly<Record<Layer, string>> = {
  resourceControl: 'resource control policies',
  serviceControl: 'service control policies',
  resourcePolicy: 'resource-based policy',
  identity: 'identity-based policies',
  permissionsBoundary: 'permissions boundary',
  session: 'session policies',
};

const OUTCOMES: Readonly<Record<Simulation['decision'], string>> = {
  allowed: 'ALLOWED',
  explicitDeny: 'DENIED (explicit deny)',
  implicitDeny: 'DENIED (implicit deny)',
};

/**
 * A decision for people, as a ladder: one rung for each layer in the order in which AWS asks them, under it each
 * statement that was near, with the first thing that did not match, and for a denial the smallest change at the foot.
 */
export function renderLadder(simulation: Simulation, paint: Paint = PLAIN): string {
  const { principal, action, resource, decision, layer, cause, layers, missingKeys, changes } = simulation;
  const mark = decision === 'allowed' ? paint.good : paint.bad;
  return [
    `${mark(OUTCOMES[decision])} by the ${LAYER_NAMES[layer]}`,
    `  ${principal}`,
    `  ${action} on ${resource}`,
    ...(cause === undefined ? [] : [`  the engine failed: ${cause}`]),
    '',
    ...layers.flatMap((rung) => renderLayer(rung, paint)),
    ...(missingKeys.length > 0 ? ['', `Not in the request: ${missingKeys.join(', ')}`] : []),
    ...(changes.length > 0 ? ['', 'To allow it:', ...changes.flatMap(renderChange)] : []),
  ].join('\n');
}

function renderLayer(layer: LayerTrace, paint: Paint): readonly string[] {
  const [sign, verdict] = verdictOf(layer, paint);
  const statements = layer.statements.filter(isNear).map((each) => renderStatement(each, paint));
  return [`${sign} ${nameOfLayer(layer)}: ${verdict}`, ...statements.map((line) => `    ${line}`)];
}

function verdictOf({ layer, statements }: LayerTrace, paint: Paint): readonly [string, string] {
  const matches = (effect: StatementTrace['effect']) =>
    statements.some((statement) => statement.matched && statement.effect === effect);
  if (matches('Deny')) return [paint.bad('✗'), 'denies'];
  if (matches('Allow')) return [paint.good('✓'), 'allows'];
  if (layer === 'resourceControl') return [paint.good('✓'), 'does not deny'];
  return [paint.faint('·'), 'does not allow'];
}

/** A statement about other actions explains nothing. */
const isNear = ({ mismatch }: StatementTrace): boolean =>
  mismatch?.element !== 'Action' && mismatch?.element !== 'NotAction';

export function renderStatement(statement: StatementTrace, paint: Paint): string {
  const place = `${statement.effect} in ${placeOf(statement)}`;
  if (statement.mismatch === undefined)
    return (statement.effect === 'Allow' ? paint.good : paint.bad)(`${place}: matches`);
  return paint.faint(`${place}: ${renderMismatch(statement.mismatch)}`);
}

function renderMismatch(mismatch: Mismatch): string {
  const wanted = mismatch.wanted.join(' or ') || '(nothing)';
  if (mismatch.element !== 'Condition') return `${mismatch.element} ${wanted} against ${mismatch.found}`;
  const found = mismatch.found === undefined ? 'is missing' : `is ${[mismatch.found].flat().join(', ')}`;
  return `${mismatch.operator} ${mismatch.key} ${wanted}, but ${mismatch.key} ${found}`;
}

/** `policies/x.json:7, statement Sid`, as terminals and editors make links of it. */
export function placeOf({ policy, statement, sid, file, line }: StatementRef): string {
  const place = file === undefined ? policy : line === undefined ? file : `${file}:${line}`;
  return `${place}, ${sid ? `statement ${sid}` : `statement ${statement}`}`;
}

export const nameOfLayer = ({ layer, level }: { readonly layer: Layer; readonly level?: number }): string =>
  level === undefined ? LAYER_NAMES[layer] : `${LAYER_NAMES[layer]}, level ${level}`;

function renderChange(change: Change): readonly string[] {
  if (change.kind === 'removeDeny')
    return change.statements.map((each) => `  - remove or narrow the Deny in ${placeOf(each)}`);
  const statement = `      ${JSON.stringify(change.statement)}`;
  if (change.kind === 'addStatement') return [`  - add to the ${LAYER_NAMES[change.layer]}:`, statement];
  return [
    `  - no identity-based policy can help: ${change.because} (${nameOfLayer(change)}); it would with`,
    statement,
  ];
}
