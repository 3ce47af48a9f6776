import {
  literalCodes,
  matchesCodes,
  matchesPattern,
  parsePattern,
  toPattern,
  type WildcardCodes,
  type WildcardPattern,
  wildcardCodes,
} from '../lib/wildcard.ts';
import type { Statement } from '../policy/ast.ts';
import { completeArn } from '../policy/resource-pattern.ts';
import type { RequestContext } from './request.ts';
import { expandPattern, hasVariable, NO_CONTEXT, type Part, parseParts } from './variables.ts';

/**
 * One pattern of a Resource or NotResource. It is compared as one string and case-sensitively: `*` spans `/` and `:`.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
export type ResourcePattern =
  | { readonly kind: 'fixed'; readonly pattern: WildcardPattern }
  /** Contains policy variables, all of them after `prefix`. */
  | {
      readonly kind: 'variable';
      readonly prefix: string;
      readonly codes: WildcardCodes;
      readonly parts: readonly Part[];
    };

export interface ResourceMatcher {
  readonly negated: boolean;
  readonly patterns: readonly ResourcePattern[];
}

export function compileResource(
  { element, patterns }: NonNullable<Statement['resource']>,
  variables: boolean,
): ResourceMatcher {
  return {
    negated: element === 'NotResource',
    patterns: patterns.map(({ text }) => compilePattern(text, variables)),
  };
}

/**
 * The first two parts, the service, the next two, and everything after the fifth colon, where policy variables are
 * allowed.
 */
const ARN = /^([^:]*:[^:]*:)([^:]*)(:[^:]*:[^:]*:)(.*)$/s;

function compilePattern(text: string, variables: boolean): ResourcePattern {
  const whole = text.startsWith('arn:') ? completeArn(text) : text;
  const [, vendor = '', service = '', place = '', name = ''] = ARN.exec(whole) ?? [];
  if (!/[*?]/.test(service) && !(variables && name.includes('${')))
    return { kind: 'fixed', pattern: parsePattern(whole) };
  // A wildcard in the service part matches no service: it is treated as a literal character.
  const head = [...wildcardCodes(vendor), ...literalCodes(service), ...wildcardCodes(place)];
  const parts = parseParts(name, variables);
  if (!hasVariable(parts))
    return { kind: 'fixed', pattern: toPattern([...head, ...(expandPattern(parts, NO_CONTEXT) ?? [])]) };
  const firstText = parts[0]?.kind === 'text' ? parts[0].text : '';
  const { prefix } = toPattern([...head, ...wildcardCodes(firstText)]);
  return { kind: 'variable', prefix, codes: head, parts };
}

/** Whether one pattern matches. A pattern whose policy variable has no value matches no resource. */
export function matchesResourcePattern(
  pattern: ResourcePattern,
  resource: string,
  context: RequestContext,
): boolean {
  if (pattern.kind === 'fixed') return matchesPattern(pattern.pattern, resource);
  const name = expandPattern(pattern.parts, context);
  return name !== undefined && matchesCodes([...pattern.codes, ...name], resource);
}

/**
 * Resource matches what one of its patterns matches, NotResource what none of them matches. In a NotResource, a
 * pattern whose variable has no value excludes nothing: it must not disable a Deny, nor the list's other patterns.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export function matchesResource(
  { negated, patterns }: ResourceMatcher,
  resource: string,
  context: RequestContext,
): boolean {
  for (const pattern of patterns) if (matchesResourcePattern(pattern, resource, context)) return !negated;
  return negated;
}
