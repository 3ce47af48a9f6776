import type { Diagnostic } from '../../lib/errors.ts';
import { byPlace } from '../../lib/schema-diagnostics.ts';
import type { Policy, Position, Statement } from '../../policy/ast.ts';
import type { Subject } from './subject.ts';

/** Something that `lint` found; its rule is one of `LINT_RULES`. */
export interface Finding extends Diagnostic {
  /** The policy's name, as `principals.yaml` calls it; absent for a finding about something else. */
  readonly policy?: string;
  /** 0-based; absent for a finding about the whole policy. */
  readonly statement?: number;
  readonly sid?: string;
  /** What `--fix` takes out of the document. */
  readonly remove?: DocumentPath;
  /** The reason of its suppression. */
  readonly silenced?: string;
}

export type DocumentPath = readonly (string | number)[];

interface Detail {
  /** The statement's own place where none is given. */
  readonly position?: Position | undefined;
  readonly remove?: DocumentPath | undefined;
}

/** A warning about a statement. */
export function warn(
  { name, file }: Subject,
  statement: Statement,
  rule: string,
  message: string,
  { position = statement.position, remove }: Detail = {},
): Finding {
  const place = { policy: name, ...(file !== undefined && { file }), ...position };
  return {
    severity: 'warning',
    rule,
    message,
    ...place,
    ...nameOf(statement),
    ...(remove && { remove }),
  };
}

/** A diagnostic of validation, with the statement that contains its position. */
export function fromDiagnostic(diagnostic: Diagnostic, name: string, policy: Policy | undefined): Finding {
  const statement = policy && statementAt(policy, diagnostic);
  return { ...diagnostic, policy: name, ...(statement && nameOf(statement)) };
}

const nameOf = ({ index, sid }: Statement): Pick<Finding, 'statement' | 'sid'> => ({
  statement: index,
  ...(sid && sid.text !== '' && { sid: sid.text }),
});

/** The last statement that begins before the place. */
function statementAt({ statements }: Policy, diagnostic: Diagnostic): Statement | undefined {
  return statements.findLast(
    ({ position }) => position && byPlace({ ...diagnostic, ...position }, diagnostic) <= 0,
  );
}

/** How people call a statement: its Sid, or its number. */
export const labelOf = ({ index, sid }: Statement): string =>
  sid && sid.text !== '' ? `statement ${sid.text}` : `statement ${index}`;
