import type { DocumentEntry } from '../lib/document.ts';
import type { Condition, Located, Policy } from './ast.ts';
import { type OperatorName, parseOperator, setOperatorAdvice } from './condition-operator.ts';
import { valueAdvice, valueFault } from './condition-value.ts';
import { isEmptyList, kindOf, located, placeOf, readTexts } from './elements.ts';
import type { Report } from './report.ts';

/** The `Condition` element: operators, each an object of keys and values. An empty object restricts nothing. */
export function parseConditions(
  entry: DocumentEntry,
  version: Policy['version'],
  report: Report,
): readonly Condition[] {
  const { value } = entry;
  if (value.kind !== 'object') {
    report.error(
      'element-type',
      `Condition must be an object of operators, not ${kindOf(value)}`,
      placeOf(entry),
    );
    return [];
  }
  return value.entries.flatMap((block) => parseBlock(block, version, report));
}

function parseBlock(entry: DocumentEntry, version: Policy['version'], report: Report): readonly Condition[] {
  const name = parseOperator(entry.key);
  if (!name.ok) {
    report.error('unknown-operator', name.error, entry.keyPosition);
    return [];
  }
  const advice = setOperatorAdvice(name.value);
  if (advice !== undefined) report.warning('set-operator', advice, entry.keyPosition);
  const { value } = entry;
  if (value.kind !== 'object') {
    const message = `${entry.key} must be an object of condition keys, not ${kindOf(value)}`;
    report.error('element-type', message, placeOf(entry));
    return [];
  }
  reportSameKeys(value.entries, report);
  return value.entries.map((key) => parseCondition(name.value, key, version, report));
}

function parseCondition(
  name: OperatorName,
  entry: DocumentEntry,
  version: Policy['version'],
  report: Report,
): Condition {
  const values = readTexts(entry.key, entry, report, 'scalars');
  if (isEmptyList(entry)) {
    const message = `${entry.key} has no values to compare with: at best a missing key matches`;
    report.warning('empty-condition', message, placeOf(entry));
  }
  for (const value of values) checkValue(name, value, version, report);
  return { ...name, key: located(entry.key, entry.keyPosition), values };
}

function checkValue(
  { operator }: OperatorName,
  { text, position }: Located,
  version: Policy['version'],
  report: Report,
): void {
  const fault = valueFault(operator, text, version === '2012-10-17');
  if (fault !== undefined) report.error('invalid-condition-value', fault, position);
  const advice = valueAdvice(operator, text);
  if (advice !== undefined) report.warning('arn-value', advice, position);
}

/** Key names are compared ignoring case, so both spellings mean one key: each of them must match. */
function reportSameKeys(entries: readonly DocumentEntry[], report: Report): void {
  const seen = new Map<string, string>();
  for (const { key, keyPosition } of entries) {
    const other = seen.get(key.toLowerCase());
    if (other !== undefined && other !== key) {
      const message = `"${key}" is the same condition key as "${other}"; both must match`;
      report.warning('same-condition-key', message, keyPosition);
    }
    seen.set(key.toLowerCase(), key);
  }
}
