import type { DocumentNode } from '../lib/document.ts';
import { didYouMean } from '../lib/nearest.ts';
import { actionDiagnostic } from './action-pattern.ts';
import type { Located, PatternElement, PrincipalElement, Statement } from './ast.ts';
import type { ValueRules } from './condition-value.ts';
import { Elements, isEmptyList, kindOf, placeOf, readText, readTexts } from './elements.ts';
import { parseConditions } from './parse-condition.ts';
import { parsePrincipal } from './parse-principal.ts';
import type { Report } from './report.ts';
import { resourceDiagnostic } from './resource-pattern.ts';

const ELEMENTS = [
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'NotResource',
  'Condition',
] as const;
const EFFECTS = ['Allow', 'Deny'] as const;

/** Parses one statement; `undefined` if a required element is missing. Every error is in the report. */
export function parseStatement(
  node: DocumentNode,
  index: number,
  rules: ValueRules,
  report: Report,
): Statement | undefined {
  if (node.kind !== 'object') {
    report.error('element-type', `a statement must be an object, not ${kindOf(node)}`, node.position);
    return undefined;
  }
  const elements = new Elements(node, ELEMENTS, report);
  const sid = elements.get('Sid');
  const sidText = sid && readText('Sid', sid, report);
  const effect = parseEffect(elements, report);
  const principal = parsePrincipals(elements, report);
  const action = parsePatterns(elements, ['Action', 'NotAction'], actionDiagnostic, report);
  const resource = parsePatterns(elements, ['Resource', 'NotResource'], resourceDiagnostic, report);
  const condition = elements.get('Condition');
  const conditions = condition ? parseConditions(condition, rules, report) : [];
  if (action === undefined) missing('Action', 'the statement has no Action (or NotAction)', elements, report);
  // Only the trust policy of a role, which has a Principal, may omit it.
  if (resource === undefined && principal === undefined)
    missing(
      'Resource',
      'the statement has no Resource (or NotResource); only a trust policy, which has a Principal, may omit it',
      elements,
      report,
    );
  if (action === undefined) return undefined;
  return {
    index,
    ...(sidText && { sid: sidText }),
    // Without an Effect, the document is rejected; until then, the statement must not grant.
    effect: effect ?? 'Deny',
    ...(principal && { principal }),
    action,
    ...(resource && { resource }),
    conditions,
    ...(node.position && { position: node.position }),
  };
}

function parseEffect(elements: Elements, report: Report): Statement['effect'] | undefined {
  const entry = elements.get('Effect');
  if (entry === undefined) {
    missing('Effect', 'the statement has no Effect (Allow or Deny)', elements, report);
    return undefined;
  }
  const { value } = entry;
  const text = value.kind === 'scalar' ? value.text : '';
  const effect = EFFECTS.find((known) => known === text);
  if (effect === undefined) {
    const hint = didYouMean(text, EFFECTS) || '';
    report.error(
      'invalid-effect',
      `Effect must be Allow or Deny, not ${kindOf(value)}${hint}`,
      placeOf(entry),
    );
  }
  return effect;
}

function parsePrincipals(elements: Elements, report: Report): PrincipalElement | undefined {
  const found = elements.oneOf(['Principal', 'NotPrincipal'], report);
  return found && parsePrincipal(found.element, found.entry, report);
}

function parsePatterns<Name extends string>(
  elements: Elements,
  names: readonly [Name, Name],
  diagnosticOf: (text: string) => string | undefined,
  report: Report,
): PatternElement<Name> | undefined {
  const found = elements.oneOf(names, report);
  if (found === undefined) return undefined;
  const { element, entry } = found;
  if (isEmptyList(entry)) report.error('empty-list', `${element} is an empty list`, placeOf(entry));
  const patterns = readTexts(element, entry, report);
  for (const pattern of patterns) checkPattern(names[0], pattern, diagnosticOf, report);
  return { element, patterns };
}

function checkPattern(
  name: string,
  { text, position }: Located,
  diagnosticOf: (text: string) => string | undefined,
  report: Report,
): void {
  const diagnostic = diagnosticOf(text);
  if (diagnostic !== undefined) report.error(`invalid-${name.toLowerCase()}`, diagnostic, position);
}

const missing = (name: string, message: string, elements: Elements, report: Report): void =>
  report.error(`missing-${name.toLowerCase()}`, message, elements.position);
