import type { Condition, Located, PatternElement, Policy, PrincipalElement, Statement } from './ast.ts';
import { formatOperator } from './condition-operator.ts';

/**
 * The canonical JSON of a policy: elements in the order of AWS's documentation, one value as a string and several as
 * a list, indented by two spaces. Parsing the result gives the same policy, except for positions and size.
 */
export const printPolicy = (policy: Policy): string => JSON.stringify(policyDocument(policy), undefined, 2);

/** The same as a plain value, to embed in other JSON. */
export function policyDocument({ version, id, statements }: Policy): Readonly<Record<string, unknown>> {
  return { Version: version, ...(id && { Id: id.text }), Statement: statements.map(statementDocument) };
}

function statementDocument(statement: Statement): Readonly<Record<string, unknown>> {
  const { sid, effect, principal, action, resource, conditions } = statement;
  return {
    ...(sid && { Sid: sid.text }),
    Effect: effect,
    ...(principal && { [principal.element]: principalDocument(principal) }),
    ...patternsDocument(action),
    ...(resource && patternsDocument(resource)),
    ...(conditions.length > 0 && { Condition: conditionDocument(conditions) }),
  };
}

const patternsDocument = ({ element, patterns }: PatternElement<string>): Record<string, unknown> => ({
  [element]: texts(patterns),
});

function principalDocument({ entries }: PrincipalElement): unknown {
  const [first, ...others] = entries;
  if (others.length === 0 && first?.type === 'AWS' && first.value.text === '*') return '*';
  const types = Object.groupBy(entries, ({ type }) => type);
  return Object.fromEntries(
    Object.entries(types).map(([type, ofType]) => [type, texts(ofType.map(({ value }) => value))]),
  );
}

function conditionDocument(conditions: readonly Condition[]): Record<string, unknown> {
  const blocks = Map.groupBy(conditions, formatOperator);
  return Object.fromEntries(
    [...blocks].map(([operator, block]) => [
      operator,
      Object.fromEntries(block.map(({ key, values }) => [key.text, texts(values)])),
    ]),
  );
}

function texts(values: readonly Located[]): string | readonly string[] {
  const [first, ...others] = values;
  return first !== undefined && others.length === 0 ? first.text : values.map(({ text }) => text);
}
