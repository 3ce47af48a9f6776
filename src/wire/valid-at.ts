import type { MemberPath } from '../model/check.ts';
import type { Shape } from '../model/shape.ts';
import { constraintsOf } from './constraint.ts';

/** Whether what an input has at a path keeps the rules of its shape; what it does not have there does. */
export function isValidAt(shape: Shape | undefined, value: unknown, [name, ...rest]: MemberPath): boolean {
  if (shape === undefined || value === undefined) return true;
  if (name === undefined) return constraintsOf(shape).every(({ holds }) => holds(value));
  if (shape.type === 'list')
    return (value as readonly unknown[]).every((item) => isValidAt(shape.member.shape, item, rest));
  if (shape.type !== 'structure') return true;
  const member = shape.members.get(name)?.shape;
  return isValidAt(member, (value as Readonly<Record<string, unknown>>)[name], rest);
}
