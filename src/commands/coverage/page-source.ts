import type { Directory } from '../../directory/directory.ts';
import { readText } from '../../directory/source-file.ts';
import type { Policy } from '../../policy/ast.ts';
import { parsePolicy } from '../../policy/parse.ts';
import { printPolicy } from '../../policy/print.ts';
import type { PolicyCoverage, StatementCoverage } from './coverage.ts';

/** A policy's text, and its coverage with the places of everything in that text. */
export interface CoveredSource {
  readonly lines: readonly string[];
  readonly statements: readonly StatementCoverage[];
}

/** The source of the policy; one without a file is printed as it would be written. */
export async function coveredSource(
  { file, policy: name, statements }: PolicyCoverage,
  directory: Directory,
): Promise<CoveredSource> {
  const text = file === undefined ? undefined : await readText(file);
  if (text?.ok) return { lines: text.value.trimEnd().split(/\r?\n/), statements };
  const known = directory.policies.find(({ policy }) => policy.name === name)?.policy.policy;
  return known ? printed(known, statements) : { lines: [], statements };
}

function printed(policy: Policy, statements: readonly StatementCoverage[]): CoveredSource {
  const text = printPolicy(policy);
  const parsed = parsePolicy(text, { format: 'json' });
  const places = parsed.ok ? parsed.value.policy.statements : [];
  return {
    lines: text.split('\n'),
    statements: statements.map((statement) => {
      const { position, action, resource } = places[statement.statement] ?? {};
      const inText = { Action: action?.patterns ?? [], Resource: resource?.patterns ?? [] };
      return {
        ...statement,
        ...(position && { line: position.line }),
        patterns: statement.patterns.map((pattern) => ({
          ...pattern,
          ...inText[pattern.element].find((each) => each.text === pattern.pattern)?.position,
        })),
      };
    }),
  };
}
