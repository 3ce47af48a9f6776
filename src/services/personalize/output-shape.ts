import type { Operation, Shape, StructureShape } from '../../model/shape.ts';
import { type Attributes, isStructure } from './resource-attributes.ts';

/**
 * The part of a value that a shape has: other members are dropped, and times (milliseconds) become `Date`.
 * So a resource is described, summed up in a list and answered on creation from one object.
 */
export function project(value: unknown, shape: Shape): unknown {
  if (value === undefined || value === null) return undefined;
  switch (shape.type) {
    case 'structure':
      return structure(value, shape);
    case 'list':
      return Array.isArray(value) ? value.map((item) => project(item, shape.member.shape)) : undefined;
    case 'timestamp':
      return typeof value === 'number' ? new Date(value) : value;
    default:
      return value;
  }
}

function structure(value: unknown, { members }: StructureShape): Attributes {
  const given = isStructure(value) ? value : {};
  const projected: Record<string, unknown> = {};
  for (const [name, member] of members) {
    const own = project(given[name], member.shape);
    if (own !== undefined) projected[name] = own;
  }
  return projected;
}

/** The output of an operation, from whatever holds its members. */
export const outputOf = ({ output }: Operation, value: object): Attributes =>
  output === undefined ? {} : structure(value, output);

/** The one member of a Describe's output: `datasetGroup`, and what it is made of. */
export function describedMember(operation: Operation): {
  readonly name: string;
  readonly shape: StructureShape;
} {
  const [name, member] = [...(operation.output?.members ?? [])][0] ?? [];
  if (name === undefined || member?.shape.type !== 'structure')
    throw new Error(`${operation.name} has no structure to describe`);
  return { name, shape: member.shape };
}

/** The list in the output of a List: its name (`datasetGroups`) and the shape of one summary. */
export function listedMember(operation: Operation): { readonly name: string; readonly summary: Shape } {
  for (const [name, { shape }] of operation.output?.members ?? []) {
    if (shape.type === 'list') return { name, summary: shape.member.shape };
  }
  throw new Error(`${operation.name} has no list in its output`);
}
