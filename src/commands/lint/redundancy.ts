import { iamActions } from '../../model/iam-actions.ts';
import type { Located, Statement } from '../../policy/ast.ts';
import { coversAction, coversResource } from '../../proof/pattern-proofs.ts';
import { type Claim, isCovered } from '../../proof/statement-proofs.ts';
import { type Finding, labelOf, warn } from './finding.ts';
import { claimsIn, claimsOf, isIdentityPolicy, type Subject } from './subject.ts';

/**
 * Statements and patterns that decide nothing, each proven. What is reported of all subjects can be taken out together:
 * of two statements that cover each other only one is.
 */
export function redundancies(subjects: readonly Subject[]): readonly Finding[] {
  const dropped = new Set<Statement>();
  return subjects.toReversed().flatMap((subject) =>
    subject.policy.statements.toReversed().flatMap((statement) => {
      const redundant = redundantStatement(subject, statement, dropped);
      if (redundant) {
        dropped.add(statement);
        return [redundant];
      }
      return [...redundantPatterns(subject, statement), ...shadowedStatement(subject, statement)];
    }),
  );
}

function redundantStatement(
  subject: Subject,
  statement: Statement,
  dropped: ReadonlySet<Statement>,
): Finding | undefined {
  const narrow: Claim = { statement, version: subject.policy.version };
  const scopes = scopesOf(subject, ({ policies }) => policies.identity).map((claims) =>
    claims.filter((claim) => claim.statement !== statement && !dropped.has(claim.statement)),
  );
  const covered = scopes.every((claims) =>
    isCovered(narrow, ofEffect(claims, statement.effect), iamActions()),
  );
  if (!covered) return undefined;
  const verb = statement.effect === 'Allow' ? 'allows' : 'denies';
  const where = isCovered(
    narrow,
    ofEffect(ownClaims(subject, dropped, statement), statement.effect),
    iamActions(),
  )
    ? 'by the others of this policy'
    : 'by the other policies of all principals that have this one';
  const message = `all that ${labelOf(statement)} ${verb} is ${statement.effect === 'Allow' ? 'allowed' : 'denied'} ${where}; removing it changes no decision`;
  const remove = { remove: ['Statement', statement.index] };
  return warn(subject, statement, 'redundant-statement', message, remove);
}

function shadowedStatement(subject: Subject, statement: Statement): readonly Finding[] {
  if (statement.effect === 'Deny') return [];
  const narrow: Claim = { statement, version: subject.policy.version };
  const scopes = scopesOf(subject, ({ policies: { identity, permissionsBoundary, serviceControl = [] } }) => [
    ...identity,
    ...(permissionsBoundary ? [permissionsBoundary] : []),
    ...serviceControl.flat(),
  ]);
  if (!scopes.every((claims) => isCovered(narrow, ofEffect(claims, 'Deny'), iamActions()))) return [];
  const message = `all that ${labelOf(statement)} allows is denied by other statements, so it grants nothing`;
  return [warn(subject, statement, 'shadowed-statement', message)];
}

/** The statements that bear on each of the policy's holders; only the policy's own if it is not attached. */
function scopesOf(
  subject: Subject,
  policiesOf: (holder: Subject['holders'][number]) => Parameters<typeof claimsIn>[0],
): readonly (readonly Claim[])[] {
  const { holders, policy } = subject;
  if (!isIdentityPolicy(subject) || holders.length === 0) return [claimsOf(policy)];
  return holders.map((holder) => claimsIn(policiesOf(holder)));
}

const ownClaims = ({ policy }: Subject, dropped: ReadonlySet<Statement>, but: Statement): readonly Claim[] =>
  claimsOf(policy).filter(({ statement }) => statement !== but && !dropped.has(statement));

const ofEffect = (claims: readonly Claim[], effect: Statement['effect']): readonly Claim[] =>
  claims.filter(({ statement }) => statement.effect === effect);

function redundantPatterns(subject: Subject, statement: Statement): readonly Finding[] {
  const { action, resource, index } = statement;
  const lists = [
    { ...action, within: coversAction },
    ...(resource ? [{ ...resource, within: coversResource }] : []),
  ];
  return lists.flatMap(({ element, patterns, within }) =>
    coveredPatterns(patterns, within).map(({ pattern, by, at }) => {
      const message =
        pattern.text === by ? `"${by}" occurs twice in ${element}` : `"${by}" covers "${pattern.text}"`;
      const { position } = pattern;
      return warn(subject, statement, 'redundant-pattern', message, {
        position,
        remove: ['Statement', index, element, at],
      });
    }),
  );
}

/** Patterns that another one of the list covers; of two that cover each other the later. */
function coveredPatterns(
  patterns: readonly Located[],
  within: (wide: string, narrow: string) => boolean,
): readonly { readonly pattern: Located; readonly by: string; readonly at: number }[] {
  return patterns.flatMap((pattern, at) => {
    const by = patterns.find(
      (other, place) =>
        place !== at && within(other.text, pattern.text) && (place < at || !within(pattern.text, other.text)),
    );
    return by ? [{ pattern, by: by.text, at }] : [];
  });
}
