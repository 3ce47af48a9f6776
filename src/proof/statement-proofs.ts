import type { NamedPolicy } from '../engine/policy-set.ts';
import { toQuery } from '../engine/query.ts';
import type { AuthorizationRequest } from '../engine/request.ts';
import { principalMatches } from '../engine/statement.ts';
import type { ActionReference } from '../policy/action-reference.ts';
import type { Policy, Statement } from '../policy/ast.ts';
import type { KeyFacts } from './key-facts.ts';
import { principalsNamed } from './principals.ts';
import { prove, type Situation } from './prove.ts';
import { resourceLanguage } from './resource-formats.ts';
import { matching, policyStatements, type Side, type SideStatement } from './side.ts';

/** A statement, and the version that says what its variables are. */
export interface Claim {
  readonly statement: Statement;
  readonly version: Policy['version'];
}

/** Of a statement, which has few cases: beyond this nothing is said. */
const STEPS = 100_000;
/** Whatever a request may hold. */
const ANY_VALUE: KeyFacts = { values: 'either', type: 'any', present: false };

/**
 * Whether every request that `narrow` matches is matched by one of `wides` too, or by nothing at all that AWS could send:
 * proven, for any context. The effects of the statements play no part.
 */
export const isCovered = (narrow: Claim, wides: readonly Claim[], reference: ActionReference): boolean =>
  isRefuted([[narrow]], wides, reference);

/** Whether no request matches a statement and one of others: proven. */
export const areDisjoint = (one: Claim, others: readonly Claim[], reference: ActionReference): boolean =>
  isRefuted([[one], others], [], reference);

/** Whether no request matches one statement of each level and none of others. */
function isRefuted(
  levels: readonly (readonly Claim[])[],
  others: readonly Claim[],
  reference: ActionReference,
): boolean {
  const next = levels.map((level) => level.map(asSideStatement));
  const existing = others.map(asSideStatement);
  const situations = situationsOf(next, existing);
  return prove(situations, { reference: namesOnly(reference), steps: STEPS }).kind === 'pass';
}

const onlyNames = new WeakMap<ActionReference, ActionReference>();

/** The reference without what it knows of resources: here they are any ARN, so that nothing distinguishes such actions. */
function namesOnly(reference: ActionReference): ActionReference {
  const known = onlyNames.get(reference) ?? {
    ...reference,
    describe: () => undefined,
    resourceArnsOf: () => undefined,
  };
  onlyNames.set(reference, known);
  return known;
}

/** One situation for each principal that the statements distinguish, with and without a permissions boundary. */
function situationsOf(
  levels: readonly (readonly SideStatement[])[],
  others: readonly SideStatement[],
): readonly Situation[] {
  const statements = [...levels.flat(), ...others].map(({ statement }) => statement);
  // Only NotPrincipal asks for a boundary.
  const asks = statements.some(({ principal }) => principal?.element === 'NotPrincipal');
  return principalsNamed(statements).flatMap((principal) =>
    (asks ? [false, true] : [false]).map((bounded): Situation => {
      const query = toQuery({ principal, action: '', resource: '*', context: new Map() }, bounded);
      const about = (some: readonly SideStatement[]): readonly SideStatement[] =>
        some.filter(({ placed }) => principalMatches(placed.statement, query));
      const next = sideOf(levels.map(about), bounded);
      const existing = sideOf([about(others)], bounded);
      return {
        principal,
        next,
        existing,
        facts: () => ANY_VALUE,
        zoneOf: () => ({ languages: [resourceLanguage({}, 'arns', 'any')], excluded: [] }),
        decide: (request) => ({ next: isMatched(next, request), existing: isMatched(existing, request) }),
      };
    }),
  );
}

const sideOf = (levels: readonly (readonly SideStatement[])[], bounded: boolean): Side => ({
  ways: [levels],
  denies: [],
  resourceControls: [],
  bounded,
});

const isMatched = ({ ways, bounded }: Side, request: AuthorizationRequest): boolean =>
  ways.some((levels) => levels.every((level) => matching(level, request, bounded).length > 0));

const known = new WeakMap<Statement, Map<Policy['version'], SideStatement>>();

function asSideStatement({ statement, version }: Claim): SideStatement {
  const versions = known.get(statement) ?? new Map<Policy['version'], SideStatement>();
  known.set(statement, versions);
  const before = versions.get(version);
  if (before !== undefined) return before;
  const named: NamedPolicy = { name: '', policy: { version, statements: [statement], size: 0 } };
  const [made] = policyStatements(named);
  if (made === undefined) throw new Error('a policy of one statement has none');
  versions.set(version, made);
  return made;
}
