import type { Condition, Located, Policy, PrincipalElement, Statement } from './ast.ts';
import { formatOperator } from './condition-operator.ts';
import { isWholeArnPattern } from './condition-value.ts';
import { completed, contains, containsResource, isAmbiguous } from './pattern-containment.ts';
import { overlaps } from './pattern-overlap.ts';

/** A statement, and the policy version, which determines whether variables are replaced. */
export interface Claim {
  readonly statement: Statement;
  readonly version: Policy['version'];
}

/* Proofs about statements, element by element, regardless of effect. If no proof is found, nothing is known. */

/** Whether one of `wides` matches every request that `narrow` matches, for each action and resource separately. */
export const isCovered = (narrow: Claim, wides: readonly Claim[]): boolean =>
  piecesOf(narrow.statement).every((statement) =>
    wides.some((wide) => covers(wide, { ...narrow, statement })),
  );

/** Whether no request matches both statements: they have no action, or no resource, in common. */
export const areDisjoint = (one: Statement, other: Statement): boolean =>
  elementsAreDisjoint(one.action, other.action, ACTIONS) ||
  (one.resource !== undefined &&
    other.resource !== undefined &&
    elementsAreDisjoint(one.resource, other.resource, RESOURCES));

function covers(wide: Claim, narrow: Claim): boolean {
  if (wide.version !== narrow.version && (hasVariable(wide.statement) || hasVariable(narrow.statement)))
    return false;
  const [outer, inner] = [wide.statement, narrow.statement];
  return (
    coversElement(outer.action, inner.action, ACTIONS) &&
    (outer.resource === undefined || inner.resource === undefined
      ? outer.resource === inner.resource
      : coversElement(outer.resource, inner.resource, RESOURCES)) &&
    coversPrincipal(outer.principal, inner.principal) &&
    outer.conditions.every((condition) => inner.conditions.some((own) => implies(own, condition)))
  );
}

interface Element {
  readonly element: string;
  readonly patterns: readonly Located[];
}

/** How patterns of an element are compared. */
interface Comparison {
  readonly contains: (wide: string, narrow: string) => boolean;
  readonly overlaps: (one: string, other: string) => boolean;
}

const ACTIONS: Comparison = {
  contains: (wide, narrow) => contains(wide.toLowerCase(), narrow.toLowerCase()),
  overlaps: (one, other) => overlaps(one.toLowerCase(), other.toLowerCase()),
};

const RESOURCES: Comparison = {
  contains: containsResource,
  overlaps: (one, other) =>
    isAmbiguous(one) || isAmbiguous(other) || overlaps(completed(one), completed(other)),
};

const isNegated = ({ element }: Element): boolean => element.startsWith('Not');
const textsOf = ({ patterns }: Element): readonly string[] => patterns.map(({ text }) => text);

/** What a NotResource with a variable excludes depends on the variable's value: nothing can be proven about it. */
const isUncertain = (element: Element): boolean =>
  isNegated(element) && textsOf(element).some((text) => text.includes('${'));

function coversElement(wide: Element, narrow: Element, by: Comparison): boolean {
  const [outer, inner] = [textsOf(wide), textsOf(narrow)];
  if (isUncertain(wide)) return false;
  if (!isNegated(wide)) {
    if (isNegated(narrow)) return outer.some((text) => /^\*+$/.test(text));
    return inner.every((text) => outer.some((pattern) => by.contains(pattern, text)));
  }
  if (isNegated(narrow)) {
    return outer.every((text) => inner.some((pattern) => by.contains(pattern, text)));
  }
  return inner.every((text) => outer.every((spared) => !by.overlaps(spared, text)));
}

function elementsAreDisjoint(one: Element, other: Element, by: Comparison): boolean {
  const [texts, others] = [textsOf(one), textsOf(other)];
  if (!isNegated(one) && !isNegated(other))
    return texts.every((text) => others.every((pattern) => !by.overlaps(text, pattern)));
  if (isNegated(one) && isNegated(other)) return false;
  const [plain, spared] = isNegated(one) ? [others, texts] : [texts, others];
  // An exclusion that contains a variable applies only if the variable has a value.
  return plain.every((text) =>
    spared.some((pattern) => !pattern.includes('${') && by.contains(pattern, text)),
  );
}

function coversPrincipal(wide: PrincipalElement | undefined, narrow: PrincipalElement | undefined): boolean {
  if (wide === undefined) return narrow === undefined;
  if (narrow === undefined || wide.element !== narrow.element) return false;
  const namesOf = ({ entries }: PrincipalElement): readonly string[] =>
    entries.map(({ type, value }) => `${type} ${value.text}`);
  const [outer, inner] = [namesOf(wide), namesOf(narrow)];
  return inner.length === outer.length && inner.every((name) => outer.includes(name));
}

/** Whether a request that meets `own` meets `wanted`: values of a negated operator are NORed, all others ORed. */
function implies(own: Condition, wanted: Condition): boolean {
  if (formatOperator(own) !== formatOperator(wanted)) return false;
  if (own.key.text.toLowerCase() !== wanted.key.text.toLowerCase()) return false;
  const [has, needs] = [own, wanted].map(({ values }) => values.map(({ text }) => text)) as [
    string[],
    string[],
  ];
  // The effect of a malformed ARN pattern depends on its position in the list and on the statement's effect.
  if (own.operator.startsWith('Arn') && ![...has, ...needs].every(isWholeArnPattern))
    return has.length === needs.length && has.every((value, index) => value === needs[index]);
  return own.operator.includes('Not')
    ? needs.every((value) => has.includes(value))
    : has.every((value) => needs.includes(value));
}

const hasVariable = ({ resource, conditions }: Statement): boolean =>
  [...(resource?.patterns ?? []), ...conditions.flatMap(({ values }) => values)].some(({ text }) =>
    text.includes('${'),
  );

/** One statement for each action and each resource that a statement names. */
function piecesOf(statement: Statement): readonly Statement[] {
  const { action, resource } = statement;
  const actions = isNegated(action)
    ? [action]
    : action.patterns.map((pattern) => ({ ...action, patterns: [pattern] }));
  if (resource === undefined) return actions.map((each) => ({ ...statement, action: each }));
  const resources = isNegated(resource)
    ? [resource]
    : resource.patterns.map((pattern) => ({ ...resource, patterns: [pattern] }));
  return actions.flatMap((own) => resources.map((on) => ({ ...statement, action: own, resource: on })));
}
