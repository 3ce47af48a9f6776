import type { Layer, StatementRef } from '../engine/decision.ts';
import type { Mismatch, StatementTrace } from '../engine/trace.ts';

/** How parts of a text stand out; a terminal brings its colours, the default none. */
export interface Styles {
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly faint: (text: string) => string;
}

const plain = (text: string): string => text;
export const PLAIN: Styles = { good: plain, bad: plain, faint: plain };

export const LAYER_NAMES: Readonly<Record<Layer, string>> = {
  resourceControl: 'resource control policies',
  serviceControl: 'service control policies',
  resourcePolicy: 'resource-based policy',
  identity: 'identity-based policies',
  permissionsBoundary: 'permissions boundary',
  session: 'session policies',
};

export function renderStatement(statement: StatementTrace, styles: Styles): string {
  const place = `${statement.effect} in ${placeOf(statement)}`;
  if (statement.mismatch === undefined)
    return (statement.effect === 'Allow' ? styles.good : styles.bad)(`${place}: matches`);
  return styles.faint(`${place}: ${renderMismatch(statement.mismatch)}`);
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
