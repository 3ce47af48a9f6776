import type { StatementCoverage } from '../coverage/coverage.ts';
import { isUsed } from '../coverage/coverage.ts';
import type { DocumentPath } from '../lint/finding.ts';

/** A part of a policy that no recorded call used. */
export interface UnusedPart {
  /** `the action personalize:X of statement S` */
  readonly what: string;
  readonly line?: number;
  /** In the document. */
  readonly path: DocumentPath;
}

/**
 * The statements, actions and resources that were never used. A Deny that never matched is a guard that was not needed
 * yet: it stays, as what NotAction and NotResource leave out does.
 * @param isList whether the document's Statement is a list, and not one statement alone
 */
export function unusedParts(
  statements: readonly StatementCoverage[],
  isList: boolean,
): readonly UnusedPart[] {
  return statements
    .filter(({ effect }) => effect === 'Allow')
    .flatMap((statement): readonly UnusedPart[] => {
      const path = isList ? ['Statement', statement.statement] : ['Statement'];
      const name = statement.sid ? `statement ${statement.sid}` : `statement ${statement.statement}`;
      if (!isUsed(statement)) return [{ what: name, ...lineOf(statement), path }];
      return (['Action', 'Resource'] as const).flatMap((element) => {
        const patterns = statement.patterns.filter((each) => each.element === element);
        return patterns.flatMap((pattern, index) =>
          isUsed(pattern)
            ? []
            : [
                {
                  what: `${element} ${pattern.pattern} of ${name}`,
                  ...lineOf(pattern),
                  path: [...path, element, index],
                },
              ],
        );
      });
    });
}

const lineOf = ({ line }: { readonly line?: number }): { readonly line?: number } =>
  line === undefined ? {} : { line };
