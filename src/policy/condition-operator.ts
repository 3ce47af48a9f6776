import { didYouMean } from '../lib/nearest.ts';
import { err, ok, type Result } from '../lib/result.ts';
import { CONDITION_OPERATORS, type Condition, type ConditionOperator } from './ast.ts';

/** An operator as written in a document, taken apart: `ForAllValues:StringLikeIfExists`. */
export type OperatorName = Pick<Condition, 'operator' | 'qualifier' | 'ifExists'>;

const QUALIFIERS = ['ForAllValues', 'ForAnyValue'] as const;
const IF_EXISTS = 'IfExists';
const KNOWN: ReadonlySet<string> = new Set(CONDITION_OPERATORS);
const WITH_SUFFIX = CONDITION_OPERATORS.flatMap((name) =>
  name === 'Null' ? [name] : [name, name + IF_EXISTS],
);

/**
 * Takes an operator apart, or says what is wrong with it. An operator that is not known is refused, never skipped: a
 * condition that is left out would grant more.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export function parseOperator(written: string): Result<OperatorName, string> {
  const colon = written.indexOf(':');
  const prefix = colon < 0 ? undefined : written.slice(0, colon);
  const qualifier = QUALIFIERS.find((known) => known === prefix);
  if (prefix !== undefined && qualifier === undefined)
    return err(
      `"${prefix}" is not a set operator of a condition (ForAllValues, ForAnyValue)${didYouMean(prefix, QUALIFIERS)}`,
    );
  const name = written.slice(colon + 1);
  const ifExists = name.endsWith(IF_EXISTS);
  const operator = ifExists ? name.slice(0, -IF_EXISTS.length) : name;
  if (!isOperator(operator))
    return err(`"${name}" is not a condition operator${didYouMean(name, WITH_SUFFIX)}`);
  if (operator === 'Null' && ifExists)
    return err('Null takes no IfExists: it asks itself whether the key is there');
  return ok({ operator, ifExists, ...(qualifier && { qualifier }) });
}

/** The operator as documents write it. */
export const formatOperator = ({ operator, qualifier, ifExists }: OperatorName): string =>
  `${qualifier ? `${qualifier}:` : ''}${operator}${ifExists ? IF_EXISTS : ''}`;

const isOperator = (name: string): name is ConditionOperator => KNOWN.has(name);

/** What a set operator in front of this operator does against expectation, or `undefined`. */
export function setOperatorAdvice({ operator, qualifier }: OperatorName): string | undefined {
  if (qualifier === undefined) return undefined;
  if (operator === 'Null')
    return `${qualifier}:Null is always ${qualifier === 'ForAllValues'}, whatever the request holds`;
  if (/^(?:String|Arn|Bool)/.test(operator)) return undefined;
  return `AWS documents ${qualifier} for String, Arn and Bool operators only, not for ${operator}`;
}
