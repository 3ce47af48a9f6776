import type { DocumentEntry } from '../lib/document.ts';
import type { Condition, Located } from './ast.ts';
import { type OperatorName, parseOperator, setOperatorAdvice } from './condition-operator.ts';
import { type ValueRules, valueAdvice, valueDiagnostic } from './condition-value.ts';
import { isEmptyList, kindOf, located, placeOf, readTexts } from './elements.ts';
import type { Report } from './report.ts';

/** The `Condition` element: operators, each an object of keys and values. An empty object restricts nothing. */
export function parseConditions(
  entry: DocumentEntry,
  rules: ValueRules,
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
  return value.entries.flatMap((block) => parseBlock(block, rules, report));
}

function parseBlock(entry: DocumentEntry, rules: ValueRules, report: Report): readonly Condition[] {
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
  return value.entries.map((key) => parseCondition(name.value, key, rules, report));
}

function parseCondition(
  name: OperatorName,
  entry: DocumentEntry,
  rules: ValueRules,
  report: Report,
): Condition {
  const values = readTexts(entry.key, entry, report, 'scalars');
  if (isEmptyList(entry)) {
    const message = `${entry.key} has no values: it matches at most a missing key`;
    report.warning('empty-condition', message, placeOf(entry));
  }
  for (const value of values) checkValue(name, value, rules, report);
  return { ...name, key: located(entry.key, entry.keyPosition), values };
}

function checkValue(
  { operator }: OperatorName,
  { text, position }: Located,
  rules: ValueRules,
  report: Report,
): void {
  const diagnostic = valueDiagnostic(operator, text, rules);
  if (diagnostic !== undefined) {
    report.error('invalid-condition-value', diagnostic, position);
    return;
  }
  const advice = valueAdvice(operator, text, rules.version);
  if (advice !== undefined) report.warning(advice.rule, advice.message, position);
}

/** Key names are case-insensitive, so two spellings mean the same key, and both conditions must match. */
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
