import type { Diagnostic } from '../../../src/lib/errors.ts';
import type { Policy } from '../../../src/policy/ast.ts';
import { parsePolicy } from '../../../src/policy/parse.ts';

/**
 * A policy of one statement with one element per line, so that a test knows the position of each: the first of
 * `elements` is on line 5, column 5.
 */
export const withStatement = (...elements: readonly string[]): string =>
  ['{', '"Version": "2012-10-17",', '"Statement": [', '  {', ...indent(elements), '  }', ']', '}'].join('\n');

const indent = (elements: readonly string[]): readonly string[] =>
  elements.map((element, index) => `    ${element}${index < elements.length - 1 ? ',' : ''}`);

/** A statement with one element added: on line 8, column 5. */
export const withElement = (...elements: readonly string[]): string =>
  withStatement('"Effect": "Allow"', '"Action": "s3:GetObject"', '"Resource": "*"', ...elements);

export const brief = (diagnostics: readonly Diagnostic[]): readonly string[] =>
  diagnostics.map(({ line, column, severity, rule }) => `${line}:${column} ${severity} ${rule}`);

/** `line:column severity rule` of every error and warning of parsing. */
export function parseDiagnostics(text: string): readonly string[] {
  const parsed = parsePolicy(text, { format: 'json' });
  return brief(parsed.ok ? parsed.value.warnings : parsed.error);
}

/** The messages alone. */
export function parseMessages(text: string): readonly string[] {
  const parsed = parsePolicy(text, { format: 'json' });
  return (parsed.ok ? parsed.value.warnings : parsed.error).map(({ message }) => message);
}

export function policyOf(text: string): Policy {
  const parsed = parsePolicy(text, { format: 'json' });
  if (!parsed.ok) throw new Error(parsed.error.map(({ message }) => message).join('\n'));
  return parsed.value.policy;
}
