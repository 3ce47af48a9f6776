import type { StatementRef } from '../engine/decision.ts';
import { namesInStatement as keyNames } from '../engine/missing-keys.ts';
import type { ContextValue } from '../engine/request.ts';
import { arnOf } from '../lib/identifiers.ts';
import type { Witness } from './prove.ts';
import { isInZone } from './resource-theory.ts';
import { deniesOf, matching, type SideStatement, statementsOf } from './side.ts';

/** A counterexample that a person can read and put to the engine. */
export interface Counterexample {
  readonly action: string;
  readonly resource: string;
  /** Keys as the policies spell them. */
  readonly context: Readonly<Record<string, ContextValue>>;
  /** Whether the Service Authorization Reference knows the action. */
  readonly listed: boolean;
  /** Statements of the new side that allow the request, those first that the existing side lacks. */
  readonly granting: readonly StatementRef[];
  /** Statements of the existing side that denied it, and that the new side lacks. */
  readonly goneDenies: readonly StatementRef[];
}

/**
 * The counterexample with every part that does not matter made plain: keys left out, and the parts of the ARN that are
 * free written as people know them. INVARIANT: the engine decides it as it decided the witness, on a resource of the zone.
 */
export function counterexample(witness: Witness, account: string): Counterexample {
  const { request, situation, listed } = simplest(witness, account);
  const { next, existing } = situation;
  const before = new Set(statementsOf(existing).map(identity));
  const after = new Set(deniesOf(next, request.action).map(identity));
  const allows = matching(next.ways.flat(2), request, next.bounded);
  const added = allows.filter((each) => !before.has(identity(each)));
  const denies = matching(deniesOf(existing, request.action), request, existing.bounded);
  return {
    action: request.action,
    resource: request.resource,
    context: spelled(request.context, [...statementsOf(next), ...statementsOf(existing)]),
    listed,
    granting: unique([...added, ...(added.length > 0 ? [] : allows)]),
    goneDenies: unique(denies.filter((each) => !after.has(identity(each)))),
  };
}

/** What a statement says, wherever it is written. */
const identity = ({ statement, version }: SideStatement): string => {
  const { effect, principal, action, resource, conditions } = statement;
  const text = (_: string, value: unknown): unknown =>
    typeof value === 'object' && value !== null && 'position' in value
      ? { ...value, position: undefined }
      : value;
  return JSON.stringify([version, effect, principal, action, resource, conditions], text);
};

const unique = (statements: readonly SideStatement[]): readonly StatementRef[] => [
  ...new Set(statements.map(({ ref }) => ref)),
];

function simplest(witness: Witness, account: string): Witness {
  let best = witness;
  for (const change of [...writtenResources(witness), ...PLAINER_ARN, ...withoutKeys(witness)]) {
    const changed = { ...best, request: { ...best.request, ...change(best.request, account) } };
    if (isWitness(changed)) best = changed;
  }
  return best;
}

type Request = Witness['request'];
type Change = (request: Request, account: string) => Partial<Pick<Request, 'resource' | 'context'>>;

/** What people write in parts of an ARN where any text would do. */
const PLAINER_ARN: readonly Change[] = [
  part(1, () => 'aws'),
  part(3, () => ''),
  part(3, (_, { service }) => (GLOBAL_SERVICES.has(service) ? undefined : 'us-east-1')),
  part(4, () => ''),
  part(4, (account, { service }) => (service === 's3' ? undefined : account)),
  ({ resource }) => (/[/:]$/.test(resource) ? { resource: arnOf(`${resource}example`) } : {}),
];

/** Services whose ARNs name no region. */
const GLOBAL_SERVICES: ReadonlySet<string> = new Set(['s3', 'iam']);

function part(
  index: number,
  text: (account: string, arn: { readonly service: string }) => string | undefined,
): Change {
  return ({ resource }, account) => {
    const parts = resource.split(':');
    const plain = text(account, { service: parts[2] ?? '' });
    return parts.length < 6 || plain === undefined
      ? {}
      : { resource: arnOf(parts.with(index, plain).join(':')) };
  };
}

/** Resources as the statements that allow the request write them, where that is shorter. */
function writtenResources({ request, situation: { next } }: Witness): readonly Change[] {
  const statements = matching(next.ways.flat(2), request, next.bounded);
  const patterns = statements.flatMap(({ statement }) => statement.resource?.patterns ?? []);
  return patterns
    .map(({ text }) => text.replaceAll(/[*?]/g, ''))
    .map(
      (text) =>
        ({ resource }) =>
          text !== '' && text.length < resource.length ? { resource: arnOf(text) } : {},
    );
}

/** Keys that requests may lack, one left out at a time. */
const withoutKeys = ({ request, situation }: Witness): readonly Change[] =>
  [...request.context.keys()]
    .filter((key) => !situation.facts(key).present)
    .map((key) => ({ context }) => ({ context: new Map([...context].filter(([name]) => name !== key)) }));

function isWitness({ request, situation, zone, isPossible }: Witness): boolean {
  if (!isInZone(zone, request.resource) || !isPossible(request)) return false;
  const decided = situation.decide(request);
  return decided.next && !decided.existing;
}

/** Context keys as the statements spell them. */
function spelled(
  context: Request['context'],
  statements: readonly SideStatement[],
): Readonly<Record<string, ContextValue>> {
  const names = new Map(
    statements.flatMap(({ statement }) =>
      keyNames(statement).map((name) => [name.toLowerCase(), name] as const),
    ),
  );
  return Object.fromEntries([...context].map(([key, value]) => [names.get(key) ?? key, value]));
}
