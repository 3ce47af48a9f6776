import { Document } from 'yaml';
import type { CallRow } from './call-row.ts';
import type { CheckRow } from './check-row.ts';

/** What a principal calls of one operation. */
export interface RecordedTest {
  readonly name: string;
  readonly principal: string;
  readonly operation: string;
  /** By what they have alike, so that none is there twice. */
  readonly rows: Map<string, CallRow | CheckRow>;
}

/** A policy test file. A row with an action is a check; the others are calls of the test's operation. */
export function testFile(tests: readonly RecordedTest[], schema: string): string {
  const document = new Document(
    {
      tests: tests.map(({ name, principal, operation, rows }) => ({
        name,
        principal,
        ...([...rows.values()].some((row) => !('action' in row)) && { call: operation }),
        cases: [...rows.values()],
      })),
    },
    { aliasDuplicateObjects: false },
  );
  document.commentBefore = ` yaml-language-server: $schema=${schema}\n\n Decisions of recorded calls. Rename the tests to the behavior that you expect, and delete those that you do not need.`;
  return document.toString({ lineWidth: 0 });
}
