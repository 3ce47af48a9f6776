import { type AwsError, awsError } from '../lib/errors.ts';
import type { ListShape, MapShape, Shape, StructureShape } from '../model/shape.ts';
import { type Constraint, constraintsOf } from './constraint.ts';
import type { InputValue } from './input-value.ts';
import { isSensitive, javaText } from './java-text.ts';

/** Of the Personalize services; of STS and IAM; and of services that name each field beside the message. */
export type ValidationCode = 'InvalidInputException' | 'ValidationError' | 'ValidationException';

/**
 * Holds a decoded input against its shape's constraints. All violations come in one sentence, each with the value and
 * its path (`tags.1.member.tagKey`); sensitive values are left out. `undefined` if the input is valid.
 */
export function validateInput(
  shape: StructureShape,
  value: InputValue,
  code: ValidationCode = 'InvalidInputException',
): AwsError | undefined {
  return asError(checkMembers(value, shape, ''), code);
}

/** The same, of members that must be given and are not: policies could not be asked about them. */
export function missingMembers(
  shape: StructureShape,
  value: InputValue,
  code: ValidationCode,
): AwsError | undefined {
  const missing = checkMembers(value, shape, '').filter(({ text }) => text.endsWith(MUST_BE_GIVEN));
  return asError(missing, code);
}

/** A rule that a member breaks, as AWS's sentence. */
interface Violation {
  readonly path: string;
  readonly text: string;
}

type Violations = readonly Violation[];

function asError(violations: Violations, code: ValidationCode): AwsError | undefined {
  if (violations.length === 0) return undefined;
  const count = violations.length === 1 ? '1 validation error' : `${violations.length} validation errors`;
  const error = awsError(code, `${count} detected: ${violations.map(({ text }) => text).join('; ')}`);
  if (code !== 'ValidationException') return error;
  const fieldList = violations.map(({ path, text }) => ({ name: path, message: text }));
  return { ...error, details: { reason: 'fieldValidationFailed' }, fieldList };
}

const MUST_BE_GIVEN = 'Member must not be null';

function checkMembers(value: InputValue, shape: StructureShape, prefix: string): Violations {
  return [...shape.members].flatMap(([name, member]) => {
    const path = `${prefix}${name.charAt(0).toLowerCase()}${name.slice(1)}`;
    const given = value[name];
    if (given !== undefined) return check(given, member.shape, path);
    return shape.required.has(name) ? [violation(null, member.shape, path, MUST_BE_GIVEN)] : [];
  });
}

function check(value: unknown, shape: Shape, path: string): Violations {
  const own = constraintsOf(shape)
    .filter(({ holds }) => !holds(value))
    .map(({ text }) => violation(value, shape, path, text));
  return [...own, ...checkInside(value, shape, path)];
}

function checkInside(value: unknown, shape: Shape, path: string): Violations {
  switch (shape.type) {
    case 'structure':
      return checkMembers(value as InputValue, shape, `${path}.`);
    case 'list':
      return checkItems(value as readonly unknown[], shape, path);
    case 'map':
      return checkEntries(value as InputValue, shape, path);
    default:
      return [];
  }
}

/** Scalars are reported on their list, with all rules; structures and lists at their own path. */
function checkItems(items: readonly unknown[], shape: ListShape, path: string): Violations {
  const member = shape.member.shape;
  if (!isScalar(member))
    return items.flatMap((item, index) => check(item, member, `${path}.${index + 1}.member`));
  return together(items, constraintsOf(member), 'Member', (text) => violation(items, shape, path, text));
}

function checkEntries(entries: InputValue, shape: MapShape, path: string): Violations {
  const report = (text: string): Violation => violation(entries, shape, path, text);
  const { shape: valueShape } = shape.value;
  const keys = together(Object.keys(entries), constraintsOf(shape.key.shape), 'Map keys', report);
  const values = isScalar(valueShape)
    ? together(Object.values(entries), constraintsOf(valueShape), 'Map value', report)
    : Object.entries(entries).flatMap(([key, item]) => check(item, valueShape, `${path}.${key}.member`));
  return [...keys, ...values];
}

/** One violation, with the list of all rules, where any value breaks any of them. */
function together(
  values: readonly unknown[],
  constraints: readonly Constraint[],
  subject: string,
  report: (text: string) => Violation,
): Violations {
  const allHold = values.every((value) => constraints.every(({ holds }) => holds(value)));
  const rules = constraints.map(({ text }) => text).sort(patternLast);
  return allHold ? [] : [report(`${subject} must satisfy constraint: [${rules.join(', ')}]`)];
}

/** In a list of rules AWS names the lengths first. */
function patternLast(one: string, other: string): number {
  return Number(one.includes('pattern')) - Number(other.includes('pattern'));
}

function violation(value: unknown, shape: Shape, path: string, rule: string): Violation {
  return { path, text: `${subject(value, shape)} at '${path}' failed to satisfy constraint: ${rule}` };
}

function subject(value: unknown, shape: Shape): string {
  if (isSensitive(shape)) return 'Value';
  return value === null ? 'Value null' : `Value '${javaText(value, shape)}'`;
}

function isScalar({ type }: Shape): boolean {
  return type !== 'structure' && type !== 'list' && type !== 'map';
}
