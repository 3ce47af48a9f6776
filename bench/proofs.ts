import { readFileSync } from 'node:fs';
import { awsManagedPolicies } from '../src/directory/managed-policies.ts';
import type { NamedPolicy, PolicySet } from '../src/engine/policy-set.ts';
import { accountId, arnOf } from '../src/lib/identifiers.ts';
import { iamActions } from '../src/model/iam-actions.ts';
import { documentSituations } from '../src/proof/document-situations.ts';
import { keyFacts } from '../src/proof/key-facts.ts';
import { principalSituations } from '../src/proof/principal-situations.ts';
import { type Answer, prove, type Situation } from '../src/proof/prove.ts';
import { policyOf, shippedPolicy } from './engine-subjects.ts';
import { digits, type Figure, type Section, single, spreadOf } from './figures.ts';
import { fromOwnProcess } from './own-process.ts';

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
export async function benchProofs(): Promise<Section> {
  const personalize = [
    shippedPolicy('personalize-full-access'),
    shippedPolicy('personalize-read-only'),
  ] as const;
  const pairs = [personalize, personalize.toReversed() as [NamedPolicy, NamedPolicy]];
  const chained = await fromOwnProcess<Measured>(new URL('proof-process.ts', import.meta.url));
  const [shipped, edited, controls, administrator, readOnly, themselves] = [
    times(
      pairs.map(
        ([next, existing]) =>
          () =>
            documents(next, existing),
      ),
    ),
    times(edits()),
    times(serviceControlChanges()),
    times(eachManaged(against('AdministratorAccess'))),
    times(eachManaged(against('ReadOnlyAccess'))),
    times(eachManaged((next) => () => documents(next, managed(next.name)))),
  ];
  return {
    figures: [
      figureOf('Personalize pairs', shipped),
      figureOf('an edit of a policy of 10 to 50 statements', edited),
      figureOf('Administrator with 20 SCPs, one of them changed', controls),
      figureOf('managed policies against AdministratorAccess', administrator),
      figureOf('managed policies against ReadOnlyAccess', readOnly),
      figureOf('managed policies against themselves', themselves),
      figureOf('a chain of 20 NotResource denies', [chained]),
      { name: 'prove, a chain of 20 NotResource denies: memory', unit: 'MB', ...single(chained.megabytes) },
    ],
    measured: {
      proofPersonalize: single(slowest(shipped)),
      proofEdit: single(p95(edited)),
      proofServiceControl: single(slowest(controls)),
      proofManaged: single(slowest([...administrator, ...readOnly, ...themselves])),
      proofChain: single(chained.millis),
      proofChainMemory: single(chained.megabytes),
    },
  };
}

function against(reference: string): (next: NamedPolicy) => () => Answer {
  const existing = managed(reference);
  return (next) => () => documents(next, existing);
}

function times(proofs: readonly (() => Answer)[]): readonly Timed[] {
  proofs[0]?.();
  return proofs.map(timed);
}

function timed(proof: () => Answer): Timed {
  const start = performance.now();
  const { kind } = proof();
  return { kind, millis: performance.now() - start };
}

/** A proof, with the most memory that its process needed. */
interface Measured extends Timed {
  readonly megabytes: number;
}

export function proveChain(): Measured {
  const result = timed(chain());
  return { ...result, megabytes: peakMegabytes() };
}

/** Of this program alone: on Linux, `maxRSS` starts with what the process had that started this one. */
function peakMegabytes(): number {
  const status = process.platform === 'linux' ? readFileSync('/proc/self/status', 'utf8') : '';
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? process.resourceUsage().maxRSS) / 1024;
}

const slowest = (all: readonly Timed[]): number => Math.max(...all.map(({ millis }) => millis));

function p95(all: readonly Timed[]): number {
  const millis = all.map((each) => each.millis).sort((one, other) => one - other);
  return millis[Math.ceil(millis.length * 0.95) - 1] ?? Number.NaN;
}

function figureOf(name: string, all: readonly Timed[]): Figure {
  const kinds = [...Map.groupBy(all, ({ kind }) => kind)].map(([kind, some]) => `${some.length} ${kind}`);
  return {
    name: `prove, ${name}`,
    unit: 'ms',
    ...spreadOf(all.map(({ millis }) => millis)),
    note: `p95 ${digits(p95(all))} ms; ${kinds.join(', ')}`,
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

/**
 * Each SCP denies a service of its own outside of some Regions. It goes, allows one Region more, denies fewer actions, or
 * holds for fewer requests: something is new each time; nothing is when it becomes stricter.
 */
function serviceControlChanges(): readonly (() => Answer)[] {
  const identity = [managed('AdministratorAccess')];
  const services = [...iamActions().services];
  const level = (index: number, change: Change = {}): readonly NamedPolicy[] => [
    policyOf(
      `scp${index}`,
      document([
        { Effect: 'Allow', Action: '*', Resource: '*' },
        {
          Effect: 'Deny',
          Action: change.actions ?? [`${services[index]}:*`, 's3:Delete*'],
          Resource: change.resource ?? '*',
          Condition: {
            StringNotEquals: { 'aws:RequestedRegion': change.regions ?? ['us-east-1', `us-west-${index}`] },
            ...change.condition,
          },
        },
      ]),
    ),
  ];
  const levels = Array.from({ length: 20 }, (_, index) => level(index));
  const existing = { identity, serviceControl: levels };
  const changes = (index: number): readonly Change[] => [
    { regions: ['us-east-1', 'eu-west-1', `us-west-${index}`] },
    { regions: ['us-east-1'] },
    { actions: ['s3:Delete*'] },
    { resource: 'arn:aws:s3:::team-*' },
    { condition: { StringNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:user/admin-*' } } },
  ];
  return levels.flatMap((_, index) => [
    () => principal({ identity, serviceControl: levels.toSpliced(index, 1) }, existing),
    ...changes(index).map(
      (change) => () =>
        principal({ identity, serviceControl: levels.with(index, level(index, change)) }, existing),
    ),
  ]);
}

interface Change {
  readonly regions?: readonly string[];
  readonly actions?: readonly string[];
  readonly resource?: string;
  readonly condition?: object;
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
