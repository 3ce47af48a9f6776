import { literalCodes, type WildcardCodes, wildcardCodes } from '../lib/wildcard.ts';
import type { RequestContext } from './request.ts';

/**
 * A part of a string that may contain policy variables: plain text, an escaped character, or a variable.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export type Part =
  | { readonly kind: 'text'; readonly text: string }
  /** `${*}`, `${?}`, `${$}`: the character itself, never a wildcard. */
  | { readonly kind: 'escape'; readonly text: string }
  /** `${name}` or `${name, 'default'}`; `key` is the name in lower case. */
  | { readonly kind: 'variable'; readonly name: string; readonly key: string; readonly fallback?: string };

/** A key cannot contain a quote or a brace; a default value is in single quotes and may contain anything else. */
const VARIABLE = /\$\{(?:([*?$])|(\s*[^{}',\s]+(?:\s+[^{}',\s]+)*|\s)\s*(?:,\s*'([^']*)'\s*)?)\}/g;

/** Parses a string into parts. Without `variables` (a policy of Version 2008-10-17), all of it is plain text. */
export function parseParts(text: string, variables: boolean): readonly Part[] {
  if (!variables || !text.includes('${')) return [{ kind: 'text', text }];
  const parts: Part[] = [];
  let end = 0;
  for (const match of text.matchAll(VARIABLE)) {
    if (match.index > end) parts.push({ kind: 'text', text: text.slice(end, match.index) });
    parts.push(variablePart(match[1], (match[2] ?? '').trim(), match[3]));
    end = match.index + match[0].length;
  }
  if (end < text.length || parts.length === 0) parts.push({ kind: 'text', text: text.slice(end) });
  return parts;
}

function variablePart(escaped: string | undefined, name: string, fallback: string | undefined): Part {
  if (escaped !== undefined) return { kind: 'escape', text: escaped };
  const variable = { kind: 'variable', name, key: name.toLowerCase() } as const;
  return fallback === undefined ? variable : { ...variable, fallback };
}

export const hasVariable = (parts: readonly Part[]): boolean => parts.some(({ kind }) => kind === 'variable');

/**
 * The value of a part in this request; `undefined` for a variable without a value or a default. Only a single-valued
 * key can be used as a variable: a multi-valued key has no value here, and its default is not used.
 */
function resolvePart(part: Part, context: RequestContext): string | undefined {
  if (part.kind !== 'variable') return part.text;
  const value = context.get(part.key) ?? part.fallback;
  return typeof value === 'string' ? value : undefined;
}

/** The string with its variables replaced, every character literal; `undefined` if a variable has no value. */
export function expandText(parts: readonly Part[], context: RequestContext): string | undefined {
  let text = '';
  for (const part of parts) {
    const value = resolvePart(part, context);
    if (value === undefined) return undefined;
    text += value;
  }
  return text;
}

/** The same as a pattern: `*` and `?` in the policy itself are wildcards, those in variable values are not. */
export function expandPattern(parts: readonly Part[], context: RequestContext): WildcardCodes | undefined {
  const codes: number[] = [];
  for (const part of parts) {
    const value = resolvePart(part, context);
    if (value === undefined) return undefined;
    for (const code of part.kind === 'text' ? wildcardCodes(value) : literalCodes(value)) codes.push(code);
  }
  return codes;
}

/** For parts without variables. */
export const NO_CONTEXT: RequestContext = { get: () => undefined };
