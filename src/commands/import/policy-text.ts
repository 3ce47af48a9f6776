import { readJson } from '../../lib/json-position.ts';
import type { Policy } from '../../policy/ast.ts';
import { parsePolicyDocument } from '../../policy/parse.ts';
import { type PolicyKind, validatePolicy } from '../../policy/validate.ts';
import type { Fields } from './fields.ts';

/**
 * The policy document of a member: an object, or a text that holds JSON, percent-encoded where IAM's API answered it.
 * Held to what AWS demands of its kind; every diagnostic is in the report, in a text with the place of the text.
 */
export function policyIn(fields: Fields, key: string, kind: PolicyKind): Policy | undefined {
  const { report, label } = fields;
  const node = fields.get(key);
  if (node === undefined) {
    report.error('missing-key', `${label}.${key}: is missing`, fields.node.position);
    return undefined;
  }
  const inText = node.kind === 'scalar';
  const read = inText ? readJson(decoded(node.text)) : { ok: true as const, value: node };
  const parsed = read.ok ? parsePolicyDocument(read.value) : read;
  const diagnostics = parsed.ok ? validatePolicy(parsed.value.policy, kind) : parsed.error;
  for (const { severity, rule, message, line, column } of diagnostics) {
    if (severity !== 'error') continue;
    const inside = inText && line !== undefined ? ` (line ${line}, column ${column} of the document)` : '';
    const position = inText || line === undefined ? node.position : { line, column: column ?? 1 };
    report.error(rule, `${label}.${key}: ${message}${inside}`, position);
  }
  return parsed.ok ? parsed.value.policy : undefined;
}

function decoded(text: string): string {
  if (!text.startsWith('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
