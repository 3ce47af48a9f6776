import type { Operation, Shape, StructureShape } from '../../model/shape.ts';

/**
 * The part of a value that a shape has: other members are dropped, and times (milliseconds) become `Date`.
 * So a resource is described, summed up in a list and answered on creation from one object.
 */
export function project(value: unknown, shape: Shape): unknown {
  if (value === undefined || value === null) return undefined;
  switch (shape.type) {
    case 'structure': {
      const given = value as Readonly<Record<string, unknown>>;
      const members = [...shape.members].map(([name, member]) => [name, project(given[name], member.shape)]);
      return Object.fromEntries(members.filter(([, member]) => member !== undefined));
    }
    case 'list':
      return (value as readonly unknown[]).map((item) => project(item, shape.member.shape));
    case 'timestamp':
      return typeof value === 'number' ? new Date(value) : value;
    default:
      return value;
  }
}

/** The output of an operation, from whatever holds its members. */
export function outputOf(operation: Operation, value: object): Readonly<Record<string, unknown>> {
  return operation.output === undefined ? {} : (project(value, operation.output) as Record<string, unknown>);
}

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
