import type { StatementRef } from './decision.ts';
import type { NamedPolicy } from './policy-set.ts';
import type { CompiledStatement } from './statement.ts';

/** A statement with its position in a policy of one principal. */
export interface PlacedStatement {
  readonly statement: CompiledStatement;
  readonly ref: StatementRef;
  /** Position in the layer: matches are listed in the order of the policies. */
  readonly order: number;
}

export function placeStatement(
  statement: CompiledStatement,
  { name, file }: NamedPolicy,
  order: number,
): PlacedStatement {
  const { index, sid, position } = statement.source;
  const ref: StatementRef = {
    policy: name,
    statement: index,
    ...(sid && { sid: sid.text }),
    ...(file !== undefined && { file }),
    ...(position && { line: position.line }),
  };
  return { statement, ref, order };
}
