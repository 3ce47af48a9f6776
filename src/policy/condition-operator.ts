import { didYouMean } from '../lib/nearest.ts';
import { err, ok, type Result } from '../lib/result.ts';
import { CONDITION_OPERATORS, type Condition, type ConditionOperator } from './ast.ts';

/** A parsed operator name: `ForAllValues:StringLikeIfExists`. */
export type OperatorName = Pick<Condition, 'operator' | 'qualifier' | 'ifExists'>;

const QUALIFIERS = ['ForAllValues', 'ForAnyValue'] as const;
const IF_EXISTS = 'IfExists';
const KNOWN: ReadonlySet<string> = new Set(CONDITION_OPERATORS);
const WITH_SUFFIX = CONDITION_OPERATORS.flatMap((name) =>
  name === 'Null' ? [name] : [name, name + IF_EXISTS],
);

/**
 * Parses an operator name, or returns what is wrong with it. An unknown operator is rejected, never skipped: omitting
 * a condition would grant more.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export function parseOperator(written: string): Result<OperatorName, string> {
  const colon = written.indexOf(':');
  const prefix = colon < 0 ? undefined : written.slice(0, colon);
  const qualifier = QUALIFIERS.find((known) => known === prefix);
  if (prefix !== undefined && qualifier === undefined)
    return err(
      `"${prefix}" is not a set operator (ForAllValues, ForAnyValue)${didYouMean(prefix, QUALIFIERS)}`,
    );
  const name = written.slice(colon + 1);
  const ifExists = name.endsWith(IF_EXISTS);
  const operator = ifExists ? name.slice(0, -IF_EXISTS.length) : name;
  if (!isOperator(operator))
    return err(`"${name}" is not a condition operator${didYouMean(name, WITH_SUFFIX)}`);
  if (operator === 'Null' && ifExists)
    return err('Null does not support IfExists: it already tests whether the key exists');
  return ok({ operator, ifExists, ...(qualifier && { qualifier }) });
}

/** The operator as written in policy documents. */
export const formatOperator = ({ operator, qualifier, ifExists }: OperatorName): string =>
  `${qualifier ? `${qualifier}:` : ''}${operator}${ifExists ? IF_EXISTS : ''}`;

const isOperator = (name: string): name is ConditionOperator => KNOWN.has(name);

/** The unexpected effect of a set operator before this operator, or `undefined`. */
export function setOperatorAdvice({ operator, qualifier }: OperatorName): string | undefined {
  if (qualifier === undefined) return undefined;
  if (operator === 'Null')
    return `${qualifier}:Null is always ${qualifier === 'ForAllValues'}, whatever the request holds`;
  if (/^(?:String|Arn|Bool)/.test(operator)) return undefined;
  return `AWS documents ${qualifier} for String, Arn and Bool operators only, not for ${operator}`;
}
