import type { Part } from '../engine/variables.ts';
import type { ConditionOperator } from '../policy/ast.ts';
import { RUN } from './codes.ts';
import type { ValueLanguage } from './languages.ts';

/**
 * The language of a value that holds the very key it is compared with: `"StringLike": { "aws:username": "${aws:username}*" }`.
 * Alone or among asterisks it matches every text; with one more letter than the text has itself, none. `undefined` where it
 * does not hold the key.
 */
export function selfReference(
  operator: ConditionOperator,
  key: string,
  parts: readonly Part[],
): ValueLanguage | undefined {
  const others = parts.filter((part) => part.kind !== 'variable' || part.key !== key);
  if (others.length === parts.length) return undefined;
  const isText = operator.startsWith('String');
  if (!isText || parts.length - others.length > 1 || others.some(({ kind }) => kind === 'variable'))
    return { alternatives: [[RUN]], exact: false };
  const isPattern = operator.endsWith('Like');
  const isNothing = others.every(
    (part) => part.kind === 'text' && (part.text === '' || (isPattern && /^\*+$/.test(part.text))),
  );
  return { alternatives: isNothing ? [[RUN]] : [], exact: true };
}
