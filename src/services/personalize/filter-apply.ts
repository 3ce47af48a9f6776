import type { AwsError } from '../../lib/errors.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { fieldKey } from './catalog.ts';
import type { Comparison, Filter, FilterStep, FilterValue } from './filter-expression.ts';
import { isOfInteractions } from './filter-rules.ts';
import { invalidInput } from './refusals.ts';
import type { Attributes } from './resource-attributes.ts';

/** What may be recommended. An item without data has no properties: filters let it through. */
export interface Candidate {
  readonly id: string;
  readonly properties?: Attributes | undefined;
  /** 1-based, where a script gives it; otherwise the place is computed. */
  readonly place?: number;
}

/** What the conditions of a filter are held against beside the candidate itself. */
export interface FilterContext {
  /** `filterValues` of the request: `"drama","action"` or `20`. */
  readonly values: Readonly<Record<string, string>>;
  readonly user?: Attributes | undefined;
  readonly item?: Attributes | undefined;
  /** The event types, in lower case, of what the user did with a candidate. */
  readonly eventTypes: (candidateId: string) => readonly string[];
}

type Scalar = string | number;

/**
 * The candidates that a filter lets through, in their order: what any INCLUDE matches (all, if there is none), without
 * what any EXCLUDE matches. An expression whose IF does not hold is not applied.
 * @see https://docs.aws.amazon.com/personalize/latest/dg/multiple-expression-example.html
 */
export function applyFilter<T extends Candidate>(
  filter: Filter,
  candidates: readonly T[],
  context: FilterContext,
): Result<readonly T[], AwsError> {
  const missing = [...filter.parameters].filter((name) => context.values[name] === undefined);
  if (missing.length > 0)
    return err(
      invalidInput(`filterValues must have a value for ${missing.map((name) => `$${name}`).join(', ')}.`),
    );
  const applied = filter.expressions.filter(({ onlyIf }) =>
    onlyIf.every((comparison) => holds(comparison, context.user ?? {}, context)),
  );
  const included = applied.filter(({ action }) => action === 'INCLUDE');
  const excluded = applied.filter(({ action }) => action === 'EXCLUDE');
  const passes = (candidate: Candidate): boolean => {
    const { properties } = candidate;
    if (properties === undefined) return true;
    const isMatchedBy = (step: FilterStep): boolean => matches(step, { ...candidate, properties }, context);
    return (included.length === 0 || included.some(isMatchedBy)) && !excluded.some(isMatchedBy);
  };
  return ok(candidates.filter(passes));
}

function matches(
  { dataset, where }: FilterStep,
  { id, properties }: Candidate & { readonly properties: Attributes },
  context: FilterContext,
): boolean {
  const subject = isOfInteractions(dataset) ? { eventtype: context.eventTypes(id) } : properties;
  return where.some((all) => all.every((comparison) => holds(comparison, subject, context)));
}

function holds(
  { field, operator, values, source }: Comparison,
  subject: Attributes,
  context: FilterContext,
): boolean {
  // AWS ignores case of event types only.
  const ignoreCase = isOfInteractions(source);
  const own = partsOf(subject[fieldKey(field)]);
  const wanted = values.flatMap((value) => resolve(value, context));
  const equal = (left: Scalar, right: Scalar): boolean =>
    ignoreCase
      ? right === '*' || String(left).toLowerCase() === String(right).toLowerCase()
      : String(left) === String(right);
  const isIn = own.some((one) => wanted.some((other) => equal(one, other)));
  if (operator === 'IN') return isIn;
  if (operator === 'NOT IN') return !isIn;
  const [left] = own;
  const [right] = wanted;
  return left !== undefined && right !== undefined && COMPARE[operator](left, right);
}

const COMPARE: Readonly<
  Record<Exclude<Comparison['operator'], 'IN' | 'NOT IN'>, (left: Scalar, right: Scalar) => boolean>
> = {
  '=': same,
  '!=': (left, right) => !same(left, right),
  '<': (left, right) => Number(left) < Number(right),
  '<=': (left, right) => Number(left) <= Number(right),
  '>': (left, right) => Number(left) > Number(right),
  '>=': (left, right) => Number(left) >= Number(right),
};

function same(left: Scalar, right: Scalar): boolean {
  return String(left) === String(right) || Number(left) === Number(right);
}

/** A field may hold several categories: `Action|Crime`. */
function partsOf(value: unknown): readonly Scalar[] {
  if (Array.isArray(value)) return value.flatMap(partsOf);
  if (typeof value === 'number') return [value];
  if (typeof value === 'boolean') return [value ? 'True' : 'False'];
  return typeof value === 'string' ? value.split('|') : [];
}

function resolve(value: FilterValue, { values, item }: FilterContext): readonly Scalar[] {
  switch (value.kind) {
    case 'literal':
      return [value.value];
    case 'currentItem':
      return partsOf(item?.[fieldKey(value.field)]);
    case 'parameter':
      return parameterValues(values[value.name] ?? '');
  }
}

/** Blanks belong to the bare alternative, and are trimmed; each quoted character is read in one way only. */
const PARAMETER_VALUE = /(?:\s*"((?:[^"\\]|\\.)*)"\s*|([^,"]+))(?:,|$)/gy;

/** `"drama","action"` -> drama, action; a value without quotes is taken as it is. */
function parameterValues(text: string): readonly string[] {
  return [...text.matchAll(PARAMETER_VALUE)].map(
    ([, quoted, bare]) => quoted?.replaceAll(/\\(.)/g, '$1') ?? bare?.trim() ?? '',
  );
}
