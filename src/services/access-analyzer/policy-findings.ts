import type { Located, Policy, Statement } from '../../policy/ast.ts';
import { coversAction, coversResource } from '../../proof/pattern-proofs.ts';
import { type Finding, finding } from './finding.ts';
import type { PolicyText } from './locate.ts';

/** What ValidatePolicy finds in the document as a whole. */
export function policyFindings(policy: Policy, text: PolicyText): readonly Finding[] {
  const budget = { left: MOST_COMPARISONS };
  return [
    ...missingVersion(text),
    ...redundantStatements(policy, text),
    ...policy.statements.flatMap((statement) => [
      ...emptyCondition(statement, text),
      ...redundantPatterns(statement, text, budget),
    ]),
  ];
}

/** Comparisons of patterns, of which a list has as many as pairs: beyond it none is called redundant. */
const MOST_COMPARISONS = 5_000;

function missingVersion(text: PolicyText): readonly Finding[] {
  const { path, location } = text.inside('Version');
  return path.length > 0 ? [] : [finding('MISSING_VERSION', [location])];
}

function emptyCondition({ index }: Statement, text: PolicyText): readonly Finding[] {
  const paths = [
    ['Statement', index, 'Condition'],
    ['Statement', 'Condition'],
  ];
  const empty = paths.find((path) => text.isEmptyObject(...path));
  if (empty === undefined) return [];
  return [finding('EMPTY_OBJECT_CONDITION', [text.inside(...empty).location])];
}

/** Statements that are the same but for their Sid. */
function redundantStatements({ statements }: Policy, text: PolicyText): readonly Finding[] {
  const same = Map.groupBy(statements, sayingOf);
  return [...same.values()]
    .filter((group) => group.length > 1)
    .map((group) => finding('REDUNDANT_STATEMENT', placesOf(group, text)));
}

const placesOf = (found: readonly Pick<Statement, 'position'>[], text: PolicyText) =>
  found.map(({ position }) => text.at(position).location);

const sayingOf = ({ effect, principal, action, resource, conditions }: Statement): string =>
  JSON.stringify([effect, principal, action, resource, conditions], (key, value: unknown) =>
    key === 'position' ? undefined : value,
  );

function redundantPatterns(
  { action, resource }: Statement,
  text: PolicyText,
  budget: { left: number },
): readonly Finding[] {
  const actions = redundant(action.patterns, coversAction, budget);
  const resources = redundant(resource?.patterns ?? [], coversResource, budget);
  const issue = (code: 'REDUNDANT_ACTION' | 'REDUNDANT_RESOURCE', found: readonly Located[]) => {
    const [first] = found;
    return first ? [finding(code, placesOf(found, text), { count: found.length, text: first.text })] : [];
  };
  return [...issue('REDUNDANT_ACTION', actions), ...issue('REDUNDANT_RESOURCE', resources)];
}

/** Patterns that another one of the list covers; of two that cover each other the later. */
function redundant(
  patterns: readonly Located[],
  covers: (wide: string, narrow: string) => boolean,
  budget: { left: number },
): readonly Located[] {
  budget.left -= patterns.length * (patterns.length - 1);
  if (budget.left < 0) return [];
  return patterns.filter((pattern, at) =>
    patterns.some(
      (other, place) =>
        place !== at && covers(other.text, pattern.text) && (place < at || !covers(pattern.text, other.text)),
    ),
  );
}
