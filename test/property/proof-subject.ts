import fc from 'fast-check';
import { parsePrincipalArn } from '../../src/directory/principal-arn.ts';
import { compile } from '../../src/engine/compile.ts';
import { decide } from '../../src/engine/decide.ts';
import type { PolicySet } from '../../src/engine/policy-set.ts';
import type { Principal } from '../../src/engine/principal.ts';
import type { ContextValue } from '../../src/engine/request.ts';
import { iamActions } from '../../src/model/iam-actions.ts';
import type { KeyFacts } from '../../src/proof/key-facts.ts';
import { patternCodes } from '../../src/proof/languages.ts';
import { principalSide } from '../../src/proof/principal-side.ts';
import { type Answer, prove, type Situation } from '../../src/proof/prove.ts';
import { policies } from '../differential/arbitraries.ts';
import type { Document, LinePolicies, Statement } from '../differential/line.ts';
import { A, ACTIONS, FAMILIES, KEYS, ODD_VALUES, TEXTS } from '../differential/pools.ts';
import { mapDocuments, policySetOf } from './engine-subject.ts';

/** No facts about keys: every generated request is within the proof. */
export const OPEN: KeyFacts = { values: 'either', type: 'any', present: false };

/** Resources of one owner: whether a resource is foreign is the same within a zone. */
interface Zone {
  readonly patterns: readonly string[];
  readonly resources: readonly string[];
  readonly account: string | undefined;
}

const campaign = (name: string): string => `arn:aws:personalize:us-east-1:${A}:campaign/${name}`;
const ZONES: readonly Zone[] = [
  {
    patterns: [campaign('*')],
    resources: ['alice', 'alice/x:y', 'al*ce', 'alXce', 'bob', '', 'Alice', 'al', 'ice'].map(campaign),
    account: A,
  },
  {
    patterns: ['*', 'arn:aws:personalize:::recipe/*'].map((text) => text.replace(/^\*$/, '${*}')),
    resources: ['*', 'arn:aws:personalize:::recipe/aws-sims', 'arn:aws:personalize:::recipe/'],
    account: undefined,
  },
];

export interface Pair {
  readonly principal: string;
  readonly next: LinePolicies;
  readonly existing: LinePolicies;
}

/** One situation for each zone. */
export function situationsOf({
  principal: arn,
  next,
  existing,
}: Pair): readonly (Situation & { readonly zone: Zone })[] {
  const principal = parsePrincipalArn(arn);
  if (principal === undefined) throw new Error(`no principal: ${arn}`);
  const sets = { next: policySetOf(next), existing: policySetOf(existing) };
  const compiled = { next: compile(sets.next), existing: compile(sets.existing) };
  return ZONES.map((zone) => ({
    zone,
    principal,
    facts: () => OPEN,
    next: sideOf(sets.next, principal, zone),
    existing: sideOf(sets.existing, principal, zone),
    zoneOf: () => ({
      languages: [zone.patterns.map((text) => (text === '${*}' ? [42] : patternCodes(text)))],
      excluded: [],
    }),
    decide: (request) => ({
      next: decide(request, compiled.next).decision === 'allowed',
      existing: decide(request, compiled.existing).decision === 'allowed',
    }),
  }));
}

function sideOf(set: PolicySet, principal: Principal, { account }: Zone) {
  const owner = set.resourcePolicy?.account ?? account;
  const foreign = owner !== undefined && 'accountId' in principal && owner !== principal.accountId;
  return principalSide(set, principal, { foreign, ownPolicyDecides: false });
}

export const provePair = (pair: Pair, steps = 200_000): Answer =>
  prove(situationsOf(pair), { reference: iamActions(), steps });

const oneOf = <T>(pool: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...pool);

/** A small edit of a document, as in a pull request. */
const edit = fc.record({
  what: oneOf(['dropStatement', 'dropCondition', 'dropValue', 'dropPattern', 'flip', 'nothing'] as const),
  at: fc.nat(20),
});

