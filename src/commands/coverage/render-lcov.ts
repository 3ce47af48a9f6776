import type { Coverage, PolicyCoverage, StatementCoverage, Uses } from './coverage.ts';

/**
 * The coverage of the policy files in lcov's form, as editors and code-coverage services read it: a statement is a
 * function, each of its actions and resources is a branch, and a line counts as often as the most used thing on it.
 * Policies without a file (AWS's own) are left out.
 */
export const renderLcov = ({ policies }: Coverage): string => policies.map(recordOf).join('');

const usesOf = ({ allowed, denied, undocumented }: Uses): number => allowed + denied + undocumented;

function recordOf({ file, statements }: PolicyCoverage): string {
  const placed = statements.filter(({ line }) => line !== undefined);
  if (file === undefined || placed.length === 0) return '';
  const branches = placed.flatMap(branchesOf);
  const lines = linesOf(placed);
  return [
    'TN:',
    `SF:${file}`,
    ...placed.map((statement) => `FN:${statement.line},${nameOf(statement)}`),
    ...placed.map((statement) => `FNDA:${usesOf(statement)},${nameOf(statement)}`),
    `FNF:${placed.length}`,
    `FNH:${placed.filter((each) => usesOf(each) > 0).length}`,
    ...branches.map(({ line, block, branch, uses }) => `BRDA:${line},${block},${branch},${uses}`),
    `BRF:${branches.length}`,
    `BRH:${branches.filter(({ uses }) => uses > 0).length}`,
    ...lines.map(([line, uses]) => `DA:${line},${uses}`),
    `LF:${lines.length}`,
    `LH:${lines.filter(([, uses]) => uses > 0).length}`,
    'end_of_record\n',
  ].join('\n');
}

/** Unique in its file; a comma would end it. */
const nameOf = ({ statement, sid }: StatementCoverage): string =>
  sid ? `${statement}:${sid.replaceAll(',', ' ')}` : `${statement}`;

const branchesOf = ({ statement, line = 0, patterns }: StatementCoverage) =>
  patterns.map((pattern, branch) => ({
    line: pattern.line ?? line,
    block: statement,
    branch,
    uses: usesOf(pattern),
  }));

function linesOf(statements: readonly StatementCoverage[]): readonly (readonly [number, number])[] {
  const lines = new Map<number, number>();
  for (const part of statements.flatMap((statement) => [statement, ...statement.patterns])) {
    if (part.line === undefined) continue;
    lines.set(part.line, Math.max(lines.get(part.line) ?? 0, usesOf(part)));
  }
  return [...lines].sort(([a], [b]) => a - b);
}
