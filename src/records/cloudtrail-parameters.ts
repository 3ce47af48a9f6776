import { serviceModels } from '../model/load.ts';
import type { Shape } from '../model/shape.ts';

/**
 * The `requestParameters` of a CloudTrail record by the names of the service's model: CloudTrail begins the names of all
 * members with a small letter. Names that the model does not have stay.
 */
export function modelSpelling(value: unknown, shape: Shape | undefined): unknown {
  if (Array.isArray(value)) {
    const item = shape?.type === 'list' ? shape.member.shape : undefined;
    return value.map((each) => modelSpelling(each, item));
  }
  if (typeof value !== 'object' || value === null) return value;
  if (shape?.type === 'map') return mapped(value, (name) => [name, shape.value.shape]);
  const members = shape?.type === 'structure' ? [...shape.members] : [];
  const known = new Map(members.map(([name, member]) => [name.toLowerCase(), [name, member.shape] as const]));
  return mapped(value, (name) => known.get(name.toLowerCase()) ?? [name, undefined]);
}

const mapped = (
  value: object,
  memberOf: (name: string) => readonly [name: string, shape: Shape | undefined],
): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(value).map(([given, each]) => {
      const [name, shape] = memberOf(given);
      return [name, modelSpelling(each, shape)];
    }),
  );

/** The input shape of an operation of a service, by their names in a record. */
export const inputShapeOf = (service: string | undefined, operation: string | undefined): Shape | undefined =>
  [...serviceModels().values()].find(({ name }) => name === service)?.operations.get(operation ?? '')?.input;
