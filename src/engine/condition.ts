import type { Condition, Statement } from '../policy/ast.ts';
import { OPERATORS } from './operators.ts';
import type { ContextValue, RequestContext } from './request.ts';
import type { TextTest } from './text-matching.ts';

/** One operator on one key, compiled for evaluation. */
export interface CompiledCondition {
  readonly source: Condition;
  /** In lower case: key names are compared ignoring case. */
  readonly key: string;
  readonly holds: (context: RequestContext) => boolean;
}

/**
 * Compiles a condition by the rules that do not depend on the operator: missing keys, `IfExists`, set operators.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
 */
export function compileCondition(
  source: Condition,
  { effect, variables }: { readonly effect: Statement['effect']; readonly variables: boolean },
): CompiledCondition {
  const key = source.key.text.toLowerCase();
  const values = source.values.map(({ text }) => text);
  if (source.operator === 'Null') return { source, key, holds: nullTest(source, key, values) };
  const { negated, compile } = OPERATORS[source.operator];
  const matches = compile(values, { variables, whenMalformed: effect === 'Deny' });
  const whenMissing = missingResult(source, negated);
  const unless = values.length > 0;
  const presentResult = setTest(source.qualifier, matches);
  return {
    source,
    key,
    holds: (context) => {
      const found = context.get(key);
      if (found === undefined || (source.qualifier !== undefined && isEmptySet(found))) return whenMissing;
      return unless && presentResult(found, context);
    },
  };
}

/**
 * The result of a condition whose key is not in the request. An empty list of values is true only with `IfExists` or
 * `ForAllValues`.
 */
function missingResult({ qualifier, ifExists, values }: Condition, negated: boolean): boolean {
  if (ifExists || qualifier === 'ForAllValues') return true;
  return negated && qualifier === undefined && values.length > 0;
}

/** Only an empty list counts as a set without values: an empty string is a value. */
const isEmptySet = (found: ContextValue): boolean => typeof found !== 'string' && found.length === 0;

type FoundTest = (found: ContextValue, context: RequestContext) => boolean;

/**
 * The set operators quantify over the values of the request. Without a set operator, a multi-valued key never
 * matches, whatever the operator.
 */
function setTest(qualifier: Condition['qualifier'], matches: TextTest): FoundTest {
  if (qualifier === undefined)
    return (found, context) => typeof found === 'string' && matches(found, context);
  if (qualifier === 'ForAllValues')
    return (found, context) => asList(found).every((value) => matches(value, context));
  return (found, context) => asList(found).some((value) => matches(value, context));
}

const asList = (found: ContextValue): readonly string[] => (typeof found === 'string' ? [found] : found);

/**
 * `Null` tests whether the key is absent (`true`) or present with a value (`false`); any other value is read as
 * `false`. The set operators quantify over values, which `Null` does not compare: `ForAllValues:Null` is always true,
 * `ForAnyValue:Null` never.
 */
function nullTest(
  { qualifier }: Condition,
  key: string,
  values: readonly string[],
): CompiledCondition['holds'] {
  if (qualifier !== undefined) return () => qualifier === 'ForAllValues';
  const wanted = new Set(values.map((value) => value.toLowerCase() === 'true'));
  return (context) => {
    const found = context.get(key);
    return wanted.has(found === undefined || isEmptySet(found));
  };
}