/** A resource control policy with a flipped Deny would be invalid. */
const editedPolicies = (policies: LinePolicies, change: Parameters<typeof edited>[1]): LinePolicies => ({
  ...mapDocuments(policies, (document) =>
    edited(document, change.what === 'flip' ? { ...change, what: 'nothing' } : change),
  ),
  ...(policies.identity && {
    identity: policies.identity.map((each) => ({ ...each, document: edited(each.document, change) })),
  }),
});

function edited(document: Document, { what, at }: { readonly what: string; readonly at: number }): Document {
  const statements = [document.Statement ?? []].flat() as readonly Statement[];
  const index = at % Math.max(statements.length, 1);
  const statement = statements[index];
  if (statement === undefined || what === 'nothing') return document;
  if (what === 'dropStatement')
    return statements.length === 1 ? document : { ...document, Statement: statements.toSpliced(index, 1) };
  return { ...document, Statement: statements.with(index, editedStatement(statement, what, at)) };
}

function editedStatement(statement: Statement, what: string, at: number): Statement {
  const { Condition, ...rest } = statement;
  if (what === 'dropCondition') return rest;
  if (what === 'flip') return { ...statement, Effect: statement.Effect === 'Allow' ? 'Deny' : 'Allow' };
  if (what === 'dropPattern') {
    const { Resource } = statement;
    return Array.isArray(Resource) && Resource.length > 1
      ? { ...statement, Resource: Resource.slice(1) }
      : statement;
  }
  const [entry] = Object.entries(Condition ?? {});
  if (entry === undefined) return statement;
  const [operator, keys] = entry;
  const changed = Object.fromEntries(
    Object.entries(keys).map(([key, values]) => [
      key,
      Array.isArray(values) && values.length > 1 ? values.toSpliced(at % values.length, 1) : values,
    ]),
  );
  return { ...statement, Condition: { ...Condition, [operator]: changed } };
}

const PEOPLE = [
  `arn:aws:iam::${A}:user/alice`,
  `arn:aws:iam::${A}:user/alice`,
  `arn:aws:sts::${A}:assumed-role/app/one`,
  `arn:aws:sts::${A}:federated-user/fay`,
  `arn:aws:iam::${A}:root`,
  'personalize.amazonaws.com',
];

/** Two sets of policies of one principal: unrelated, or one an edit of the other. */
export const pairs: fc.Arbitrary<Pair> = fc
  .tuple(policies, policies, edit, oneOf(['edit', 'edit', 'undo', 'other'] as const), oneOf(PEOPLE))
  .map(([one, other, change, relation, principal]) => {
    const after = relation === 'other' ? other : editedPolicies(one, change);
    return relation === 'undo'
      ? { principal, next: one, existing: after }
      : { principal, next: after, existing: one };
  });

/** A request of a zone, drawn from the strings of the policies and their neighbors. */
export const requests = (
  zone: Zone,
): fc.Arbitrary<{ action: string; resource: string; context: Map<string, ContextValue> }> =>
  fc.record({
    action: oneOf([...ACTIONS, 'personalize:CreateSchema', 'kms:Encrypt']),
    resource: oneOf(zone.resources),
    context: fc
      .tuple(
        ...KEYS.map((key) =>
          fc.option(fc.oneof(value(key), fc.array(value(key), { maxLength: 2 })), {
            nil: undefined,
            freq: 4,
          }),
        ),
      )
      .map(
        (values) =>
          new Map(
            KEYS.flatMap((key, index) =>
              values[index] === undefined ? [] : [[key.toLowerCase(), values[index]] as const],
            ),
          ),
      ),
  });

const NEIGHBORS = [
  'al',
  'alicex',
  'AlXce',
  'aliCe',
  '3600.5',
  '-2',
  '2026-03-01T00:00:00Z',
  '2020-01-01',
  '2030',
  '10.1.255.255',
  '9.9.9.9',
  '\u212a',
  'QUJDRA==',
];

function value(key: string): fc.Arbitrary<string> {
  const family = FAMILIES.find(({ keys }) => keys.includes(key));
  return oneOf([
    ...(family?.found ?? []),
    ...(family?.found ?? []),
    ...(family?.wanted ?? []),
    ...TEXTS,
    ...ODD_VALUES,
    ...NEIGHBORS,
  ]);
}
