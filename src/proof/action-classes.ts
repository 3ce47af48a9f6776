import type { ActionReference } from '../policy/action-reference.ts';
import type { Statement } from '../policy/ast.ts';
import { isReachedByRcps } from '../policy/rcp-services.ts';
import { ActionNames } from './action-names.ts';
import type { Budget } from './budget.ts';
import type { Formats } from './resource-formats.ts';

/** Actions that no statement, and no format of their resources, distinguishes. */
export interface ActionClass {
  /** One of them, as AWS spells it. */
  readonly action: string;
  /** Whether the reference knows it: AWS may add actions, so names that it does not know are asked for as well. */
  readonly listed: boolean;
  /** The statements that match it. */
  readonly matches: (statement: Statement) => boolean;
  readonly formats: Formats;
}

/** Actions that no policy controls. */
const UNCONTROLLED: ReadonlySet<string> = new Set(['sts:getcalleridentity', 'sts:getsessiontoken']);

/** The names that the patterns of an element name; the element matches these, or all others. */
interface Named {
  readonly negated: boolean;
  readonly isAll: boolean;
  readonly names: ReadonlySet<string>;
}

/**
 * The classes of all actions that one of `wanted` matches, those that the reference knows first.
 *
 * INVARIANT: two actions of one class are named by the patterns of the same statements, so every statement matches both
 * or neither, and resource control policies reach both or neither.
 */
export function* actionClasses(
  statements: readonly Statement[],
  wanted: readonly Statement[],
  reference: ActionReference,
  budget: Budget,
): Iterable<ActionClass> {
  const names = new ActionNames(reference, statements, wanted, budget);
  const elements = new Map(statements.map((statement) => [statement, namedBy(statement, names)] as const));
  const naming = new Map<string, number[]>();
  for (const [index, element] of [...elements.values()].entries())
    for (const action of element.names) namingOf(naming, action).push(index);
  const seen = new Set<string>();
  for (const action of names.all()) {
    if (UNCONTROLLED.has(action)) continue;
    if (!wanted.some((statement) => isMatched(elements.get(statement), action))) continue;
    const formats = names.isListed(action) ? formatsOf(names.spelled(action), names, reference) : {};
    const service = formats.service && action.slice(0, action.indexOf(':'));
    const key = `${naming.get(action)?.join() ?? ''} ${formats.action?.join(' ') ?? ''} ${service} ${isReachedByRcps(action)}`;
    if (seen.has(key)) continue;
    seen.add(key);
    yield {
      action: names.spelled(action),
      listed: names.isListed(action),
      formats,
      matches: (statement) => isMatched(elements.get(statement), action),
    };
  }
}

function namingOf(naming: Map<string, number[]>, action: string): number[] {
  const known = naming.get(action) ?? [];
  naming.set(action, known);
  return known;
}

function namedBy({ action: { element, patterns } }: Statement, names: ActionNames): Named {
  const isAll = patterns.some(({ text }) => text === '*');
  const named = isAll ? [] : patterns.flatMap(({ text }) => [...names.matching(text)]);
  return { negated: element === 'NotAction', isAll, names: new Set(named) };
}

const isMatched = (element: Named | undefined, action: string): boolean =>
  element !== undefined && (element.isAll || element.names.has(action)) !== element.negated;

function formatsOf(action: string, names: ActionNames, reference: ActionReference): Formats {
  const [service = '', name = ''] = action.split(':');
  const described = reference.describe(service, name);
  return {
    action: described && [...described.resourceArns, ...(described.undocumentedArns ?? [])],
    service: names.formatsOf(service),
  };
}
