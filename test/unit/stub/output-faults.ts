import type { Shape, StructureShape } from '../../../src/model/shape.ts';

/** Where an output is not what its shape says: members that the shape has not, wrong types, values out of bounds. */
export function outputDiagnostics(output: object, shape: StructureShape | undefined): readonly string[] {
  if (shape === undefined) return Object.keys(output).map((name) => `${name}: the operation has no output`);
  return diagnostics(output, shape, '');
}

/**
 * Members whose pattern AWS's own answers do not keep: its model says Arn (a Personalize ARN) for the roleArn of a dataset's
 * jobs, and recorded names of solution versions are SOLUTION/ID.
 */
const BESIDE_MODEL = ['.roleArn', '.solutionVersion.name'];

function diagnostics(value: unknown, shape: Shape, path: string): readonly string[] {
  const wrong = (what: string) => [`${path || 'output'}: ${what}, not ${JSON.stringify(value)}`];
  switch (shape.type) {
    case 'structure': {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return wrong('a structure');
      const missing = [...shape.required].filter((name) => !(name in value));
      return [
        ...missing.map((name) => `${path}.${name}: is required`),
        ...Object.entries(value).flatMap(([name, member]) => {
          const known = shape.members.get(name);
          return known
            ? diagnostics(member, known.shape, `${path}.${name}`)
            : [`${path}.${name}: is not in ${shape.name}`];
        }),
      ];
    }
    case 'list': {
      if (!Array.isArray(value)) return wrong('a list');
      if (shape.max !== undefined && value.length > shape.max) return wrong(`at most ${shape.max} entries`);
      return value.flatMap((item, index) => diagnostics(item, shape.member.shape, `${path}.${index}`));
    }
    case 'map':
      if (typeof value !== 'object' || value === null) return wrong('a map');
      return Object.entries(value).flatMap(([key, item]) =>
        diagnostics(item, shape.value.shape, `${path}.${key}`),
      );
    case 'string': {
      if (typeof value !== 'string') return wrong('a string');
      if (shape.enum && !shape.enum.includes(value)) return wrong(`one of ${shape.enum}`);
      if (shape.max !== undefined && value.length > shape.max)
        return wrong(`at most ${shape.max} characters`);
      if (shape.min !== undefined && value.length < shape.min)
        return wrong(`at least ${shape.min} characters`);
      if (shape.pattern === undefined || BESIDE_MODEL.some((end) => path.endsWith(end))) return [];
      return new RegExp(`^(?:${shape.pattern})$`, 'u').test(value)
        ? []
        : wrong(`a match of ${shape.pattern}`);
    }
    case 'timestamp':
      return value instanceof Date ? [] : wrong('a Date');
    case 'boolean':
      return typeof value === 'boolean' ? [] : wrong('a boolean');
    case 'blob':
      return value instanceof Uint8Array ? [] : wrong('bytes');
    case 'integer':
    case 'long':
      return Number.isSafeInteger(value) ? [] : wrong('a whole number');
    default:
      return typeof value === 'number' ? [] : wrong('a number');
  }
}
