import type { DocumentEntry } from '../lib/document.ts';
import { didYouMean } from '../lib/nearest.ts';
import type { PrincipalElement, PrincipalType } from './ast.ts';
import { isEmptyList, kindOf, located, placeOf, readTexts } from './elements.ts';
import { PRINCIPAL_TYPES, principalDiagnostic } from './principal-pattern.ts';
import type { Report } from './report.ts';

/** `"*"`, or an object of principals by type. */
export function parsePrincipal(
  element: PrincipalElement['element'],
  entry: DocumentEntry,
  report: Report,
): PrincipalElement {
  const { value } = entry;
  if (value.kind === 'scalar' && value.value === '*')
    return { element, entries: [{ type: 'AWS', value: located('*', placeOf(entry)) }] };
  if (value.kind !== 'object') {
    const message = `${element} must be "*" or an object with ${PRINCIPAL_TYPES.join(', ')}, not ${kindOf(value)}`;
    report.error('invalid-principal', message, placeOf(entry));
    return { element, entries: [] };
  }
  if (value.entries.length === 0) report.error('empty-list', `${element} has no entries`, placeOf(entry));
  const entries = value.entries.flatMap((type) => parseType(element, type, report));
  const listOfOne = entries.length === 1 && value.entries.some((type) => type.value.kind === 'array');
  return { element, entries, ...(listOfOne && { listOfOne }) };
}

function parseType(
  element: PrincipalElement['element'],
  entry: DocumentEntry,
  report: Report,
): PrincipalElement['entries'] {
  const type = PRINCIPAL_TYPES.find((known) => known === entry.key);
  if (type === undefined) {
    const near = didYouMean(entry.key, PRINCIPAL_TYPES) || `; use one of ${PRINCIPAL_TYPES.join(', ')}`;
    report.error(
      'unknown-principal-type',
      `"${entry.key}" is not a principal type${near}`,
      entry.keyPosition,
    );
    return [];
  }
  if (isEmptyList(entry)) report.error('empty-list', `${element}.${type} is an empty list`, placeOf(entry));
  return readTexts(`${element}.${type}`, entry, report).map((value) => checked(type, value, report));
}

function checked(
  type: PrincipalType,
  value: PrincipalElement['entries'][number]['value'],
  report: Report,
): PrincipalElement['entries'][number] {
  const diagnostic = principalDiagnostic(type, value.text);
  if (diagnostic !== undefined) report.error('invalid-principal', diagnostic, value.position);
  return { type, value };
}
