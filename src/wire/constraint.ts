import type { ListShape, MapShape, NumberShape, Shape, StringShape } from '../model/shape.ts';
import { matchesPattern } from './pattern.ts';

/** One rule of a shape in AWS's words, and whether a value keeps it. */
export interface Constraint {
  readonly text: string;
  readonly holds: (value: unknown) => boolean;
}

const known = new WeakMap<Shape, readonly Constraint[]>();

/** The rules of a shape itself, not of what is inside it; built once a shape. */
export function constraintsOf(shape: Shape): readonly Constraint[] {
  let constraints = known.get(shape);
  if (constraints === undefined) {
    constraints = build(shape);
    known.set(shape, constraints);
  }
  return constraints;
}

function build(shape: Shape): readonly Constraint[] {
  switch (shape.type) {
    case 'string':
      return shape.enum
        ? [enumeration(shape.enum)]
        : [...pattern(shape), ...limits(shape, 'length', textLength)];
    case 'list':
      return limits(shape, 'length', (value) => (value as readonly unknown[]).length);
    case 'map':
      return limits(shape, 'length', (value) => Object.keys(value as object).length);
    case 'integer':
    case 'long':
    case 'float':
    case 'double':
      return limits(shape, 'value', Number);
    default:
      return [];
  }
}

const textLength = (value: unknown): number => (value as string).length;

function limits(
  { min, max }: StringShape | NumberShape | ListShape | MapShape,
  resourceType: 'length' | 'value',
  measure: (value: unknown) => number,
): readonly Constraint[] {
  const constraints: Constraint[] = [];
  if (max !== undefined) {
    const text = `Member must have ${resourceType} less than or equal to ${max}`;
    constraints.push({ text, holds: (value) => !(measure(value) > max) });
  }
  if (min !== undefined) {
    const text = `Member must have ${resourceType} greater than or equal to ${min}`;
    constraints.push({ text, holds: (value) => !(measure(value) < min) });
  }
  return constraints;
}

/** Not tried on a text that is too long anyway: its length is named, and time stays bounded. */
function pattern({ pattern, max = Number.POSITIVE_INFINITY }: StringShape): readonly Constraint[] {
  if (pattern === undefined) return [];
  const holds = (value: unknown): boolean =>
    textLength(value) > max || matchesPattern(pattern, value as string);
  return [{ text: `Member must satisfy regular expression pattern: ${pattern}`, holds }];
}

function enumeration(values: readonly string[]): Constraint {
  const allowed = new Set<unknown>(values);
  return {
    text: `Member must satisfy enum value set: [${values.join(', ')}]`,
    holds: (value) => allowed.has(value),
  };
}
