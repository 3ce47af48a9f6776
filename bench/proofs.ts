import { awsManagedPolicies } from '../src/directory/managed-policies.ts';
import type { NamedPolicy, PolicySet } from '../src/engine/policy-set.ts';
import { accountId, arnOf } from '../src/lib/identifiers.ts';
import { iamActions } from '../src/model/iam-actions.ts';
import { documentSituations } from '../src/proof/document-situations.ts';
import { keyFacts } from '../src/proof/key-facts.ts';
import { principalSituations } from '../src/proof/principal-situations.ts';
import { type Answer, prove, type Situation } from '../src/proof/prove.ts';
import { policyOf, shippedPolicy } from './engine-subjects.ts';
import { digits, type Figure, type Section, spreadOf } from './figures.ts';

const ACCOUNT = accountId('123456789012');
const USER = {
  type: 'User',
  arn: arnOf(`arn:aws:iam::${ACCOUNT}:user/a`),
  accountId: ACCOUNT,
  userName: 'a',
} as const;
const STEPS = 2_000_000;
const facts = keyFacts(iamActions().conditionKeyTypes);

interface Timed {
  readonly kind: Answer['kind'];
  readonly millis: number;
}

/** What proofs take, each once after one to warm up. */
export function benchProofs(): Section {
  const personalize = [
    shippedPolicy('personalize-full-access'),
    shippedPolicy('personalize-read-only'),
  ] as const;
  const pairs = [personalize, personalize.toReversed() as [NamedPolicy, NamedPolicy]];
  const proofs: Readonly<Record<string, readonly (() => Answer)[]>> = {
    'Personalize pairs': pairs.map(
      ([next, existing]) =>
        () =>
          documents(next, existing),
    ),
    'an edit of a policy of 10 to 50 statements': edits(),
    'Administrator with 20 SCPs, one of them removed': removals(),
    'managed policies against AdministratorAccess': eachManaged(against('AdministratorAccess')),
    'managed policies against ReadOnlyAccess': eachManaged(against('ReadOnlyAccess')),
    'managed policies against themselves': eachManaged((next) => () => documents(next, managed(next.name))),
    'a chain of 20 NotResource denies': [chain()],
  };
  return { figures: Object.entries(proofs).map(([name, all]) => figureOf(name, times(all))) };
}

function against(reference: string): (next: NamedPolicy) => () => Answer {
  const existing = managed(reference);
  return (next) => () => documents(next, existing);
}

function times(proofs: readonly (() => Answer)[]): readonly Timed[] {
  proofs[0]?.();
  return proofs.map((make) => {
    const start = performance.now();
    const { kind } = make();
    return { kind, millis: performance.now() - start };
  });
}

function figureOf(name: string, timed: readonly Timed[]): Figure {
  const millis = timed.map((each) => each.millis).sort((one, other) => one - other);
  const kinds = [...Map.groupBy(timed, ({ kind }) => kind)].map(([kind, all]) => `${all.length} ${kind}`);
  const p95 = millis[Math.ceil(millis.length * 0.95) - 1] ?? Number.NaN;
  return {
    name: `prove, ${name}`,
    unit: 'ms',
    ...spreadOf(millis),
    note: `p95 ${digits(p95)} ms; ${kinds.join(', ')}`,
  };
}

const solve = (situations: Iterable<Situation>): Answer =>
  prove(situations, { reference: iamActions(), steps: STEPS });

const documents = (next: NamedPolicy, existing: NamedPolicy): Answer =>
  solve(
    documentSituations({ next: [next], existing: [existing], universe: 'formats', factsFor: () => facts }),
  );

const principal = (next: PolicySet, existing: PolicySet): Answer =>
  solve(
    principalSituations({
      principal: USER,
      universe: 'formats',
      facts,
      owned: [],
      next: () => next,
      existing: () => existing,
    }),
  );

const document = (statements: readonly object[]): object => ({
  Version: '2012-10-17',
  Statement: statements,
});

const managed = (name: string): NamedPolicy => policyOf(name, awsManagedPolicies.find(name)?.document);

const eachManaged = (proof: (next: NamedPolicy) => () => Answer): readonly (() => Answer)[] =>
  awsManagedPolicies.names().map((name) => proof(managed(name)));

/** Policies of several sizes, each without one of its conditions. */
function edits(): readonly (() => Answer)[] {
  const actions = [...(iamActions().actionsOf('personalize') ?? [])];
  const statement = (index: number, conditions: boolean): object => ({
    Effect: index % 5 === 4 ? 'Deny' : 'Allow',
    Action: [
      `personalize:${actions[index % actions.length]}`,
      `personalize:${actions[(index * 7) % actions.length]?.slice(0, 8)}*`,
    ],
    Resource: `arn:aws:personalize:*:${ACCOUNT}:*/team-${index}-*`,
    ...(conditions && {
      Condition: {
        StringEquals: { 'aws:ResourceTag/team': `t${index}` },
        IpAddress: { 'aws:SourceIp': `10.${index}.0.0/16` },
      },
    }),
  });
  const policy = (size: number, edited: number): NamedPolicy =>
    policyOf(
      'edit',
      document(Array.from({ length: size }, (_, index) => statement(index, index !== edited))),
    );
  return [10, 20, 30, 40, 50].flatMap((size) =>
    Array.from({ length: size }, (_, edited) => () => documents(policy(size, edited), policy(size, -1))),
  );
}

/** Each level denies a service of its own outside of some Regions: without one of them, something is new. */
function removals(): readonly (() => Answer)[] {
  const identity = [managed('AdministratorAccess')];
  const services = [...iamActions().services];
  const levels = Array.from({ length: 20 }, (_, index) => [
    policyOf(
      `scp${index}`,
      document([
        { Effect: 'Allow', Action: '*', Resource: '*' },
        {
          Effect: 'Deny',
          Action: [`${services[index]}:*`, 's3:Delete*'],
          Resource: '*',
          Condition: { StringNotEquals: { 'aws:RequestedRegion': ['us-east-1', `us-west-${index}`] } },
        },
      ]),
    ),
  ]);
  const all = { identity, serviceControl: levels };
  return levels.map(
    (removed) => () =>
      principal({ identity, serviceControl: levels.filter((level) => level !== removed) }, all),
  );
}

function chain(): () => Answer {
  const denies = Array.from({ length: 20 }, (_, index) => ({
    Effect: 'Deny',
    Action: 's3:GetObject',
    NotResource: [`arn:aws:s3:::*a${index}*`, `arn:aws:s3:::*b${index}*`],
  }));
  const next = policyOf(
    'chain',
    document([{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }, ...denies]),
  );
  const existing = policyOf(
    'existing',
    document([{ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::x/*' }]),
  );
  return () => documents(next, existing);
}
